// The pass oracle: each deliberate fault of an optimizer is convicted, and the right pass is named.
//
// Each fault is what a wrong version of the pass would make of a small program, given as text. A control runs the
// program through the real pass, which must be acquitted, so that a conviction is about the fault and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "core/ast/text.h"
#include "oracles/explain.h"
#include "oracles/judge.h"

namespace assay::oracles {
namespace {

using opt::PassId;
using testing::Contains;
using testing::HasSubstr;

ast::Program parsed(std::string_view text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

// The real passes, but for those that are told what to give.
class FaultySource final : public PassSource {
 public:
  explicit FaultySource(std::map<PassId, ast::Program> faults) : faults_(std::move(faults)) {}

  opt::PassResult run(PassId pass, const ast::Program& program) override {
    const auto fault = faults_.find(pass);
    if (fault == faults_.end()) return PassSource::run(pass, program);
    return {fault->second, 1};
  }

 private:
  std::map<PassId, ast::Program> faults_;
};

BatchReport judged(const ast::Program& program, const opt::Pipeline& pipeline, std::map<PassId, ast::Program> faults,
                   OracleId oracle = OracleId::Passes) {
  JudgeConfig config;
  config.enabled.fill(false);
  config.enabled[static_cast<std::size_t>(oracle)] = true;
  config.fuel = 10'000'000;
  auto judge =
      Judge::create(config, std::make_unique<JitBlockSource>(), std::make_unique<FaultySource>(std::move(faults)));
  EXPECT_TRUE(judge) << judge.error().describe();
  // Small numbers, negative ones, and the least: what the faults below differ on.
  std::vector<Frame> inputs;
  for (const std::uint64_t value : {0ULL, 1ULL, 5ULL, 7ULL, ~0ULL, ~6ULL, 0x8000'0000ULL, 0x7FFF'FFFFULL}) {
    for (const std::uint64_t other : {0ULL, 3ULL, ~2ULL}) {
      Frame frame(program.slot_count(), value & 0xFFFF'FFFF);
      for (std::size_t i = 1; i < frame.size(); i += 2) frame[i] = other & 0xFFFF'FFFF;
      inputs.push_back(std::move(frame));
    }
  }
  BatchReport report;
  const std::array subjects = {Subject{&program, inputs, {}, false, pipeline}};
  const auto done = judge.value()->judge(subjects, report);
  EXPECT_TRUE(done) << done.error().describe();
  return report;
}

std::uint64_t said(const BatchReport& report, Verdict verdict) {
  return report.counts.verdicts[static_cast<std::size_t>(OracleId::Passes)][static_cast<std::size_t>(verdict)];
}

struct FaultCase {
  std::string_view name;
  PassId pass;
  std::string_view source;
  std::string_view wrong;  // what the faulty pass makes of it
};

constexpr FaultCase kFaults[] = {
    {"StatementOrderIgnored", PassId::Scev,
     "program p(i32 n, i32 i, i32 sum) { loop (n & 7) { i = i + 1; sum = sum + i; } }",
     "program p(i32 n, i32 i, i32 sum) { let i32 m = n & 7; sum = sum + i * m + m * (m - 1) / 2; i = i + m; }"},
    {"TripCountOffByOne", PassId::Scev,
     "program p(i32 n, i32 i, i32 sum) { loop (n & 7) { sum = sum + i; i = i + 1; } }",
     "program p(i32 n, i32 i, i32 sum) { let i32 m = (n & 7) + 1; sum = sum + i * m + m * (m - 1) / 2; i = i + m; }"},
    {"LessOrEqualTakenForLess", PassId::Scev,
     "program p(i32 n, i32 i) { n = n & 15; i = 0; while (i <= n) { i = i + 1; } }",
     "program p(i32 n, i32 i) { n = n & 15; i = n; }"},
    {"HalvedAfterTruncation", PassId::Scev,
     "program p(i32 n, i32 s) { let i32 i = 0; loop (80000) { s = s + i; i = i + 1; } }",
     "program p(i32 n, i32 s) { s = s + (80000 * 79999 >>> 1); }"},
    {"SignedForUnsignedExit", PassId::Scev,
     "program p(i32 n, i32 i) { i = 5; n = n | 7; while (lt_u(i, n)) { i = i + 1; if (i == 40) { break; } } }",
     "program p(i32 n, i32 i) { i = 5; n = n | 7; while (i < n) { i = i + 1; if (i == 40) { break; } } }"},
    {"NotEqualWithAStepThatDoesNotDivide", PassId::Scev,
     "program p(i32 n, i32 i) { i = 0; n = n & 15; loop (50) { if (i == n) { break; } i = i + 2; } }",
     "program p(i32 n, i32 i) { i = 0; n = n & 15; i = i + (n >>> 1) * 2; }"},
    {"StepOfZero", PassId::Scev,
     "program p(i32 n, i32 s) { let i32 i = 0; loop (20) { if (i >= 6) { break; } i = i + (s & 3); n = n + 1; } }",
     "program p(i32 n, i32 s) { n = n + select((s & 3) == 0, 0, (6 + (s & 3) - 1) / select((s & 3) == 0, 1, s & 3)); "
     "}"},
    {"ClosedFormInSpiteOfABreak", PassId::Scev,
     "program p(i32 n, i32 i) { i = 0; loop (20) { if (i == (n & 7)) { break; } i = i + 1; } }",
     "program p(i32 n, i32 i) { i = 0; i = i + 20; }"},
    {"ADeadTrappingDivisionDropped", PassId::Dce, "program p(i32 n, i32 s) { let i32 t = n / s; s = n; }",
     "program p(i32 n, i32 s) { s = n; }"},
    {"ATrappingDivisionHoistedOutOfALoopThatRunsZeroTimes", PassId::Hoist,
     "program p(i32 n, i32 s, i32 a) { loop (n & 1) { a = a + 6 / s; } }",
     "program p(i32 n, i32 s, i32 a) { let i32 t = 6 / s; loop (n & 1) { a = a + t; } }"},
    {"AConstantOverABackEdge", PassId::Prop,
     "program p(i32 n, i32 a) { let i32 k = 1; loop (n & 3) { a = a + k; k = 2; } }",
     "program p(i32 n, i32 a) { let i32 k = 1; loop (n & 3) { a = a + 1; k = 2; } }"},
    {"UnrollRemainderOffByOne", PassId::Unroll, "program p(i32 n, i32 a) { loop (n & 7) { a = a + 3; } }",
     "program p(i32 n, i32 a) { loop ((n & 7) >>> 1) { a = a + 3; a = a + 3; } loop ((n & 7) % 2 + 1) { a = a + 3; } "
     "}"},
    {"SignedDivisionAsAPlainShift", PassId::Simplify, "program p(i32 n, i32 a) { a = n / 4; }",
     "program p(i32 n, i32 a) { a = n >> 2; }"},
    {"AShiftFoldedAtTheWrongWidth", PassId::Fold, "program p(i32 n, i32 a) { a = 1 << 33; }",
     "program p(i32 n, i32 a) { a = 0; }"},
    {"AnOverwrittenOperandReused", PassId::Cse, "program p(i32 n, i32 a) { let i32 t = n + 1; n = 3; a = n + 1; }",
     "program p(i32 n, i32 a) { let i32 t = n + 1; n = 3; a = t; }"},
    {"ABranchWithATrapConverted", PassId::Select, "program p(i32 n, i32 a) { if (a != 0) { n = 7 / a; } }",
     "program p(i32 n, i32 a) { n = select(a != 0, 7 / a, n); }"},
};

class PassFaultTest : public testing::TestWithParam<FaultCase> {};

TEST_P(PassFaultTest, IsConvictedAndBlamedOnItsPass) {
  const FaultCase& fault = GetParam();
  const ast::Program program = parsed(fault.source);
  const opt::Pipeline pipeline = {PassId::Fold, PassId::Dce, fault.pass};

  const BatchReport control = judged(program, opt::default_pipeline(), {});
  EXPECT_EQ(said(control, Verdict::Agree), 1U) << "the control is convicted";

  // In front of the guilty pass others run, and must not be blamed.
  std::map<PassId, ast::Program> faults;
  faults.emplace(fault.pass, parsed(fault.wrong));
  const bool first = fault.pass == PassId::Fold || fault.pass == PassId::Dce;
  const BatchReport report = judged(program, first ? opt::Pipeline{fault.pass} : pipeline, std::move(faults));
  EXPECT_EQ(said(report, Verdict::Agree), 0U);
  ASSERT_EQ(report.convictions.size(), 1U);
  const Conviction& conviction = report.convictions[0];
  ASSERT_TRUE(conviction.pass);
  EXPECT_EQ(opt::pass_info(*conviction.pass).name, opt::pass_info(fault.pass).name);
  EXPECT_THAT(explain(conviction, program, {}),
              Contains(HasSubstr("guilty pass: " + std::string(opt::pass_info(fault.pass).name))));
}

INSTANTIATE_TEST_SUITE_P(Faults, PassFaultTest, testing::ValuesIn(kFaults),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(PassOracleTest, APassThatGivesNoValidProgramIsConvicted) {
  ast::Program broken = parsed("program p(i32 n) { n = n + 1; }");
  broken.node(broken.body()).b = ast::NodeId::kNoneValue;
  std::map<PassId, ast::Program> faults;
  faults.emplace(PassId::Cse, broken);
  const BatchReport report = judged(parsed("program p(i32 n) { n = n + 1; }"), {PassId::Cse}, std::move(faults));
  ASSERT_EQ(report.convictions.size(), 1U);
  EXPECT_EQ(report.convictions[0].differences.front().kind, DifferenceKind::Invalid);
  EXPECT_FALSE(report.convictions[0].message.empty());
}

// The compiler goes by numbers, so names that clash change nothing that runs.
TEST(PassOracleTest, NamesThatClashAreConvictedByThisOracleOnly) {
  const ast::Program program = parsed("program p(i32 n) { let i32 a = n; let i32 b = n; n = a + b; }");
  ast::Program clash = program;
  clash.set_variable_name(ast::VarId{2}, "a");
  for (const OracleId oracle : {OracleId::Passes, OracleId::EmulatedSystemV}) {
    std::map<PassId, ast::Program> faults;
    faults.emplace(PassId::Cse, clash);
    const BatchReport report = judged(program, {PassId::Cse}, std::move(faults), oracle);
    EXPECT_EQ(report.convictions.size(), oracle == OracleId::Passes ? 1U : 0U);
  }
}

TEST(PassOracleTest, APassThatMakesAProgramEndlessIsConvicted) {
  std::map<PassId, ast::Program> faults;
  faults.emplace(PassId::Unroll, parsed("program p(i32 n) { while (1) { } }"));
  const BatchReport report = judged(parsed("program p(i32 n) { n = 1; }"), {PassId::Unroll}, std::move(faults));
  EXPECT_EQ(said(report, Verdict::Timeout), 1U);
}

TEST(PassOracleTest, OfTwoGuiltyPassesTheFirstIsNamed) {
  const ast::Program program = parsed("program p(i32 n) { n = n + 1; }");
  std::map<PassId, ast::Program> faults;
  faults.emplace(PassId::Unroll, parsed("program p(i32 n) { n = n + 2; }"));
  faults.emplace(PassId::Cse, parsed("program p(i32 n) { n = n + 3; }"));
  const BatchReport report = judged(program, {PassId::Fold, PassId::Unroll, PassId::Cse}, std::move(faults));
  ASSERT_EQ(report.convictions.size(), 1U);
  EXPECT_EQ(report.convictions[0].pass, PassId::Unroll);
}

// What the interpreter cannot finish is compared on the CPU: the program as it stands against what the passes made of
// it.
class LongRunTest : public testing::Test {
 protected:
  static BatchReport judged_on_the_cpu(std::map<PassId, ast::Program> faults) {
    static const ast::Program program =
        parsed("program p(i32 n, i32 i, i32 sum) { i = 0; while (i < 1000000) { sum = sum + i * n; i = i + 1; } }");
    JudgeConfig config;
    config.fuel = 1000;
    config.enabled.fill(false);
    for (const OracleId oracle : {OracleId::NativeSystemV, OracleId::LongRuns}) {
      config.enabled[static_cast<std::size_t>(oracle)] = true;
    }
    auto judge =
        Judge::create(config, std::make_unique<JitBlockSource>(), std::make_unique<FaultySource>(std::move(faults)));
    EXPECT_TRUE(judge) << judge.error().describe();
    static const std::vector<Frame> inputs = {{1, 2, 3}, {0xFFFF'FFFF, 0, 7}};
    BatchReport report;
    const std::array subjects = {Subject{&program, inputs, {}, false, {PassId::Scev}}};
    EXPECT_TRUE(judge.value()->judge(subjects, report));
    return report;
  }
  static std::uint64_t said_of_long_runs(const BatchReport& report, Verdict verdict) {
    return report.counts.verdicts[static_cast<std::size_t>(OracleId::LongRuns)][static_cast<std::size_t>(verdict)];
  }
};

TEST_F(LongRunTest, ASolvedLoopAgreesWithAMillionIterations) {
  const BatchReport report = judged_on_the_cpu({});
  EXPECT_EQ(said_of_long_runs(report, Verdict::Agree), 1U);
  EXPECT_EQ(report.counts.compared, 1U);
}

TEST_F(LongRunTest, AWrongClosedFormIsConvicted) {
  std::map<PassId, ast::Program> faults;
  faults.emplace(
      PassId::Scev,
      parsed("program p(i32 n, i32 i, i32 sum) { i = 1000000; sum = sum + n * (1000001 * 1000000 >>> 1); }"));
  const BatchReport report = judged_on_the_cpu(std::move(faults));
  EXPECT_EQ(said_of_long_runs(report, Verdict::Diverge), 1U);
}

TEST_F(LongRunTest, OneThatOnlyTakesLongerIsNoRunaway) {
  std::map<PassId, ast::Program> faults;
  // Up to twice the time of a run, before the same loop; on a CPU that is five times as slow still less than ten times.
  faults.emplace(PassId::Scev,
                 parsed("program p(i32 n, i32 i, i32 sum) { let i32 w = 0; while (w < 100000000) { w = w + 1; } i = 0; "
                        "while (i < 1000000) { sum = sum + i * n; i = i + 1; } }"));
  const BatchReport report = judged_on_the_cpu(std::move(faults));
  EXPECT_EQ(said_of_long_runs(report, Verdict::Agree), 1U);
}

TEST_F(LongRunTest, AnEndlessClosedFormIsConvicted) {
  std::map<PassId, ast::Program> faults;
  faults.emplace(PassId::Scev, parsed("program p(i32 n, i32 i, i32 sum) { while (1) { sum = sum + n; } }"));
  const BatchReport report = judged_on_the_cpu(std::move(faults));
  EXPECT_EQ(said_of_long_runs(report, Verdict::Timeout), 1U);
}

TEST(PassOracleTest, AProgramWithoutPassesIsNotCountedAsJudged) {
  const BatchReport report = judged(parsed("program p(i32 n) { n = n + 1; }"), {}, {});
  EXPECT_EQ(said(report, Verdict::Agree), 0U);
  EXPECT_EQ(said(report, Verdict::Skipped), 1U);
  EXPECT_EQ(report.counts.compared, 0U);
}

TEST(PassOracleTest, PassesAndLoopClassesAreCounted) {
  const ast::Program program =
      parsed("program p(i32 n, i32 i, i32 sum) { n = n & 31; i = 0; while (i < n) { sum = sum + i; i = i + 1; } }");
  const BatchReport report = judged(program, {PassId::Scev, PassId::Fold}, {});
  const PassCounts& passes = report.counts.passes;
  EXPECT_EQ(passes.ran[static_cast<std::size_t>(PassId::Scev)], 1U);
  EXPECT_EQ(passes.fired[static_cast<std::size_t>(PassId::Scev)], 1U);
  EXPECT_EQ(passes.ran[static_cast<std::size_t>(PassId::Fold)], 1U);
  EXPECT_EQ(passes.solved[static_cast<std::size_t>(scev::LoopClass::Polynomial)], 1U);
}

}  // namespace
}  // namespace assay::oracles
