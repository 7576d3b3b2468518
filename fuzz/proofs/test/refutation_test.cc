// What a proof refutes becomes a finding that replays as a divergence; see fuzz/proofs/refutation.h.
#include "fuzz/proofs/refutation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/findings/replay.h"
#include "fuzz/proofs/pass_verifier.h"
#include "fuzz/proofs/test/support.h"

namespace assay::fuzz {
namespace {

using opt::PassId;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

// Through the file and back, before the same oracles.
std::vector<std::string> replayed(const Finding& finding, oracles::Judge& judge) {
  const auto read = parse_finding(print_finding(finding));
  EXPECT_TRUE(read) << read.error().describe();
  const auto result = replay(judge, *read);
  EXPECT_TRUE(result) << result.error().describe();
  return result->signatures;
}

TEST(RefutationTest, ARefutedPassReplaysAsADivergenceOfThatPass) {
  const ast::Program program = parsed("program p(i32 n, i32 a) { a = n / 4; }");
  PassVerifier verifier(divisions_as_shifts(), {3000, false});
  const auto judge = judge_with(divisions_as_shifts());
  bool refuted = false;
  verifier.verify(program, [&](const VerifiedPass& one) {
    if (one.proof.answer != smt::Answer::Refuted) return;
    refuted = true;
    const auto finding =
        finding_of({&program, one.proof.counterexample, {one.pass}, x64::host_features(), "a test"}, *judge);
    ASSERT_TRUE(finding) << finding.error().describe();
    EXPECT_EQ(finding->oracle, "passes");
    EXPECT_THAT(finding->signature, StartsWith("passes/simplify/"));
    EXPECT_THAT(finding->explanation, Contains("refuted: a test"));
    EXPECT_THAT(replayed(*finding, *judge), Contains(finding->signature));
  });
  EXPECT_TRUE(refuted);
}

TEST(RefutationTest, ARefutedLoopReplaysAsADivergenceOfTheSolver) {
  LoopVerifier verifier(solve_with_step_4, {3000, false});
  const auto judge = judge_with(std::make_unique<WrongSolver>(solve_with_step_4));
  bool refuted = false;
  verifier.verify(parsed(kSteps), [&](const VerifiedLoop& loop) {
    ASSERT_EQ(loop.proof.answer, smt::Answer::Refuted);
    refuted = true;
    const auto finding = finding_of(
        {&loop.solved.before, loop.proof.counterexample, {PassId::Scev}, x64::host_features(), "a test"}, *judge);
    ASSERT_TRUE(finding) << finding.error().describe();
    EXPECT_THAT(finding->signature, StartsWith("passes/scev/"));
    EXPECT_THAT(replayed(*finding, *judge), Contains(finding->signature));
    EXPECT_THAT(file_name_of(*finding), testing::EndsWith(".nda"));
  });
  EXPECT_TRUE(refuted);
}

TEST(RefutationTest, RefutedCodeReplaysAsADivergenceOfTheCode) {
  const ast::Program program = parsed("program p(i64 x) { x = clz(x); }");
  const auto judge = judge_with(
      nullptr, std::make_unique<planted::WrongCompiler>(planted::taken_for(ast::Op::Clz, ast::Op::Ctz), nullptr));
  const auto finding = finding_of({&program, {1}, {}, x64::host_features(), "a test"}, *judge);
  ASSERT_TRUE(finding) << finding.error().describe();
  EXPECT_THAT(finding->signature, HasSubstr("/codegen/"));
  EXPECT_THAT(replayed(*finding, *judge), Contains(finding->signature));
}

TEST(RefutationTest, WhatNoOracleConfirmsSaysSo) {
  const ast::Program program = parsed("program p(i64 x) { x = clz(x); }");
  const auto judge = judge_with(nullptr);
  const auto finding = finding_of({&program, {1}, {}, x64::host_features(), "a test"}, *judge);
  ASSERT_TRUE(finding) << finding.error().describe();
  EXPECT_EQ(finding->signature, kUnconfirmedSignature);
  EXPECT_THAT(finding->explanation, Contains(HasSubstr("no oracle convicts it")));
}

}  // namespace
}  // namespace assay::fuzz
