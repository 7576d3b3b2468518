// The first expression that is wrong by itself; see fuzz/triage/first_diverging.h.
#include "fuzz/triage/first_diverging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/reduce/test/support.h"

namespace assay::fuzz {
namespace {

using support::finding_of;
using testing::ElementsAre;

std::vector<std::string> programs_of(const char* text) {
  std::vector<std::string> programs;
  for (const LoneExpression& one : lone_expressions(finding_of(text))) {
    const std::string program = support::text_of(one.finding.program);
    const std::size_t branch = program.find("if (");
    const std::size_t begin = branch != std::string::npos ? branch : program.find("result_of_expression = ");
    const char end = branch != std::string::npos ? '{' : ';';
    programs.push_back(one.label + ": " + program.substr(begin, program.find(end, begin) - begin));
  }
  return programs;
}

TEST(LoneExpressionsTest, AreEveryOperatorOperandsFirst) {
  EXPECT_THAT(programs_of("program p(i32 a, i32 b) { if ((a + 1) < b) { a = ~b; } }"),
              ElementsAre("add: result_of_expression = a + 1", "lt_s: result_of_expression = a + 1 < b",
                          "lt_s: if (a + 1 < b) ", "not: result_of_expression = ~b"));
}

TEST(LoneExpressionsTest, KeepTheFrameAndHaveOneSlotMore) {
  const auto lone = lone_expressions(finding_of("// input: 0x5 0x6\nprogram p(i32 a, i64 b) { b = extend_s(a); }"));
  ASSERT_EQ(lone.size(), 1U);
  ASSERT_GT(lone[0].finding.inputs.size(), 1U);  // and the edges
  EXPECT_THAT(lone[0].finding.inputs[0], ElementsAre(5, 6, 0));
  EXPECT_EQ(lone[0].finding.program.slot_count(), 3U);
}

TEST(LoneExpressionsTest, LeaveOutWhatReadsALocal) {
  EXPECT_THAT(programs_of("program p(i32 a) { let i32 x = a * a; a = x - 1; }"),
              ElementsAre("mul: result_of_expression = a * a"));
}

TEST(FirstDivergingTest, IsTheFirstThatIsConvicted) {
  const Finding finding = finding_of("program p(i32 a, i32 b) { a = ((a + 1) * b) ^ (b - 2); }");
  const auto with = [](ast::Op op) {
    return support::each([op](const Finding& one) { return support::has_op(one.program, op); });
  };
  EXPECT_EQ(first_diverging(finding, with(ast::Op::Mul)).value(), "mul");
  EXPECT_EQ(first_diverging(finding, with(ast::Op::Add)).value(), "add");
  EXPECT_EQ(first_diverging(finding, with(ast::Op::Sub)).value(), "sub");
  EXPECT_EQ(first_diverging(finding, with(ast::Op::And)).value(), std::nullopt);
}

}  // namespace
}  // namespace assay::fuzz
