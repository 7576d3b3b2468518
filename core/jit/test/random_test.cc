// Random programs: compiled code does what the interpreter does, under both conventions, with and without optional CPU
// features.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "core/ast/codec.h"
#include "core/ast/verify.h"
#include "core/base/rng.h"
#include "core/jit/allocation_check.h"
#include "core/jit/convention_registers.h"
#include "core/jit/select.h"
#include "core/jit/test/agreement.h"
#include "core/jit/test/random_program.h"

namespace assay::jit::test {
namespace {

constexpr std::uint64_t kFuel = 20000;

std::uint64_t test_seed() {
  const char* const given = std::getenv("ASSAY_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 0) : 20240501;
}

struct Shape {
  std::string name;
  RandomOptions options;
  std::uint32_t programs;
};

class RandomPrograms : public testing::TestWithParam<Shape> {};

TEST_P(RandomPrograms, BehaveAsInterpreted) {
  const std::uint64_t seed = test_seed();
  Agreement agreement;
  ast::Program program;
  std::vector<std::uint64_t> frame;
  std::uint32_t compared = 0;
  for (std::uint32_t i = 0; i < GetParam().programs; ++i) {
    base::Rng rng(base::derive_seed(seed, i));
    RandomProgram generator(rng);
    generator.make(GetParam().options, program);
    agreement.prepare(program);
    ASSERT_FALSE(HasFailure()) << "seed " << seed << ", program " << i;
    for (int run = 0; run < 3; ++run) {
      frame.resize(program.slot_count());
      for (std::uint64_t& cell : frame) cell = generator.value();
      ASSERT_EQ(agreement.check(frame, kFuel), "") << "seed " << seed << ", program " << i << ", run " << run;
      if (agreement.expected().end != interp::End::OutOfFuel) ++compared;
    }
  }
  EXPECT_GT(compared, GetParam().programs * 2) << "too few runs ended: the test compares too little";
}

TEST_P(RandomPrograms, GiveNoPlaceToTwoLiveValues) {
  const std::uint64_t seed = test_seed();
  ast::Program program;
  Selector selector;
  LirProgram lir;
  Allocator allocator;
  Allocation allocation;
  for (std::uint32_t i = 0; i < GetParam().programs / 8; ++i) {
    base::Rng rng(base::derive_seed(seed, i));
    RandomProgram(rng).make(GetParam().options, program);
    selector.select(program, lir);
    for (const Convention convention : {Convention::SystemV, Convention::Microsoft}) {
      allocator.allocate(lir, convention_registers(convention).allocatable, allocation);
      ASSERT_EQ(check_allocation(lir, allocation), "") << "seed " << seed << ", program " << i;
    }
  }
}

// The binary form turns most byte strings into some program, with shapes the generator above does not think of.
TEST(RandomBytes, DecodeToProgramsThatBehaveAsInterpreted) {
  const std::uint64_t seed = test_seed();
  Agreement agreement;
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint64_t> frame;
  std::uint32_t compared = 0;
  for (std::uint32_t i = 0; i < 6000; ++i) {
    base::Rng rng(base::derive_seed(seed, i));
    bytes.resize(rng.between(4, 400));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
    bytes[0] = ast::kCodecVersion;
    const auto program = ast::decode(bytes);
    if (!program.ok() || !ast::is_pure_scalar(*program, program->body())) continue;
    agreement.prepare(*program);
    ASSERT_FALSE(HasFailure()) << "seed " << seed << ", string " << i;
    frame.resize(program->slot_count());
    for (std::uint64_t& cell : frame) cell = rng.next() >> rng.below(64);
    ASSERT_EQ(agreement.check(frame, kFuel), "") << "seed " << seed << ", string " << i;
    if (agreement.expected().end != interp::End::OutOfFuel) ++compared;
  }
  EXPECT_GT(compared, 500U) << "too few strings gave programs that ended";
}

INSTANTIATE_TEST_SUITE_P(Shapes, RandomPrograms,
                         testing::Values(Shape{"Small", {4, 4, 3, 2}, 14000},  //
                                         Shape{"Deep", {6, 3, 8, 1}, 1500},    //
                                         Shape{"Nested", {6, 8, 3, 5}, 2500},  //
                                         Shape{"Wide", {40, 24, 4, 2}, 2000}),
                         [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace assay::jit::test
