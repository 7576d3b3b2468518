// Wrong values and the constructs they come from, with planted faults; see fuzz/triage/localise.h.
#include "fuzz/triage/localise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/findings/replay.h"
#include "fuzz/reduce/signature_predicate.h"
#include "fuzz/reduce/test/planted_faults.h"
#include "fuzz/reduce/test/support.h"

namespace assay::fuzz {
namespace {

using ast::Op;
using oracles::OracleId;
using planted::taken_for;
using support::finding_of;
using testing::HasSubstr;

constexpr const char* kRotation =
    "// passes: none\nprogram p(i32 a, i32 b, i64 c) { b = b + 1; if (b > 3) { c = c * 3; } a = rotl(a, b) - b; }";

std::unique_ptr<oracles::Judge> judge_with(OracleId oracle, planted::Rewrite compiler,
                                           std::unique_ptr<oracles::PassSource> passes = nullptr) {
  auto judge =
      oracles::Judge::create(judge_config_for(oracle),
                             std::make_unique<planted::WrongCompiler>(std::move(compiler), nullptr), std::move(passes));
  EXPECT_TRUE(judge) << judge.error().describe();
  return std::move(judge).value();
}

SignatureParts codegen() { return *parse_signature("native-sysv/codegen/-/-/slot"); }
SignatureParts pass() { return *parse_signature("passes/simplify/-/-/slot"); }

std::string construct(const char* program, const SignatureParts& parts) {
  return guilty_construct(finding_of(program).program, parts);
}

TEST(GuiltyConstructTest, IsTheOnlyOperator) {
  EXPECT_EQ(construct("program p(i32 a, i32 b) { a = rem_u(a, b); }", codegen()), "rem_u");
  EXPECT_EQ(construct("program p(i32 a, i32 b) { a = b - a; b = a - b; }", codegen()), "sub");
}

TEST(GuiltyConstructTest, IsTheLoopOrTheBranchWhereOneIsNeeded) {
  EXPECT_EQ(construct("program p(i32 a) { loop (3) { a = a + 1; } }", codegen()), "Loop");
  EXPECT_EQ(construct("program p(i32 a) { while (a) { a = a - 1; } }", pass()), "Loop");
  EXPECT_EQ(construct("program p(i32 a) { if (a) { a = 1; } }", codegen()), "If");
  EXPECT_EQ(construct("program p(i32 a) { if (a < 1) { a = 1; } }", codegen()), "lt_s");
}

TEST(GuiltyConstructTest, IsTheConstantWhereThatIsAll) {
  EXPECT_EQ(construct("program p(i64 a) { a = 0x80000000; }", codegen()), "Int");
  EXPECT_EQ(construct("program p(i32 a, i32 b) { a = b; }", codegen()), "Load");
}

TEST(GuiltyConstructTest, OfAPassIsTheOperatorThatGivesTheValue) {
  EXPECT_EQ(construct("program p(i32 a, i32 b) { a = (a + 1) << b; }", pass()), "shl");
  EXPECT_EQ(construct("program p(i32 a, i32 b) { a = (a + 1) << b; }", codegen()), "several");
}

TEST(LocaliseTest, AWrongOperatorIsNamedWhateverItStoodIn) {
  const auto judge = judge_with(OracleId::NativeSystemV, taken_for(Op::Rotl, Op::Rotr));
  Finding finding = finding_of(kRotation);
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto localised = localise(*judge, finding);
  ASSERT_TRUE(localised) << localised.error().describe();
  ASSERT_TRUE(localised->found);
  EXPECT_TRUE(localised->complete);
  EXPECT_EQ(localised->finding.signature, "native-sysv/codegen/rotl/-/slot");
  EXPECT_LE(localised->finding.program.node_count(), 8U);
}

TEST(LocaliseTest, ATrapThatAWrongValueCausesIsTheWrongValue) {
  const auto judge = judge_with(OracleId::NativeSystemV, taken_for(Op::Rotl, Op::Rotr));
  Finding finding = finding_of("// passes: none\n// input: 0x1\nprogram p(i32 a) { push div_u(a, rotl(a, 1) - 2); }");
  // Right: 1 / 0 traps. Wrong: it does not.
  finding.signature = "native-sysv/codegen/-/-/end";
  const auto localised = localise(*judge, finding);
  ASSERT_TRUE(localised) << localised.error().describe();
  ASSERT_TRUE(localised->found);
  EXPECT_THAT(localised->finding.signature, HasSubstr("native-sysv/codegen/rotl/-/"));
}

TEST(LocaliseTest, ABranchOnAWrongComparisonOfAComputedValueIsTheComparison) {
  const auto judge = judge_with(OracleId::NativeSystemV, taken_for(Op::LtS, Op::LtU));
  Finding finding =
      finding_of("// passes: none\n// input: 0xB505\nprogram p(i32 a) { if (a * a < 0) { a = 3; } a = a + 1; }");
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto localised = localise(*judge, finding);
  ASSERT_TRUE(localised) << localised.error().describe();
  EXPECT_EQ(localised->finding.signature, "native-sysv/codegen/lt_s/-/slot");
}

TEST(LocaliseTest, OfManyInputsTheFirstOneIsEnough) {
  const auto judge = judge_with(OracleId::NativeSystemV, taken_for(Op::Rotl, Op::Rotr));
  Finding finding =
      finding_of("// passes: none\n// input: 0x1\n// input: 0x0\n// input: 0x2\nprogram p(i32 a) { a = rotl(a, 1); }");
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto localised = localise(*judge, finding);
  ASSERT_TRUE(localised && localised->found);
  EXPECT_EQ(localised->finding.inputs.size(), 1U);
  // Where the first one shows nothing, all are kept to begin with.
  std::swap(finding.inputs[0], finding.inputs[1]);
  const auto other = localise(*judge, finding);
  ASSERT_TRUE(other && other->found);
  EXPECT_EQ(other->finding.signature, "native-sysv/codegen/rotl/-/slot");
}

// An evaluator that several passes ask: folding shows a wrong >> by itself, propagation only under a comparison.
class WrongEvaluator final : public oracles::PassSource {
 public:
  opt::PassResult run(opt::PassId pass, const ast::Program& program) override {
    const bool shows = pass == opt::PassId::Fold || (pass == opt::PassId::Prop && support::has_op(program, Op::LtS));
    ast::Program wrong = program;
    if (shows && taken_for(Op::ShrS, Op::ShrU)(wrong)) return {std::move(wrong), 1};
    return PassSource::run(pass, program);
  }
};

TEST(LocaliseTest, AnOperatorThatAnotherPassGetsWrongByItselfIsTheOne) {
  const auto judge =
      judge_with(OracleId::Passes, [](ast::Program&) { return false; }, std::make_unique<WrongEvaluator>());
  Finding finding = finding_of("// passes: prop\n// input: 0x80000000\nprogram p(i32 a) { a = (a >> 1) < 0; }");
  finding.signature = "passes/prop/-/-/slot";
  const auto localised = localise(*judge, finding);
  ASSERT_TRUE(localised && localised->found);
  EXPECT_TRUE(support::has_op(localised->finding.program, Op::LtS));
  EXPECT_EQ(localised->finding.signature, "passes/prop/shr_s/-/slot");
}

TEST(LocaliseTest, WhatIsNotConvictedIsNotFound) {
  const auto judge = judge_with(OracleId::NativeSystemV, taken_for(Op::Xor, Op::And));
  Finding finding = finding_of(kRotation);
  finding.signature = "native-sysv/codegen/-/-/slot";
  const auto localised = localise(*judge, finding);
  ASSERT_TRUE(localised) << localised.error().describe();
  EXPECT_FALSE(localised->found);
}

TEST(LocaliseTest, ARecordedConstructStaysInTheProgram) {
  const planted::Rewrite two = [](ast::Program& program) {
    const bool rotations = taken_for(Op::Rotl, Op::Rotr)(program);
    return taken_for(Op::Sub, Op::Xor)(program) || rotations;
  };
  const auto judge = judge_with(OracleId::NativeSystemV, two);
  Finding finding = finding_of(kRotation);
  for (const Op op : {Op::Rotl, Op::Sub}) {
    finding.signature = "native-sysv/codegen/" + std::string(ast::op_info(op).name) + "/-/slot";
    const auto localised = localise(*judge, finding);
    ASSERT_TRUE(localised) << localised.error().describe();
    EXPECT_TRUE(support::has_op(localised->finding.program, op));
  }
}

TEST(RecogniseTest, AFindingIsTheSameWhenItsConstructIs) {
  const JudgeFactory wrong = [](const oracles::JudgeConfig& config) {
    return oracles::Judge::create(config,
                                  std::make_unique<planted::WrongCompiler>(taken_for(Op::Rotl, Op::Rotr), nullptr));
  };
  const auto judge = std::move(wrong(localise_config(OracleId::NativeSystemV))).value();
  Finding finding = finding_of(kRotation);
  const std::vector<std::string> seen = replay(*judge, finding).value().signatures;
  finding.signature = "native-sysv/codegen/rotl/-/slot";
  EXPECT_TRUE(recognise(wrong, finding, seen).value());
  finding.signature = "native-sysv/codegen/-/-/slot";
  EXPECT_TRUE(recognise(wrong, finding, seen).value());
  finding.signature = "native-sysv/codegen/rotr/-/slot";
  EXPECT_FALSE(recognise(wrong, finding, seen).value());
  finding.signature = "passes/fold/rotl/-/slot";
  EXPECT_FALSE(recognise(wrong, finding, seen).value());
}

TEST(LocaliseTest, RefusesASignatureThatSaysEnough) {
  const auto judge = judge_with(OracleId::NativeSystemV, nullptr);
  Finding finding = finding_of(kRotation);
  finding.signature = "encoding/codegen/add/AddR32R32/encoding:opcode";
  EXPECT_FALSE(localise(*judge, finding));
}

}  // namespace
}  // namespace assay::fuzz
