// How a batch is judged and counted; see oracles/judge.h.
#include "oracles/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "core/ast/text.h"
#include "oracles/test/planted_block.h"

namespace assay::oracles {
namespace {

class JudgeTest : public testing::Test {
 protected:
  void start(const JudgeConfig& config = {}) {
    auto judge = Judge::create(config, std::make_unique<JitBlockSource>());
    ASSERT_TRUE(judge) << judge.error().describe();
    judge_ = std::move(judge).value();
  }
  void add(const char* source, std::vector<Frame> inputs, bool tiered = true) {
    auto program = ast::parse_program(source);
    ASSERT_TRUE(program) << program.error().describe();
    programs_.push_back(std::move(program).value());
    inputs_.push_back(std::move(inputs));
    subjects_.push_back({&programs_.back(), inputs_.back(), {}, tiered, opt::default_pipeline()});
  }
  void judge() {
    const auto done = judge_->judge(subjects_, report_);
    ASSERT_TRUE(done) << done.error().describe();
  }
  [[nodiscard]] std::uint64_t count(OracleId oracle, Verdict verdict) const {
    return report_.counts.verdicts[static_cast<std::size_t>(oracle)][static_cast<std::size_t>(verdict)];
  }
  [[nodiscard]] std::uint64_t skips(OracleId oracle, SkipReason reason) const {
    return report_.counts.skips[static_cast<std::size_t>(oracle)][static_cast<std::size_t>(reason)];
  }

  std::unique_ptr<Judge> judge_;
  std::deque<ast::Program> programs_;
  std::deque<std::vector<Frame>> inputs_;
  std::vector<Subject> subjects_;
  BatchReport report_;
};

TEST_F(JudgeTest, ARightProgramIsAgreedUponByEveryOracle) {
  start();
  add("program p(i32 a, i64 b) { b = extend_s(a) * b; }", {{3, 4}, {0xFFFFFFFF, 2}});
  judge();
  for (const OracleId oracle : kAllOracles) {
    const bool has_nothing_to_do = is_rare(oracle);
    EXPECT_EQ(count(oracle, Verdict::Agree), has_nothing_to_do ? 0U : 1U) << name(oracle);
  }
  EXPECT_EQ(report_.counts.compared, 1U);
  EXPECT_EQ(report_.counts.runs, 10U);  // two inputs in five engines
  EXPECT_TRUE(report_.convictions.empty());
  EXPECT_GT(report_.counts.instructions_checked, 0U);
}

TEST_F(JudgeTest, AProgramOutOfFuelIsComparedByNoneAndOnlyItsCodeIsLookedAt) {
  JudgeConfig config;
  config.fuel = 1000;
  start(config);
  add("program p(i32 a) { while (1) { a = a + 1; } }", {{0}});
  judge();
  EXPECT_EQ(count(OracleId::Encoding, Verdict::Agree), 1U);
  for (const OracleId oracle : kAllOracles) {
    if (oracle == OracleId::Encoding) continue;
    EXPECT_EQ(count(oracle, Verdict::Skipped), 1U) << name(oracle);
    EXPECT_EQ(skips(oracle, SkipReason::OutOfFuel), 1U) << name(oracle);
  }
  EXPECT_EQ(report_.counts.compared, 0U);
  EXPECT_EQ(report_.counts.skipped[static_cast<std::size_t>(SkipReason::OutOfFuel)], 1U);
}

TEST_F(JudgeTest, WithoutLongRunsNobodyLooksAtAProgramOutOfFuel) {
  JudgeConfig config;
  config.fuel = 1000;
  config.enabled[static_cast<std::size_t>(OracleId::LongRuns)] = false;
  start(config);
  add("program p(i32 a) { while (1) { a = a + 1; } }", {{0}});
  judge();
  EXPECT_EQ(skips(OracleId::Encoding, SkipReason::OutOfFuel), 1U);
}

TEST_F(JudgeTest, AProgramThatPrintsIsJudgedByTheTieredExecutorAlone) {
  start();
  add("program p(i32 a) { a = a + 1; print a; a = a * 2; }", {{3}});
  judge();
  EXPECT_EQ(count(OracleId::Tiered, Verdict::Agree), 1U);
  EXPECT_EQ(skips(OracleId::NativeSystemV, SkipReason::NotScalar), 1U);
  EXPECT_EQ(count(OracleId::Encoding, Verdict::Agree), 1U);  // the runs between its prints
  EXPECT_EQ(report_.counts.compared, 1U);
}

TEST_F(JudgeTest, AProgramThatOnlyPrintsHasNoCodeForTheDecoders) {
  start();
  add("program p(i32 a) { print a; }", {{3}});
  judge();
  EXPECT_EQ(skips(OracleId::Encoding, SkipReason::NotScalar), 1U);
}

TEST_F(JudgeTest, AScalarProgramOutsideTheSampleIsNotGivenToTheTieredExecutor) {
  start();
  add("program p(i32 a) { a = a + 1; }", {{3}}, false);
  judge();
  EXPECT_EQ(skips(OracleId::Tiered, SkipReason::NotSampled), 1U);
}

TEST_F(JudgeTest, EveryEnabledOracleSaysExactlyOneThingOfEveryProgram) {
  start();
  add("program p(i32 a) { a = a + 1; }", {{3}});
  add("program p(i32 a) { print a; }", {{3}});
  add("program p(i32 a) { while (1) { } }", {{3}});
  add("program p(i32 a) { a = 1 / a; }", {{0}, {1}}, false);
  judge();
  for (const OracleId oracle : kAllOracles) {
    std::uint64_t total = 0;
    for (const std::uint64_t verdicts : report_.counts.verdicts[static_cast<std::size_t>(oracle)]) total += verdicts;
    EXPECT_EQ(total, 4U) << name(oracle);
  }
  EXPECT_EQ(report_.counts.trapped, 1U);
}

TEST_F(JudgeTest, TheDecodersAloneHaveCodeToLookAt) {
  JudgeConfig config;
  config.enabled.fill(false);
  config.enabled[static_cast<std::size_t>(OracleId::Encoding)] = true;
  start(config);
  add("program p(i32 a) { a = a + 1; }", {{3}}, false);
  judge();
  EXPECT_EQ(count(OracleId::Encoding, Verdict::Agree), 1U);
  EXPECT_GT(report_.counts.instructions_checked, 4U) << "in both conventions";
}

TEST_F(JudgeTest, AnOracleThatIsOffSaysNothing) {
  JudgeConfig config;
  config.enabled.fill(false);
  config.enabled[static_cast<std::size_t>(OracleId::NativeSystemV)] = true;
  start(config);
  add("program p(i32 a) { a = a + 1; }", {{3}});
  judge();
  EXPECT_EQ(count(OracleId::NativeSystemV, Verdict::Agree), 1U);
  for (const OracleId oracle :
       {OracleId::Encoding, OracleId::EmulatedSystemV, OracleId::NativeMicrosoft, OracleId::Tiered}) {
    for (const std::uint64_t verdicts : report_.counts.verdicts[static_cast<std::size_t>(oracle)])
      EXPECT_EQ(verdicts, 0U);
  }
}

// A compiler that leaves the last slot's store out.
class ForgetfulSource final : public BlockSource {
 public:
  void compile(const ast::Program&, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    static const ast::Program empty = ast::parse_program("program p(i32 a) { }").value();
    jit_.compile(empty, options, block);
  }

 private:
  JitBlockSource jit_;
};

// A compiler that encodes the first instruction of what the tiered executor compiles wrongly: a run has slots that no
// whole program has.
class WrongInRuns final : public BlockSource {
 public:
  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    jit_.compile(program, options, block);
    if (program.slot_count() > 1) planted::encode_wrongly(block, 0, {0x90});
  }

 private:
  JitBlockSource jit_;
};

TEST_F(JudgeTest, WhatTheTieredExecutorCompilesIsPutBeforeTheDecodersFirst) {
  auto judge = Judge::create({}, std::make_unique<WrongInRuns>());
  ASSERT_TRUE(judge) << judge.error().describe();
  judge_ = std::move(judge).value();
  add("program p(i32 a) { a = a + 1; }", {{3}});
  add("program p(i32 a) { a = a + 1; print a; }", {{3}});
  add("program p(i32 a) { a = a + 1; }", {{3}}, false);
  this->judge();
  EXPECT_EQ(count(OracleId::Encoding, Verdict::Diverge), 2U);
  EXPECT_EQ(count(OracleId::Encoding, Verdict::Agree), 1U);
  EXPECT_EQ(skips(OracleId::Tiered, SkipReason::AlreadyConvicted), 2U);
  EXPECT_EQ(count(OracleId::NativeSystemV, Verdict::Agree), 2U);  // the whole program's code is right
  ASSERT_EQ(report_.convictions.size(), 2U);
  EXPECT_GT(report_.convictions[0].judged(programs_[0]).slot_count(), 1U);
}

// A compiler that encodes the first instruction of whatever still has a loop wrongly.
class WrongInLoops final : public BlockSource {
 public:
  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    jit_.compile(program, options, block);
    for (std::uint32_t i = 0; i < program.node_count(); ++i) {
      if (program.node(ast::NodeId{i}).kind != ast::NodeKind::Loop) continue;
      planted::encode_wrongly(block, 0, {0x90});
      return;
    }
  }

 private:
  JitBlockSource jit_;
};

TEST_F(JudgeTest, CodeThatTheDecodersConvictIsNotGivenALongRun) {
  auto judge = Judge::create({}, std::make_unique<WrongInLoops>());
  ASSERT_TRUE(judge) << judge.error().describe();
  judge_ = std::move(judge).value();
  add("program p(i32 a) { loop (1000000) { a = a + 3; } }", {{3}});
  this->judge();
  EXPECT_EQ(count(OracleId::Encoding, Verdict::Diverge), 1U);
  EXPECT_EQ(skips(OracleId::LongRuns, SkipReason::AlreadyConvicted), 1U);
  ASSERT_EQ(report_.convictions.size(), 1U);
  EXPECT_FALSE(report_.convictions[0].optimised) << "the loop is solved: the code of the program itself is wrong";
}

TEST_F(JudgeTest, CodeThatTheEmulatorConvictsIsNotRunOnTheCpu) {
  auto judge = Judge::create({}, std::make_unique<ForgetfulSource>());
  ASSERT_TRUE(judge) << judge.error().describe();
  judge_ = std::move(judge).value();
  add("program p(i32 a) { a = a + 1; }", {{3}}, false);
  this->judge();
  EXPECT_EQ(count(OracleId::EmulatedSystemV, Verdict::Diverge), 1U);
  EXPECT_EQ(count(OracleId::EmulatedMicrosoft, Verdict::Diverge), 1U);
  EXPECT_EQ(skips(OracleId::NativeSystemV, SkipReason::AlreadyConvicted), 1U);
  EXPECT_EQ(skips(OracleId::NativeMicrosoft, SkipReason::AlreadyConvicted), 1U);
  ASSERT_EQ(report_.convictions.size(), 2U);
  EXPECT_EQ(report_.convictions[0].differences.front().kind, DifferenceKind::Slot);
}

TEST_F(JudgeTest, AJudgeIsReusedWithoutRememberingTheBatchBefore) {
  start();
  add("program p(i32 a) { a = a + 1; }", {{3}});
  judge();
  judge();
  EXPECT_EQ(report_.counts.programs, 1U);
  EXPECT_EQ(count(OracleId::NativeSystemV, Verdict::Agree), 1U);
}

}  // namespace
}  // namespace assay::oracles
