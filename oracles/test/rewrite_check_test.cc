// The metamorphic oracle: assertions behind loops change nothing, and a solver that leaves a loop where the loop would
// go on is convicted, although nobody can run that loop to its end.
#include "oracles/rewrite_check.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "core/ast/builder.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "oracles/judge.h"
#include "oracles/loop_assertions.h"

namespace assay::oracles {
namespace {

using opt::PassId;

constexpr std::uint64_t kFuel = 10'000;

ast::Program parsed(std::string_view text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

std::string asserted(std::string_view text) {
  const auto result = with_loop_assertions(parsed(text));
  if (!result) return "none";
  EXPECT_TRUE(ast::verify(*result));
  return ast::print_program(*result);
}

TEST(LoopAssertions, StandBehindTheLoop) {
  EXPECT_EQ(asserted("program p(i32 i, i32 n) { while (i < n) { i = i + 1; } n = 0; }"),
            ast::print_program(parsed("program p(i32 i, i32 n) { while (i < n) { i = i + 1; } "
                                      "if (i < n) { i = div_u(i, 0); } n = 0; }")));
}

TEST(LoopAssertions, AreWrittenInLoopsAndBranchesToo) {
  EXPECT_EQ(asserted("program p(i32 i, i32 n) { loop (n) { if (i) { while (n) { n = n - 1; } } } }"),
            ast::print_program(parsed("program p(i32 i, i32 n) { loop (n) { if (i) { while (n) { n = n - 1; } "
                                      "if (n) { i = div_u(i, 0); } } } }")));
}

TEST(LoopAssertions, ALoopThatIsLeftByABreakHasNone) {
  EXPECT_EQ(asserted("program p(i32 i, i32 n) { while (i < n) { if (n == 7) { break; } i = i + 1; } }"), "none");
}

TEST(LoopAssertions, TheBreakOfAnInnerLoopIsNoBreakOfTheOuterOne) {
  EXPECT_NE(asserted("program p(i32 i, i32 n) { while (i < n) { loop (3) { break; } i = i + 1; } }"), "none");
}

TEST(LoopAssertions, AProgramWithoutSuchALoopHasNone) {
  EXPECT_EQ(asserted("program p(i32 i) { loop (3) { i = i + 1; } }"), "none");
  EXPECT_EQ(asserted("program p() { let i32 i = 3; while (i) { i = i - 1; } }"), "none");
}

// A solver that replaces the first statement, a loop, by another statement.
class WrongSolver final : public PassSource {
 public:
  explicit WrongSolver(std::string replacement) : replacement_(std::move(replacement)) {}

  opt::PassResult run(PassId pass, const ast::Program& program) override {
    if (pass != PassId::Scev) return PassSource::run(pass, program);
    ast::Program after = program;
    const ast::NodeId behind = after.node(after.body()).next;
    ast::Builder build(after);
    const ast::VarId i{0};
    const ast::VarId n{1};
    const ast::NodeId value = replacement_ == "i = n" ? build.load(n) : build.load(i);
    const ast::NodeId store = build.store(i, value);
    after.node(store).next = behind;
    after.set_body(store);
    return {after, 1};
  }

 private:
  std::string replacement_;
};

RewriteResult checked(std::string_view text, const std::vector<Frame>& inputs, PassSource& passes) {
  const ast::Program program = parsed(text);
  const opt::Pipeline pipeline = {PassId::Fold, PassId::Scev, PassId::Dce};
  ast::Program optimised = program;
  for (const PassId pass : pipeline) {
    opt::PassResult after = passes.run(pass, optimised);
    if (after.changes != 0) optimised = std::move(after.program);
  }
  return RewriteChecker().check(program, pipeline, optimised, inputs, kFuel, passes);
}

constexpr std::string_view kEvenSteps = "program p(i32 i, i32 n) { while (i != n) { i = i + 2; } }";
constexpr std::string_view kUpToTheBound = "program p(i32 i, i32 n) { while (i <= n) { i = i + 1; } }";

TEST(RewriteChecker, ASolverThatLeavesTheLoopWhenItEndsIsAcquitted) {
  PassSource passes;
  const RewriteResult result = checked(kEvenSteps, {{0, 2'000'000'000}, {5, 5}, {0, 7}}, passes);
  EXPECT_TRUE(result.rewritten);
  EXPECT_EQ(result.compared, 2U);  // the third never ends
  EXPECT_EQ(result.verdict, Verdict::Agree);
}

TEST(RewriteChecker, ASolverThatDoesNotEnterTheLoopIsConvicted) {
  WrongSolver passes("i = i");
  const RewriteResult result = checked(kEvenSteps, {{3, 3}, {0, 7}}, passes);
  EXPECT_EQ(result.verdict, Verdict::Diverge);
  EXPECT_EQ(result.input, 1U);
  EXPECT_EQ(result.pass, PassId::Scev);
  EXPECT_EQ(result.expected.end, RunEnd::Finished);
  EXPECT_EQ(result.got.end, RunEnd::Trapped);
}

TEST(RewriteChecker, ASolverThatEndsAnEndlessLoopIsConvicted) {
  WrongSolver passes("i = n");
  // i <= n holds of every i where n is the largest number.
  const RewriteResult result = checked(kUpToTheBound, {{0, 0x7FFF'FFFF}}, passes);
  EXPECT_EQ(result.verdict, Verdict::Diverge);
  EXPECT_EQ(result.pass, PassId::Scev);
}

TEST(RewriteChecker, WhatHasNoLoopIsNotCompared) {
  PassSource passes;
  const RewriteResult result = checked("program p(i32 i, i32 n) { i = n; }", {{0, 1}}, passes);
  EXPECT_FALSE(result.rewritten);
  EXPECT_EQ(result.compared, 0U);
}

BatchReport judged(std::string_view text, const std::vector<Frame>& inputs, std::unique_ptr<PassSource> passes) {
  JudgeConfig config;
  config.fuel = kFuel;
  config.enabled.fill(false);
  config.enabled[static_cast<std::size_t>(OracleId::Metamorphic)] = true;
  auto judge = Judge::create(config, std::make_unique<JitBlockSource>(), std::move(passes));
  EXPECT_TRUE(judge) << judge.error().describe();
  const ast::Program program = parsed(text);
  const std::array subjects = {Subject{&program, inputs, {}, false, {PassId::Scev}}};
  BatchReport report;
  EXPECT_TRUE(judge.value()->judge(subjects, report));
  return report;
}

std::uint64_t said(const BatchReport& report, Verdict verdict) {
  return report.counts.verdicts[static_cast<std::size_t>(OracleId::Metamorphic)][static_cast<std::size_t>(verdict)];
}

TEST(MetamorphicOracle, ConvictsWhatNobodyCanRunToItsEnd) {
  const BatchReport report = judged(kUpToTheBound, {{0, 0x7FFF'FFFF}}, std::make_unique<WrongSolver>("i = n"));
  ASSERT_EQ(report.convictions.size(), 1U);
  EXPECT_EQ(report.convictions[0].oracle, OracleId::Metamorphic);
  EXPECT_EQ(report.convictions[0].pass, PassId::Scev);
  EXPECT_EQ(said(report, Verdict::Diverge), 1U);
}

TEST(MetamorphicOracle, AcquitsTheRealSolver) {
  const BatchReport report = judged(kUpToTheBound, {{0, 0x7FFF'FFFF}, {0, 1'000'000}}, std::make_unique<PassSource>());
  EXPECT_EQ(said(report, Verdict::Agree), 1U);
  EXPECT_EQ(report.counts.compared, 1U);
}

TEST(MetamorphicOracle, SkipsWhatTheInterpreterFinishes) {
  const BatchReport report = judged(kUpToTheBound, {{0, 10}}, std::make_unique<PassSource>());
  EXPECT_EQ(said(report, Verdict::Skipped), 1U);
  EXPECT_EQ(report.counts.compared, 0U);
}

TEST(MetamorphicOracle, SkipsALoopThatIsNotSolved) {
  const BatchReport report =
      judged("program p(i32 i, i32 n) { while (i | 1) { i = i * i + n; } }", {{0, 10}}, std::make_unique<PassSource>());
  EXPECT_EQ(said(report, Verdict::Skipped), 1U);
}

}  // namespace
}  // namespace assay::oracles
