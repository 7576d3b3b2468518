// Identifying, replaying and recording findings, with planted faults; see fuzz/triage/triage.h and minimise.h.
#include "fuzz/triage/triage.h"

#include <gmock/gmock.h>

#include <utility>

#include "fuzz/findings/replay.h"
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
using testing::Not;
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

// Every `and` has another register as its source.
void wrong_register(const ast::Program&, jit::CompiledBlock& block) {
  for (const x64::Intent& intent : block.intents) {
    if (x64::form_info(intent.form).id == "AndR32R32") block.code[intent.offset + intent.length - 1U] ^= 8;
  }
}

std::vector<std::string> convicting(const Finding& finding, const JudgeFactory& make_judge) {
  auto judge = make_judge({});
  EXPECT_TRUE(judge) << judge.error().describe();
  const auto replayed = replay(*judge.value(), finding);
  EXPECT_TRUE(replayed) << replayed.error().describe();
  std::vector<std::string> oracles;
  for (const auto& conviction : replayed->report.convictions) oracles.emplace_back(oracles::name(conviction.oracle));
  return oracles;
}

TEST(MinimiseTest, AWrongValueDoesNotBecomeWrongBytes) {
  // Two faults: beside a product and an `and` rotl is taken for rotr, and without a product the bytes of `and` are
  // wrong. What is left when the product is taken away has a wrong value too, but of the other fault.
  const planted::Rewrite beside_a_product = [](ast::Program& program) {
    return planted::has_op(program, Op::Mul) && planted::has_op(program, Op::And) &&
           taken_for(Op::Rotl, Op::Rotr)(program);
  };
  const planted::Spoil without_a_product = [](const ast::Program& program, jit::CompiledBlock& block) {
    if (!planted::has_op(program, Op::Mul)) wrong_register(program, block);
  };
  const JudgeFactory two_faults = [&](const oracles::JudgeConfig& config) {
    return oracles::Judge::create(config,
                                  std::make_unique<planted::WrongCompiler>(beside_a_product, without_a_product));
  };
  Finding finding = finding_of(
      "// passes: none\n// input: 0x1 0x3 0x5\n"
      "program p(i32 a, i32 b, i32 c) { c = a * b; a = rotl(a, 3) + (b & c); }");
  finding.signature = "emulated-sysv/codegen/-/-/slot";
  const auto result = minimise(finding, two_faults, {});
  ASSERT_TRUE(result) << result.error().describe();
  EXPECT_EQ(result->reduction.end, ReductionEnd::Complete);
  EXPECT_LT(result->reduction.nodes_after, result->reduction.nodes_before);
  EXPECT_THAT(convicting(result->reduction.finding, two_faults), Not(Contains("encoding")))
      << text_of(result->reduction.finding.program);
}

TEST(MinimiseTest, WhatWrongBytesDoIsReducedWhereTheFindingIsAboutThat) {
  const JudgeFactory wrong_bytes = [](const oracles::JudgeConfig& config) {
    return oracles::Judge::create(config, std::make_unique<planted::WrongCompiler>(nullptr, wrong_register));
  };
  Finding finding = finding_of("// passes: none\nprogram p(i32 a, i32 b, i32 c) { c = a * 3; a = b & c; }");
  finding.signature = "emulated-sysv/codegen/-/-/slot";
  const auto result = minimise(finding, wrong_bytes, {});
  ASSERT_TRUE(result) << result.error().describe();
  EXPECT_EQ(result->reduction.end, ReductionEnd::Complete);
  EXPECT_THAT(convicting(result->reduction.finding, wrong_bytes), Contains("encoding"));
  EXPECT_EQ(result->reduction.finding.replays, "10 of 10");
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
