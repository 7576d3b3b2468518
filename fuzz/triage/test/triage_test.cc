// Identifying, replaying and recording findings, with planted faults; see fuzz/triage/triage.h and minimise.h.
#include "fuzz/triage/triage.h"

#include <gmock/gmock.h>

#include <utility>

#include "fuzz/reduce/signature_predicate.h"
#include "fuzz/reduce/test/planted_faults.h"
#include "fuzz/reduce/test/support.h"
#include "fuzz/triage/minimise.h"

namespace assay::fuzz {
namespace {

using ast::Op;
using planted::taken_for;
using support::finding_of;
using support::text_of;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

// Judges whose compiler takes rotl for rotr.
base::Result<std::unique_ptr<oracles::Judge>> wrong_judge(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config,
                                std::make_unique<planted::WrongCompiler>(taken_for(Op::Rotl, Op::Rotr), nullptr));
}

base::Result<std::unique_ptr<oracles::Judge>> right_judge(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
}

constexpr const char* kRotation =
    "// passes: none\nprogram p(i32 a, i32 b, i64 c) { b = b + 1; if (b > 3) { c = c * 3; } a = rotl(a, b) - b; }";

TEST(IdentifyTest, AProgramGetsTheSignatureOfItsFirstConviction) {
  auto judge = wrong_judge({});
  ASSERT_TRUE(judge) << judge.error().describe();
  Finding finding = finding_of(kRotation);
  const auto convicted = identify(*judge.value(), finding);
  ASSERT_TRUE(convicted);
  EXPECT_TRUE(*convicted);
  EXPECT_EQ(finding.oracle, "emulated-sysv");
  EXPECT_EQ(finding.verdict, "diverge");
  EXPECT_THAT(finding.signature, StartsWith("emulated-sysv/codegen/"));
  EXPECT_FALSE(finding.inputs.empty());
}

TEST(IdentifyTest, AnInnocentProgramGetsNone) {
  auto judge = right_judge({});
  ASSERT_TRUE(judge) << judge.error().describe();
  Finding finding = finding_of(kRotation);
  const auto convicted = identify(*judge.value(), finding);
  ASSERT_TRUE(convicted);
  EXPECT_FALSE(*convicted);
  EXPECT_TRUE(finding.signature.empty());
}

TEST(TriageTest, AFaultThatIsAlwaysThereIsSeenInAllReplays) {
  auto judge = wrong_judge(judge_config_for(oracles::OracleId::NativeSystemV));
  ASSERT_TRUE(judge) << judge.error().describe();
  Finding finding = finding_of(kRotation);
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto seen = triage(*judge.value(), finding);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->same, 10U);
  EXPECT_EQ(finding.replays, "10 of 10");
  EXPECT_THAT(finding.explanation, Contains(HasSubstr("native-sysv says diverge")));
  EXPECT_THAT(print_finding(finding), HasSubstr("\n// replays: 10 of 10\n"));
}

TEST(TriageTest, AFaultThatComesAndGoesIsCounted) {
  // Wrong in every third compilation.
  int compiled = 0;
  const planted::Rewrite sometimes = [&compiled](ast::Program& program) {
    return ++compiled % 3 == 0 && taken_for(Op::Rotl, Op::Rotr)(program);
  };
  auto judge = oracles::Judge::create(judge_config_for(oracles::OracleId::NativeSystemV),
                                      std::make_unique<planted::WrongCompiler>(sometimes, nullptr));
  ASSERT_TRUE(judge) << judge.error().describe();
  Finding finding = finding_of(kRotation);
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto seen = triage(*judge.value(), finding);
  ASSERT_TRUE(seen);
  EXPECT_EQ(finding.replays, "3 of 10");
}

TEST(TriageTest, AFaultThatIsNotThereLeavesTheHeadersAlone) {
  auto judge = right_judge(judge_config_for(oracles::OracleId::NativeSystemV));
  ASSERT_TRUE(judge) << judge.error().describe();
  Finding finding = finding_of(kRotation);
  finding.signature = "native-sysv/codegen/-/-/slot";
  finding.verdict = "crash";
  const auto seen = triage(*judge.value(), finding);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->same, 0U);
  EXPECT_EQ(finding.replays, "0 of 10");
  EXPECT_EQ(finding.verdict, "crash");
  EXPECT_TRUE(finding.explanation.empty());
}

TEST(TriageTest, AGuiltyPassIsShownByTheStoresThatDiffer) {
  auto judge =
      oracles::Judge::create(judge_config_for(oracles::OracleId::Passes), std::make_unique<oracles::JitBlockSource>(),
                             std::make_unique<planted::WrongPass>(opt::PassId::Cse, taken_for(Op::Rotl, Op::Rotr)));
  ASSERT_TRUE(judge) << judge.error().describe();
  Finding finding = finding_of("// passes: cse\nprogram p(i32 a, i32 b) { b = 1; if (a) { b = rotl(a, 3); } a = 0; }");
  finding.signature = "passes/cse/-/-/slot";
  const auto seen = triage(*judge.value(), finding);
  ASSERT_TRUE(seen);
  EXPECT_THAT(finding.explanation, Contains("last stored to b: b = rotl(a, 3);"));
  EXPECT_THAT(finding.explanation, Contains("after the pass: b = rotr(a, 3);"));
}

TEST(MinimiseTest, FromAProgramToASmallFindingThatReplays) {
  const auto result = minimise(finding_of(kRotation), wrong_judge, {});
  ASSERT_TRUE(result) << result.error().describe();
  const Reduction& reduction = result->reduction;
  EXPECT_EQ(reduction.end, ReductionEnd::Complete);
  EXPECT_EQ(text_of(reduction.finding.program), "program p(i32 a) {\n    a = rotl(1, 1);\n}\n");
  EXPECT_EQ(reduction.finding.replays, "10 of 10");
  EXPECT_THAT(reduction.finding.signature, StartsWith("emulated-sysv/codegen/"));
  EXPECT_FALSE(reduction.finding.build.empty());
}

TEST(MinimiseTest, AMinimisedFindingIsMinimal) {
  const auto once = minimise(finding_of(kRotation), wrong_judge, {});
  ASSERT_TRUE(once) << once.error().describe();
  const Finding read = finding_of(print_finding(once->reduction.finding));
  const auto twice = minimise(read, wrong_judge, {});
  ASSERT_TRUE(twice) << twice.error().describe();
  EXPECT_EQ(twice->reduction.kept, 0U);
  EXPECT_EQ(print_finding(twice->reduction.finding), print_finding(once->reduction.finding));
}

TEST(MinimiseTest, WhatDoesNotReproduceComesBackAsItCame) {
  Finding finding = finding_of(kRotation);
  const auto plain = minimise(finding, right_judge, {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->reduction.end, ReductionEnd::NotReproduced);
  EXPECT_EQ(print_finding(plain->reduction.finding), print_finding(finding));
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto recorded = minimise(finding, right_judge, {});
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->reduction.end, ReductionEnd::NotReproduced);
  EXPECT_EQ(print_finding(recorded->reduction.finding), print_finding(finding));
}

TEST(MinimiseTest, AnUnknownOracleIsAnInputError) {
  Finding finding = finding_of(kRotation);
  finding.signature = "crystal-ball/codegen/-/-/slot";
  const auto result = minimise(finding, right_judge, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::Input);
  EXPECT_THAT(result.error().message, HasSubstr("'crystal-ball'"));
}

}  // namespace
}  // namespace assay::fuzz
