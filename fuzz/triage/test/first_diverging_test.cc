// The first expression that is wrong by itself; see fuzz/triage/first_diverging.h.
#include "fuzz/triage/first_diverging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/interp/interpreter.h"
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

TEST(AnyValueDoesTest, WhereTheOperatorIsNotWhatTheFindingIsAbout) {
  const Finding finding =
      finding_of("// input: 0x5\nprogram p(i32 a) { let i32 t = a >= 0; a = t; t = 1; a = a + t; }");
  const auto stores = [](std::size_t least) {
    return support::each([least](const Finding& one) {
      std::size_t count = 0;
      support::any_node(one.program, [&count](const ast::Node& node) {
        count += node.kind == ast::NodeKind::Store ? 1U : 0U;
        return false;
      });
      return count >= least;
    });
  };
  EXPECT_TRUE(any_value_does(finding, "ge_s", stores(3)).value());
  EXPECT_FALSE(any_value_does(finding, "ge_s", support::each([](const Finding& one) {
                                return support::has_op(one.program, ast::Op::GeS);
                              }))
                   .value());
  EXPECT_FALSE(any_value_does(finding, "mul", stores(3)).value()) << "there is none";
}

TEST(AnyValueDoesTest, AnotherOperatorOfTheSameOperandsDoesToo) {
  const Finding finding = finding_of("// input: 0x0\nprogram p(i32 a) { a = div_u(1, a); }");  // gives no value
  const auto reads_a = support::each([](const Finding& one) {
    return support::any_node(one.program, [](const ast::Node& node) { return node.kind == ast::NodeKind::Load; });
  });
  EXPECT_TRUE(any_value_does(finding, "div_u", reads_a).value());
}

TEST(AnyValueDoesTest, KeepsTheValue) {
  const Finding finding = finding_of("// input: 0x5\nprogram p(i32 a) { a = a * 3; }");
  const auto leaves_15 = support::each([](const Finding& one) {
    interp::Outcome outcome;
    interp::interpret(one.program, one.inputs.front(), 100, outcome);
    return (outcome.frame[0] & 0xFFFFFFFFU) == 15 && support::has_op(one.program, ast::Op::Or);
  });
  EXPECT_TRUE(any_value_does(finding, "mul", leaves_15).value());
}

}  // namespace
}  // namespace assay::fuzz
