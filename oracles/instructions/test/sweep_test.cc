// A short run over all forms agrees, and is the same however many jobs share it.
#include "oracles/instructions/sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace assay::oracles::instructions {
namespace {

std::uint64_t test_seed() {
  const char* text = std::getenv("ASSAY_TEST_SEED");
  return text == nullptr ? 20'261'128 : std::strtoull(text, nullptr, 0);
}

TEST(Sweep, AShortRunOverAllFormsAgrees) {
  SweepOptions options;
  options.runs = 20'000;
  options.seed = test_seed();
  std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  const auto report = sweep_instructions(options);
  ASSERT_TRUE(report) << report.error().describe();
  EXPECT_EQ(report->runs, 20'000U);
  EXPECT_FALSE(report->found_something());
  EXPECT_TRUE(report->looked_at_everything());
  for (const Finding& one : report->tally.findings) ADD_FAILURE() << one.text;
  const FormTally total = report->tally.total();
  EXPECT_EQ(total.cpu_agrees, report->runs);
  EXPECT_GT(total.emulator_agrees, report->runs * 9 / 10);
}

TEST(Sweep, WhatIsRunDependsOnTheSeedAndNotOnTheJobs) {
  Judged judged = the_product();
  // Something to find, so that there is something to compare.
  judged.semantics = [](const Instruction& one, const State& before) {
    Effect effect = execute(one, before);
    if (one.form == x64::Form::NegR32) effect.after.flags ^= kAdjust;
    return effect;
  };
  SweepOptions options;
  options.runs = 30'000;  // two chunks
  options.seed = 3;
  const auto one = sweep_instructions(options, judged);
  options.jobs = 3;
  const auto three = sweep_instructions(options, judged);
  ASSERT_TRUE(one && three);
  EXPECT_TRUE(one->found_something());
  EXPECT_EQ(one->tally.total().cpu_differs, three->tally.total().cpu_differs);
  ASSERT_EQ(one->tally.findings.size(), three->tally.findings.size());
  for (std::size_t i = 0; i < one->tally.findings.size(); ++i) {
    EXPECT_EQ(one->tally.findings[i].run, three->tally.findings[i].run);
    EXPECT_EQ(one->tally.findings[i].on_cpu, three->tally.findings[i].on_cpu);
  }
}

TEST(Sweep, TooFewRunsForAllFormsAreNotEverything) {
  SweepOptions options;
  options.runs = 160;
  const auto report = sweep_instructions(options);
  ASSERT_TRUE(report) << report.error().describe();
  EXPECT_FALSE(report->found_something());
  EXPECT_FALSE(report->looked_at_everything());
}

TEST(Sweep, NothingIsNotAPass) { EXPECT_FALSE(SweepReport{}.looked_at_everything()); }

TEST(Sweep, FormsThatTheCpuLacksAreListedWithTheFeature) {
  const std::vector<NotRun> everything = forms_not_run({true, true, true, true});
  EXPECT_EQ(everything.size(), 4U);
  const std::vector<NotRun> without = forms_not_run({true, true, true, false});
  EXPECT_EQ(without.size(), 12U);
  const bool named =
      std::ranges::any_of(without, [](const NotRun& one) { return one.reason == "this CPU has no bmi2"; });
  EXPECT_TRUE(named);
}

TEST(Sweep, AHarnessThatFailsSaysSo) {
  Judged judged = the_product();
  judged.semantics = [](const Instruction&, const State& before) {
    Effect effect;
    effect.after = before;
    effect.ending = Ending::NotModelled;
    return effect;
  };
  SweepOptions options;
  options.runs = 1000;
  EXPECT_FALSE(sweep_instructions(options, judged));
}

}  // namespace
}  // namespace assay::oracles::instructions
