// What GuestMemory shows a block, and what it notices afterwards.
#include "oracles/emulated/guest_memory.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "oracles/block_result.h"

namespace assay::oracles::emulated {
namespace {

using jit::Convention;

class GuestMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    auto created = GuestMemory::create(Convention::SystemV);
    ASSERT_TRUE(created) << created.error().describe();
    memory_ = std::move(created).value();
  }

  void load(const BlockShape& shape) {
    const std::array<std::uint8_t, 1> code = {0xC3};
    memory_->load(code, shape);
    memory_->prepare(std::vector<std::uint64_t>(shape.frame_cells, 5));
  }

  // The host's byte behind a guest address of the area.
  static std::uint8_t& byte(const Area& area, std::uint64_t address) {
    return area.host_end()[-static_cast<std::ptrdiff_t>(area.end - address)];
  }

  std::unique_ptr<GuestMemory> memory_;
};

TEST_F(GuestMemoryTest, FrameAndStackEndWhereTheirAreasEnd) {
  load({3, 4, 0});
  EXPECT_EQ(memory_->frame_pointer() + 24, memory_->frame_area().end);
  EXPECT_EQ(memory_->stack_pointer() + 32, memory_->stack_area().end);
  EXPECT_EQ(memory_->frame_area().end % kPageBytes, 0U);
  EXPECT_EQ(memory_->stack_area().end % kPageBytes, 0U);
}

TEST_F(GuestMemoryTest, AreasAreFarApartAndAboveFourGibibytes) {
  const std::array<const Area*, 5> areas = {&memory_->code_area(), &memory_->frame_area(), &memory_->stack_area(),
                                            &memory_->machine_area(), &memory_->return_area()};
  for (const Area* one : areas) {
    EXPECT_GT(one->end - one->capacity, 1ULL << 32);
    for (const Area* other : areas) {
      if (one == other) continue;
      const std::uint64_t distance = one->end > other->end ? one->end - other->end : other->end - one->end;
      EXPECT_GT(distance, 1ULL << 32);
    }
  }
}

TEST_F(GuestMemoryTest, FreshRunSeesItsInputAnUnusedStackAndTheReturnAddress) {
  load({2, 2, 64});
  EXPECT_EQ(memory_->frame()[0], 5U);
  EXPECT_EQ(memory_->frame()[1], 5U);
  EXPECT_EQ(memory_->stack()[0], kUnusedStackCell);
  EXPECT_EQ(memory_->stack()[1], kUnusedStackCell);
  std::uint64_t return_address = 0;
  std::memcpy(&return_address, &byte(memory_->machine_area(), memory_->entry_rsp()), 8);
  EXPECT_EQ(return_address, kReturnAddress);
  EXPECT_EQ(memory_->entry_rsp() % 16, 8U);
}

TEST_F(GuestMemoryTest, UntouchedMemoryIsClean) {
  load({2, 2, 64});
  EXPECT_EQ(memory_->check_and_restore(), Violation::None);
}

TEST_F(GuestMemoryTest, EachForeignByteIsWatchedAndPutBack) {
  load({2, 2, 64});
  const Area& frame = memory_->frame_area();
  for (const std::uint64_t address : {frame.begin(), frame.begin() + 777, memory_->frame_pointer() - 1}) {
    byte(frame, address) ^= 1;
    EXPECT_EQ(memory_->check_and_restore(), Violation::BeyondFrame);
    EXPECT_EQ(memory_->check_and_restore(), Violation::None);
  }
  const Area& stack = memory_->stack_area();
  byte(stack, memory_->stack_pointer() - 1) ^= 1;
  EXPECT_EQ(memory_->check_and_restore(), Violation::BeyondStack);
  EXPECT_EQ(memory_->check_and_restore(), Violation::None);
  const Area& machine = memory_->machine_area();
  for (const std::uint64_t address : {memory_->entry_rsp() + 8, machine.end - 1}) {
    byte(machine, address) ^= 1;
    EXPECT_EQ(memory_->check_and_restore(), Violation::CallerStack);
    EXPECT_EQ(memory_->check_and_restore(), Violation::None);
  }
}

TEST_F(GuestMemoryTest, BytesABlockOwnedBelongToThePatternAfterwards) {
  load({10, 10, 0});
  load({1, 1, 0});
  EXPECT_EQ(memory_->check_and_restore(), Violation::None);
  load({10, 10, 0});
  EXPECT_EQ(memory_->check_and_restore(), Violation::None);
}

TEST_F(GuestMemoryTest, SmallCellsTakeOnePageAndLargeOnesAreWatchedWhole) {
  load({2, 2, 0});
  EXPECT_EQ(memory_->frame_area().mapped, kPageBytes);
  load({ast::kMaxSlots, ast::kMaxPushes, 0});
  EXPECT_EQ(memory_->frame_area().mapped, memory_->frame_area().capacity);
  EXPECT_GE(memory_->frame_pointer(), memory_->frame_area().begin() + kPageBytes);
  byte(memory_->frame_area(), memory_->frame_area().begin()) ^= 1;
  EXPECT_EQ(memory_->check_and_restore(), Violation::BeyondFrame);
}

TEST_F(GuestMemoryTest, CodeIsPaddedWithInt3) {
  const std::vector<std::uint8_t> longer(100, 0x90);
  memory_->load(longer, {});
  const std::array<std::uint8_t, 1> shorter = {0xC3};
  memory_->load(shorter, {});
  const Area& code = memory_->code_area();
  EXPECT_EQ(code.host[0], 0xC3);
  for (std::size_t i = 1; i < 200; ++i) EXPECT_EQ(code.host[i], 0xCC) << i;
  EXPECT_TRUE(memory_->in_code(code.begin()));
  EXPECT_FALSE(memory_->in_code(code.begin() + 1));
}

TEST_F(GuestMemoryTest, ClobberingSparesTheRedZoneAndIgnoresForeignStackPointers) {
  load({0, 0, 512});
  const Area& machine = memory_->machine_area();
  const std::uint64_t rsp = memory_->entry_rsp() - 64;
  byte(machine, rsp - 128) = 1;
  byte(machine, rsp - 129) = 1;
  memory_->clobber_below(rsp);
  EXPECT_EQ(byte(machine, rsp - 128), 1);
  EXPECT_NE(byte(machine, rsp - 129), 1);
  for (const std::uint64_t foreign : {std::uint64_t{0}, std::uint64_t{64}, machine.begin(), machine.begin() + 200,
                                      machine.end, memory_->frame_area().end, ~std::uint64_t{0}}) {
    memory_->clobber_below(foreign);
  }
  EXPECT_EQ(memory_->check_and_restore(), Violation::None);
}

TEST_F(GuestMemoryTest, LimitsAreExact) {
  EXPECT_TRUE(GuestMemory::fits(kCodeBytes - kPageBytes, {ast::kMaxSlots, ast::kMaxPushes, kMaxBlockStackBytes}));
  EXPECT_FALSE(GuestMemory::fits(kCodeBytes - kPageBytes + 1, {}));
  EXPECT_FALSE(GuestMemory::fits(1, {ast::kMaxSlots + 1, 0, 0}));
  EXPECT_FALSE(GuestMemory::fits(1, {0, ast::kMaxPushes + 1, 0}));
  EXPECT_FALSE(GuestMemory::fits(1, {0, 0, kMaxBlockStackBytes + 1}));
}

}  // namespace
}  // namespace assay::oracles::emulated
