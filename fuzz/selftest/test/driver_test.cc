// From a fault to its score, with the build that this test is a part of. Seed 1; the programs are the same everywhere.
#include "fuzz/selftest/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/selftest/test/support.h"

namespace assay::fuzz::selftest {
namespace {

using testing::HasSubstr;

DriverConfig config() {
  DriverConfig one;
  one.build = ASSAY_BUILD_DIR;
  one.source = ASSAY_SOURCE_DIR;
  one.seeds = 1;
  one.cpu_seconds = 18;  // of which the campaign has a third; under a sanitizer a fault takes more than one
  one.command = "test";
  return one;
}

TEST(Driver, DetectsAFaultEndToEndAndKeepsItsControlSilent) {
  const auto score = run_selftest(config(), {swapped_comparison("driver")}, nullptr);
  ASSERT_TRUE(score) << score.error().describe();
  ASSERT_EQ(score->controls.size(), 2U);  // the campaign and the prover
  for (const FaultScore& control : score->controls) {
    EXPECT_EQ(control.error, "");
    EXPECT_EQ(control.detected(), 0U);
    EXPECT_GT(control.trials.at(0).programs, 0U);
  }
  ASSERT_EQ(score->faults.size(), 1U);
  const FaultScore& fault = score->faults[0];
  EXPECT_EQ(fault.error, "");
  ASSERT_EQ(fault.trials.size(), 1U);
  EXPECT_TRUE(fault.trials[0].detected);
  EXPECT_EQ(fault.trials[0].oracle, "passes");
  EXPECT_GT(fault.trials[0].reached.value_or(0), 0U);
  EXPECT_GT(fault.trials[0].changed.value_or(0), 0U);
  EXPECT_TRUE(score->valid());
}

TEST(Driver, DoesNotDetectWhatTheOracleThatIsOffWouldSay) {
  DriverConfig without = config();
  without.cpu_seconds = 1;
  without.without = {"passes", "emulated-sysv", "emulated-win64", "native-sysv", "native-win64",
                     "tiered", "long-runs",     "metamorphic",    "smt"};
  const auto score = run_selftest(without, {swapped_comparison("ablation")}, nullptr);
  ASSERT_TRUE(score) << score.error().describe();
  EXPECT_EQ(score->faults.at(0).detected(), 0U);
}

TEST(Driver, AsksTheProverWhereTheCampaignFindsNothing) {
  DriverConfig proofs_alone = config();
  proofs_alone.cpu_seconds = 12;
  proofs_alone.without = {"passes",       "emulated-sysv", "emulated-win64", "native-sysv",
                          "native-win64", "tiered",        "long-runs",      "metamorphic"};
  const Fault fault =
      fault_in("unproved", "core/scev/closed_form.cc", "return recurrence_after(sequence.recurrence, count_);",
               "return recurrence_after(sequence.recurrence, FAULT(count_, last_));");
  const auto score = run_selftest(proofs_alone, {fault}, nullptr);
  ASSERT_TRUE(score) << score.error().describe();
  const FaultScore& one = score->faults.at(0);
  EXPECT_EQ(one.error, "");
  ASSERT_EQ(one.detected(), 1U);
  EXPECT_EQ(one.trials[0].oracle, "smt");
}

TEST(Driver, ADyingVariantIsDetectedByTheHarness) {
  const Fault fault = fault_in("dying", "core/opt/comparisons.cc", "case Op::LeS:\n      return Op::GtS;",
                               "case Op::LeS:\n      __builtin_trap();");
  const auto score = run_selftest(config(), {fault}, nullptr);
  ASSERT_TRUE(score) << score.error().describe();
  const FaultScore& one = score->faults.at(0);
  ASSERT_EQ(one.detected(), 1U);
  EXPECT_EQ(one.trials[0].oracle, "harness");
  EXPECT_EQ(one.trials[0].verdict, "crash");
}

TEST(Driver, AFaultThatDoesNotApplyMakesTheScoreInvalid) {
  const Fault fault = fault_in("stale", "core/opt/comparisons.cc", "no such text", "other text");
  DriverConfig short_one = config();
  short_one.cpu_seconds = 0.5;
  const auto score = run_selftest(short_one, {fault}, nullptr);
  ASSERT_TRUE(score) << score.error().describe();
  EXPECT_THAT(score->faults.at(0).error, HasSubstr("is not there"));
  EXPECT_EQ(score->faults[0].detected(), 0U);
  EXPECT_FALSE(score->valid());
}

TEST(Driver, AnErrorOfTheListenerEndsTheRun) {
  DriverConfig short_one = config();
  short_one.cpu_seconds = 0.5;
  const auto score = run_selftest(
      short_one, {fault_in("stale", "core/opt/comparisons.cc", "no such text", "x")},
      [](const Score&, const FaultScore&) -> base::Result<void> { return base::system_error("the disk is full"); });
  ASSERT_FALSE(score);
  EXPECT_EQ(score.error().message, "the disk is full");
}

TEST(Driver, KnowsTheOracles) {
  EXPECT_TRUE(is_oracle("encoding"));
  EXPECT_TRUE(is_oracle("smt"));
  EXPECT_TRUE(is_oracle("abi"));
  EXPECT_FALSE(is_oracle("harness"));
}

TEST(FirstFailedTest, NamesIt) {
  EXPECT_EQ(first_failed_test("[ RUN      ] A.B\n[  FAILED  ] A.B (3 ms)\n[  FAILED  ] C.D (1 ms)\n"), "A.B");
  EXPECT_EQ(first_failed_test("[  PASSED  ] 3 tests.\n"), "");
}

}  // namespace
}  // namespace assay::fuzz::selftest
