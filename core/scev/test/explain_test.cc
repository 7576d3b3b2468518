// Specification of explanations.
#include "core/scev/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ast/text.h"

namespace assay::scev {
namespace {

using testing::ElementsAre;

std::vector<LoopExplanation> explained(std::string_view text) {
  const auto program = ast::parse_program(text);
  EXPECT_TRUE(program);
  return explain_loops(*program);
}

TEST(ExplainTest, ShowsRecurrencesAndTripCount) {
  const auto loops = explained("program p(i32 i, i32 n, i32 sum) { while (i < n) { sum = sum + i; i = i + 1; } }");
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_THAT(loops[0].recurrences, ElementsAre("i = {i, +, 1}", "sum = {sum, +, i, +, 1}"));
  EXPECT_THAT(loops[0].trip_counts, ElementsAre("n * [i < n] - i * [i < n]"));
  EXPECT_EQ(loops[0].shape, "the final values, without a guard");
}

TEST(ExplainTest, GivesTheReasonForDeclining) {
  const auto loops = explained("program p(i32 a) { while (a != 1) { a = a * a; } }");
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_FALSE(loops[0].report.solved);
  EXPECT_NE(loops[0].report.reason, Decline::None);
  EXPECT_TRUE(loops[0].recurrences.empty());
}

TEST(ExplainTest, ListsTheLoopsInsideOfDeclinedOnes) {
  const auto loops =
      explained("program p(i32 a, i32 i, i32 n) { while (a < n) { a = a * 3; i = 0; while (i < n) { i = i + 1; } } }");
  ASSERT_EQ(loops.size(), 2U);
  EXPECT_EQ(loops[0].depth, 0U);
  EXPECT_EQ(loops[1].depth, 1U);
  EXPECT_TRUE(loops[1].report.solved);
}

}  // namespace
}  // namespace assay::scev
