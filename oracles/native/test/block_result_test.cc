// How a block's result is read: depths, traps, and everything that is neither.
#include "oracles/block_result.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace assay::oracles {
namespace {

oracles::Run read(std::int64_t result, const std::vector<std::uint64_t>& stack) {
  const std::vector<std::uint64_t> frame = {11, 12};
  BlockLeftovers left;
  left.result = result;
  left.frame = frame;
  left.stack = stack;
  oracles::Run run;
  read_block_result(left, run);
  EXPECT_EQ(run.frame, frame);
  EXPECT_EQ(run.result, result);
  return run;
}

TEST(BlockResult, AnIndexWithinTheCapacityIsTheDepth) {
  for (std::int64_t depth = 0; depth <= 2; ++depth) {
    std::vector<std::uint64_t> stack = {1, 2};
    for (auto i = static_cast<std::size_t>(depth); i < stack.size(); ++i) stack[i] = kUnusedStackCell;
    const oracles::Run run = read(depth, stack);
    EXPECT_EQ(run.end, RunEnd::Finished);
    EXPECT_TRUE(run.knows_depth);
    EXPECT_EQ(run.stack.size(), static_cast<std::size_t>(depth));
    EXPECT_EQ(run.violations, Violation::None);
  }
}

TEST(BlockResult, ACellWrittenPastTheDepthIsAViolation) {
  const oracles::Run run = read(1, {1, 2});
  EXPECT_EQ(run.stack, std::vector<std::uint64_t>{1});
  EXPECT_EQ(run.violations, Violation::BeyondStack);
}

TEST(BlockResult, ANegatedTrapKindIsATrapOfUnknownDepth) {
  for (std::uint8_t kind = 1; kind <= ast::kLastTrapKind; ++kind) {
    const oracles::Run run = read(-static_cast<std::int64_t>(kind), {1, kUnusedStackCell});
    EXPECT_EQ(run.end, RunEnd::Trapped);
    EXPECT_EQ(run.trap, static_cast<ast::TrapKind>(kind));
    EXPECT_FALSE(run.knows_depth);
    EXPECT_EQ(run.stack, (std::vector<std::uint64_t>{1, kUnusedStackCell}));
    EXPECT_EQ(run.violations, Violation::None);
  }
}

TEST(BlockResult, EverythingElseIsAViolation) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t result : {std::int64_t{3}, kMax, kMin, -1 - static_cast<std::int64_t>(ast::kLastTrapKind),
                                    std::int64_t{0x1'0000'0000}, std::int64_t{0xFFFF'FFFF}}) {
    const oracles::Run run = read(result, {1, 2});
    EXPECT_EQ(run.end, RunEnd::Finished);
    EXPECT_FALSE(run.knows_depth);
    EXPECT_EQ(run.violations, Violation::Result);
  }
}

TEST(BlockResult, OtherViolationsAreKept) {
  BlockLeftovers left;
  left.result = 9;
  left.violations = Violation::DirectionFlag;
  left.register_number = 12;
  oracles::Run run;
  read_block_result(left, run);
  EXPECT_EQ(run.violations, Violation::DirectionFlag | Violation::Result);
  EXPECT_EQ(run.register_number, 12);
}

}  // namespace
}  // namespace assay::oracles
