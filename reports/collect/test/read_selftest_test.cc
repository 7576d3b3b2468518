// Scores of the self-test; see reports/collect/read_selftest.h.
#include "reports/collect/read_selftest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fuzz/selftest/score.h"

namespace assay::reports {
namespace {

using fuzz::selftest::FaultScore;
using fuzz::selftest::Score;
using fuzz::selftest::Trial;

FaultScore fault(const std::string& name, std::initializer_list<bool> detections) {
  FaultScore one;
  one.name = name;
  one.instrument = "fuzz";
  for (const bool detected : detections) {
    Trial trial;
    trial.detected = detected;
    trial.oracle = detected ? "encoding" : "";
    trial.cpu_seconds = 2;
    one.trials.push_back(trial);
  }
  return one;
}

Score score() {
  Score one;
  one.controls = {fault("none", {false})};
  one.faults = {fault("a", {true, true, false}), fault("b", {true, false, false})};
  return one;
}

TEST(ReadSelftestTest, TakesEveryFault) {
  const auto rows = read_selftest(to_json(score()), "s.json");
  ASSERT_TRUE(rows) << rows.error().describe();
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].detected, 2U);
  EXPECT_TRUE((*rows)[0].in_the_median);
  EXPECT_EQ((*rows)[0].oracle, "encoding");
  EXPECT_EQ((*rows)[0].median_cpu_seconds, 2);
  EXPECT_FALSE((*rows)[1].in_the_median);
  EXPECT_TRUE(std::isinf((*rows)[1].median_cpu_seconds));
}

TEST(ReadSelftestTest, AScoreThatIsNotValidIsNotShown) {
  Score spoilt = score();
  spoilt.controls[0] = fault("none", {true});
  const auto rows = read_selftest(to_json(spoilt), "s.json");
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().describe(), testing::StartsWith("s.json: this score is not valid"));
}

TEST(ReadSelftestTest, WhatIsNoScoreIsAnErrorWithTheFile) {
  const auto rows = read_selftest("[]", "s.json");
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().describe(), testing::StartsWith("s.json: "));
}

}  // namespace
}  // namespace assay::reports
