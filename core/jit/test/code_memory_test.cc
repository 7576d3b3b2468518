// Memory for code: what is written runs, nothing is ever writable and executable, and the edges are guarded; see
// core/jit/code_memory.h.
#include "core/jit/code_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace assay::jit {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint8_t kInt3 = 0xCC;

CodeMemory make(std::size_t capacity) {
  auto memory = CodeMemory::create(capacity);
  EXPECT_TRUE(memory.ok()) << (memory.ok() ? "" : memory.error().describe());
  return std::move(memory).value();
}

// mov eax, value; ret
std::array<std::uint8_t, 6> give(std::uint8_t value) { return {0xB8, value, 0x00, 0x00, 0x00, 0xC3}; }

int call(const void* address) { return reinterpret_cast<int (*)()>(reinterpret_cast<std::uintptr_t>(address))(); }

std::uintptr_t number(const void* address) { return reinterpret_cast<std::uintptr_t>(address); }

struct Mapping {
  std::uintptr_t start = 0;
  std::uintptr_t end = 0;
  std::string permissions;  // as in /proc/self/maps: "r-xs"
  bool is_code = false;
};

std::vector<Mapping> mappings() {
  std::vector<Mapping> all;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    Mapping one;
    char dash = 0;
    std::istringstream fields(line);
    fields >> std::hex >> one.start >> dash >> one.end >> one.permissions;
    one.is_code = line.find("memfd:assay-code") != std::string::npos;
    all.push_back(one);
  }
  return all;
}

std::vector<Mapping> views() {
  std::vector<Mapping> all = mappings();
  std::erase_if(all, [](const Mapping& one) { return !one.is_code; });
  return all;
}

std::string permissions_at(std::uintptr_t address) {
  for (const Mapping& one : mappings()) {
    if (one.start <= address && address < one.end) return one.permissions;
  }
  return "not mapped";
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

bool all_int3(const void* start, std::size_t size) {
  const auto* const bytes = static_cast<const std::uint8_t*>(start);
  return std::all_of(bytes, bytes + size, [](std::uint8_t byte) { return byte == kInt3; });
}

TEST(CodeMemory, RunsTheCodeAdded) {
  CodeMemory memory = make(kPage);
  const void* const address = memory.add(give(42));
  ASSERT_NE(address, nullptr);
  EXPECT_EQ(call(address), 42);
}

TEST(CodeMemory, KeepsEarlierCodeWhenMoreIsAdded) {
  CodeMemory memory = make(2 * kPage);
  std::vector<const void*> addresses;
  for (std::uint8_t i = 0; i < 100; ++i) addresses.push_back(memory.add(give(i)));
  for (int i = 0; i < 100; ++i) {
    ASSERT_NE(addresses[static_cast<std::size_t>(i)], nullptr);
    EXPECT_EQ(call(addresses[static_cast<std::size_t>(i)]), i);
  }
}

TEST(CodeMemory, AlignsEveryBlockToACacheLine) {
  CodeMemory memory = make(kPage);
  const std::vector<std::uint8_t> code(40, 0xC3);
  std::uintptr_t previous_end = 0;
  for (std::size_t size = 1; size <= 40; ++size) {
    const void* const address = memory.add(std::span(code).first(size));
    ASSERT_NE(address, nullptr);
    EXPECT_EQ(number(address) % 64, 0U);
    EXPECT_GE(number(address), previous_end);
    previous_end = number(address) + size;
  }
}

TEST(CodeMemory, FillsGapsBetweenBlocksWithInt3) {
  CodeMemory memory = make(kPage);
  const void* const first = memory.add(give(1));
  const void* const second = memory.add(give(2));
  ASSERT_EQ(number(second) - number(first), 64U);
  EXPECT_TRUE(all_int3(static_cast<const std::uint8_t*>(first) + 6, 58));
}

TEST(CodeMemory, RoundsItsCapacityUpToWholePages) {
  EXPECT_EQ(make(0).capacity(), kPage);
  EXPECT_EQ(make(1).capacity(), kPage);
  EXPECT_EQ(make(kPage).capacity(), kPage);
  EXPECT_EQ(make(kPage + 1).capacity(), 2 * kPage);
}

TEST(CodeMemory, TakesCodeThatFitsExactly) {
  CodeMemory memory = make(kPage);
  const std::vector<std::uint8_t> code(kPage, 0xC3);
  EXPECT_EQ(memory.used(), 0U);
  EXPECT_NE(memory.add(code), nullptr);
  EXPECT_EQ(memory.used(), kPage);
}

TEST(CodeMemory, GivesNullForCodeThatDoesNotFit) {
  CodeMemory memory = make(kPage);
  EXPECT_EQ(memory.add(std::vector<std::uint8_t>(kPage + 1, 0xC3)), nullptr);
  const void* const address = memory.add(give(7));
  ASSERT_NE(address, nullptr);
  const std::size_t used = memory.used();
  EXPECT_EQ(memory.add(std::vector<std::uint8_t>(kPage - 63, 0xC3)), nullptr);
  EXPECT_EQ(memory.used(), used);
  EXPECT_EQ(call(address), 7);
  EXPECT_NE(memory.add(std::vector<std::uint8_t>(kPage - 64, 0xC3)), nullptr) << "what is left can still be used";
}

TEST(CodeMemory, GivesNullWhenOnlyTheAlignmentIsMissing) {
  CodeMemory memory = make(kPage);
  ASSERT_NE(memory.add(std::vector<std::uint8_t>(kPage - 6, 0xC3)), nullptr);
  EXPECT_EQ(memory.add(give(1)), nullptr) << "six bytes are left, and none of them is at a multiple of 64";
}

TEST(CodeMemory, GivesNullForNoCode) {
  CodeMemory memory = make(kPage);
  EXPECT_EQ(memory.add({}), nullptr);
}

// Protection.

TEST(CodeMemory, HasOneViewToWriteAndOneToRunAndNoneForBoth) {
  const CodeMemory memory = make(3 * kPage);
  std::vector<std::string> permissions;
  for (const Mapping& view : views()) {
    permissions.push_back(view.permissions);
    EXPECT_EQ(view.end - view.start, 3 * kPage);
  }
  std::sort(permissions.begin(), permissions.end());
  EXPECT_EQ(permissions, (std::vector<std::string>{"r-xs", "rw-s"}));
}

TEST(CodeMemory, NeverChangesProtectionWhileItIsUsed) {
  CodeMemory memory = make(kPage);
  const void* const address = memory.add(give(1));
  EXPECT_EQ(permissions_at(number(address)), "r-xs");
  memory.reset();
  EXPECT_EQ(permissions_at(number(address)), "r-xs");
  EXPECT_EQ(views().size(), 2U);
}

TEST(CodeMemory, HasGuardPagesOnBothSidesOfBothViews) {
  const CodeMemory memory = make(2 * kPage);
  ASSERT_EQ(views().size(), 2U);
  for (const Mapping& view : views()) {
    for (const std::uintptr_t guard : {view.start - kPage, view.start - 1, view.end, view.end + kPage - 1}) {
      EXPECT_EQ(permissions_at(guard), "---p") << view.permissions;
    }
  }
}

TEST(CodeMemoryDeathTest, AWriteToCodeWhereItRunsIsFatal) {
  CodeMemory memory = make(kPage);
  const void* const address = memory.add(give(1));
  EXPECT_DEATH(*static_cast<volatile std::uint8_t*>(const_cast<void*>(address)) = 0xC3, "");
}

TEST(CodeMemoryDeathTest, RunningOffTheEndOfTheCodeIsFatal) {
  CodeMemory memory = make(kPage);
  const std::array<std::uint8_t, 1> nop = {0x90};
  const void* const address = memory.add(nop);
  EXPECT_DEATH(call(address), "");
}

// Calls to far code are slow; somewhere below the program itself there is room for so little.
TEST(CodeMemory, RunsNearTheProgram) {
  CodeMemory memory = make(kPage);
  const std::uintptr_t code = number(memory.add(give(1)));
  const auto own = reinterpret_cast<std::uintptr_t>(&make);
  EXPECT_LT(own > code ? own - code : code - own, std::uintptr_t{1} << 31U);
}

TEST(CodeMemory, KeepsNoDescriptorOpen) {
  const std::size_t before = open_descriptors();
  const CodeMemory memory = make(kPage);
  EXPECT_EQ(open_descriptors(), before);
}

TEST(CodeMemory, ThatCannotBeMappedIsASystemError) {
  const std::size_t descriptors = open_descriptors();
  const std::size_t before = mappings().size();
  const auto memory = CodeMemory::create(std::size_t{1} << 62);
  ASSERT_FALSE(memory.ok());
  EXPECT_EQ(memory.error().kind, base::ErrorKind::System);
  EXPECT_FALSE(CodeMemory::create(~std::size_t{0}).ok());
  EXPECT_EQ(views().size(), 0U);
  EXPECT_EQ(mappings().size(), before);
  EXPECT_EQ(open_descriptors(), descriptors);
}

// Reuse.

TEST(CodeMemory, IsUsedFromTheStartAgainAfterAReset) {
  CodeMemory memory = make(kPage);
  const void* const first = memory.add(give(1));
  memory.reset();
  EXPECT_EQ(memory.used(), 0U);
  const void* const second = memory.add(give(2));
  EXPECT_EQ(second, first);
  EXPECT_EQ(call(second), 2);
}

TEST(CodeMemory, HoldsInt3WhereNoCodeIs) {
  CodeMemory memory = make(2 * kPage);
  const std::vector<std::uint8_t> code(kPage + 100, 0x90);
  const void* const address = memory.add(code);
  ASSERT_NE(address, nullptr);
  EXPECT_TRUE(all_int3(static_cast<const std::uint8_t*>(address) + code.size(), 2 * kPage - code.size()));
  memory.reset();
  EXPECT_TRUE(all_int3(address, 2 * kPage));
  const std::array<std::uint8_t, 6> shorter = give(3);
  ASSERT_EQ(memory.add(shorter), address);
  EXPECT_TRUE(all_int3(static_cast<const std::uint8_t*>(address) + shorter.size(), 2 * kPage - shorter.size()));
}

// Ownership.

TEST(CodeMemory, MovedElsewhereGoesOnThere) {
  CodeMemory memory = make(kPage);
  const void* const address = memory.add(give(1));
  CodeMemory moved(std::move(memory));
  EXPECT_EQ(call(address), 1);
  EXPECT_EQ(moved.used(), 6U);
  EXPECT_EQ(call(moved.add(give(2))), 2);
  EXPECT_EQ(views().size(), 2U);
}

TEST(CodeMemory, MovedFromHasNoRoom) {
  CodeMemory memory = make(kPage);
  const CodeMemory moved(std::move(memory));
  // NOLINTBEGIN(bugprone-use-after-move): this is what is tested
  EXPECT_EQ(memory.capacity(), 0U);
  EXPECT_EQ(memory.used(), 0U);
  EXPECT_EQ(memory.add(give(1)), nullptr);
  memory.reset();
  // NOLINTEND(bugprone-use-after-move)
}

TEST(CodeMemory, AssignedToReleasesWhatItHad) {
  CodeMemory memory = make(kPage);
  CodeMemory other = make(2 * kPage);
  const void* const address = other.add(give(5));
  ASSERT_EQ(views().size(), 4U);
  memory = std::move(other);
  EXPECT_EQ(views().size(), 2U);
  EXPECT_EQ(memory.capacity(), 2 * kPage);
  EXPECT_EQ(call(address), 5);
}

TEST(CodeMemory, AssignedToItselfStaysAsItIs) {
  CodeMemory memory = make(kPage);
  const void* const address = memory.add(give(5));
  CodeMemory& same = memory;
  memory = std::move(same);
  EXPECT_EQ(memory.capacity(), kPage);
  EXPECT_EQ(call(address), 5);
}

TEST(CodeMemory, LeavesNoMappingBehind) {
  const std::size_t before = mappings().size();
  {
    const CodeMemory memory = make(kPage);
    EXPECT_EQ(views().size(), 2U);
  }
  EXPECT_TRUE(views().empty());
  EXPECT_EQ(mappings().size(), before);
}

}  // namespace
}  // namespace assay::jit
