// The statistics of a score, its file, and its table.
#include "fuzz/selftest/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "fuzz/selftest/table.h"

namespace assay::fuzz::selftest {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kNever = std::numeric_limits<double>::infinity();

Trial trial(std::uint64_t seed, const std::string& oracle, std::uint64_t programs) {
  Trial one;
  one.seed = seed;
  one.detected = !oracle.empty();
  one.oracle = oracle;
  one.programs = programs;
  one.cpu_seconds = 1.5;
  one.reached = 3;
  one.changed = one.detected ? 2 : 0;
  return one;
}

FaultScore fault(const std::string& name, std::vector<Trial> trials) {
  FaultScore one;
  one.name = name;
  one.area = "encoder";
  one.row = "row of " + name;
  one.file = "core/x.cc";
  one.why = "because";
  one.remedy = "more time";
  one.instrument = "fuzz";
  one.trials = std::move(trials);
  return one;
}

Score score() {
  Score one;
  one.command = "assay selftest run";
  one.build = "build";
  one.cpu = "cpu";
  one.seeds = 2;
  one.cpu_seconds = 20;
  one.controls = {fault("none", {trial(1, "", 9), trial(2, "", 9)})};
  one.faults = {fault("always", {trial(1, "encoding", 10), trial(2, "native-sysv", 30)}),
                fault("sometimes", {trial(1, "encoding", 10), trial(2, "", 99)}),
                fault("never", {trial(1, "", 99), trial(2, "", 99)})};
  FaultScore same = fault("same", {trial(1, "", 99), trial(2, "", 99)});
  same.same_code = true;
  one.faults.push_back(same);
  return one;
}

TEST(MedianInterval, IsTheMiddleOfTheSamples) {
  EXPECT_EQ(median_interval({5, 1, 3}).median, 3);
  EXPECT_EQ(median_interval({4, 1, 3, 2}).median, 2.5);
}

TEST(MedianInterval, CountsWhatWasNeverDetectedAsLargest) {
  EXPECT_EQ(median_interval({kNever, 1, 2}).median, 2);
  EXPECT_EQ(median_interval({kNever, kNever, 2}).median, kNever);
  EXPECT_EQ(median_interval({kNever, kNever}).median, kNever);
}

TEST(MedianInterval, HasNoIntervalOfFiveSamples) { EXPECT_FALSE(median_interval({1, 2, 3, 4, 5}).low); }

// The table of the sign test: 6 samples 1 to 6; 20 samples the 6th to the 15th.
TEST(MedianInterval, HoldsTheMedianWith95Percent) {
  const MedianInterval six = median_interval({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(six.low, 1);
  EXPECT_EQ(six.high, 6);
  std::vector<double> samples;
  for (int i = 1; i <= 20; ++i) samples.push_back(i);
  const MedianInterval twenty = median_interval(samples);
  EXPECT_EQ(twenty.low, 6);
  EXPECT_EQ(twenty.high, 15);
}

TEST(Score, ComesBackFromItsFile) {
  const Score before = score();
  const auto after = score_from_json(to_json(before), "s.json");
  ASSERT_TRUE(after) << after.error().describe();
  EXPECT_EQ(to_json(*after), to_json(before));
}

TEST(Score, RefusesOtherFiles) {
  for (const char* const text : {"", "[]", "{}", R"({"format": 2})", R"({"format": "1"})"}) {
    const auto one = score_from_json(text, "s.json");
    ASSERT_FALSE(one) << text;
    EXPECT_THAT(one.error().describe(), HasSubstr("s.json: this is not what `assay selftest run` writes"));
  }
}

TEST(Score, IsValidWhenControlsAreSilentAndEveryFaultWasTried) { EXPECT_TRUE(score().valid()); }

TEST(Score, IsNotValidWhenAControlDetectsSomething) {
  Score one = score();
  one.controls[0].trials[1] = trial(2, "encoding", 5);
  EXPECT_FALSE(one.valid());
}

TEST(Score, IsNotValidWhenNothingRan) {
  Score one = score();
  one.controls.clear();
  EXPECT_FALSE(one.valid());
  one = score();
  one.faults.clear();
  EXPECT_FALSE(one.valid());
}

TEST(Score, IsNotValidWhenAFaultCouldNotBeBuilt) {
  Score one = score();
  one.faults[0].error = "does not compile";
  EXPECT_FALSE(one.valid());
}

TEST(UpdatedScore, TakesTheLaterResultOfAFaultAndKeepsTheOthers) {
  Score later = score();
  later.command = "later";
  later.faults = {fault("never", {trial(1, "encoding", 5), trial(2, "encoding", 5)}), fault("new", {})};
  const auto both = updated(score(), later);
  ASSERT_TRUE(both);
  ASSERT_EQ(both->faults.size(), 5U);
  EXPECT_EQ(both->faults[0].name, "always");
  EXPECT_EQ(both->faults[2].detected(), 2U);
  EXPECT_EQ(both->faults[4].name, "new");
  EXPECT_EQ(both->controls.size(), 1U);
  EXPECT_EQ(both->command, "assay selftest run\nlater");
}

TEST(UpdatedScore, RefusesToMixRunsThatWereNotMadeAlike) {
  Score later = score();
  later.cpu_seconds = 5;
  EXPECT_FALSE(updated(score(), later));
  later = score();
  later.without = {"encoding"};
  EXPECT_FALSE(updated(score(), later));
  later = score();
  later.naive = true;
  EXPECT_FALSE(updated(score(), later));
}

TEST(RewordedScore, SaysWhatTheCatalogueSaysNowAndKeepsWhatTheFaultsDid) {
  Score one = score();
  Fault now;
  now.name = "never";
  now.row = "another row";
  now.why = "another reason";
  now.remedy = "a longer run";
  reword(one, std::array<Fault, 1>{now});
  EXPECT_EQ(one.faults[2].row, "another row");
  EXPECT_EQ(one.faults[2].why, "another reason");
  EXPECT_THAT(print_table({&one, 1}),
              HasSubstr("- `never` (encoder, core/x.cc): another reason. It would take a longer run\n"));
  EXPECT_EQ(one.faults[2].trials.size(), score().faults[2].trials.size());
  EXPECT_EQ(one.faults[0].why, score().faults[0].why);
}

TEST(FaultScore, IsEquivalentByProofOnlyWhileNobodyDetectsIt) {
  FaultScore one = fault("f", {trial(1, "", 9)});
  one.proof = "nothing reads it";
  EXPECT_TRUE(one.equivalent());
  one.trials.push_back(trial(2, "encoding", 9));
  EXPECT_FALSE(one.equivalent());
}

TEST(Table, CountsDetectedAmongThoseThatAreNotEquivalent) {
  const Score one = score();
  const std::string text = print_table({&one, 1});
  EXPECT_THAT(text, HasSubstr("| 4 | 1 | 0 | 1 | 1 | 1 | 1 | 33.3 % |"));
  EXPECT_THAT(text,
              HasSubstr("| sometimes | encoder | row of sometimes | 2/2 | 1/2 | 1/2 | encoding | never | never |"));
  EXPECT_THAT(text, HasSubstr("- `never` (encoder, core/x.cc): because"));
  EXPECT_THAT(text, HasSubstr("- `same`: the object code is the same, byte for byte"));
  EXPECT_THAT(text, Not(HasSubstr("not valid")));
}

TEST(Table, SaysThatAScoreIsNotValid) {
  Score one = score();
  one.controls.clear();
  EXPECT_THAT(print_table({&one, 1}), HasSubstr("**This score is not valid:**"));
}

TEST(Table, NamesWhatAnAblationLoses) {
  std::array<Score, 2> both = {score(), score()};
  both[1].without = {"encoding"};
  both[1].faults[1].trials = {trial(1, "", 9), trial(2, "", 9)};
  EXPECT_THAT(print_table(both), HasSubstr("| encoding | 3 | 2 | 1 | sometimes |"));
}

TEST(Table, NamesWhatTheNaiveGeneratorLoses) {
  std::array<Score, 2> both = {score(), score()};
  both[1].naive = true;
  both[1].faults[0].trials = {trial(1, "", 9), trial(2, "", 9)};
  EXPECT_THAT(print_table(both), HasSubstr("swarm, edge values and idioms | 3 | 2 | 1 | always |"));
}

TEST(FaultScore, IsDetectedInTheMedianWithMoreThanHalfOfTheSeeds) {
  EXPECT_TRUE(fault("f", {trial(1, "encoding", 1), trial(2, "encoding", 1), trial(3, "", 9)}).detected_in_the_median());
  EXPECT_FALSE(fault("f", {trial(1, "encoding", 1), trial(2, "", 9)}).detected_in_the_median());
}

TEST(FaultScore, IsOnlyOneOraclesWhereNoOtherEverSpokeFirst) {
  const Score one = score();
  EXPECT_FALSE(only_first_by(one.faults[0], {"encoding"}));
  EXPECT_TRUE(only_first_by(one.faults[0], {"native-sysv", "encoding"})) << "each with one of the seeds";
  EXPECT_TRUE(only_first_by(one.faults[1], {"encoding"}));
  EXPECT_FALSE(only_first_by(one.faults[1], {"native-sysv"}));
  EXPECT_FALSE(only_first_by(one.faults[2], {"encoding"})) << "nobody detected it";
}

TEST(Table, EscapesWhatWouldEndAColumn) {
  Score one = score();
  one.faults[0].row = "a|b";
  EXPECT_THAT(print_table({&one, 1}), HasSubstr("a\\|b"));
}

}  // namespace
}  // namespace assay::fuzz::selftest
