// Names, exit codes and fingerprints of reports; see reports/model/report.h.
#include "reports/model/report.h"

#include <gtest/gtest.h>

#include "reports/model/test/hostile_report.h"

namespace assay::reports {
namespace {

TEST(ReportTest, VerdictsHaveTheExitCodesOfEveryCommand) {
  EXPECT_EQ(exit_code(ReportVerdict::Pass), 0);
  EXPECT_EQ(exit_code(ReportVerdict::Findings), 1);
  EXPECT_EQ(exit_code(ReportVerdict::Unreadable), 2);
  EXPECT_EQ(exit_code(ReportVerdict::HarnessFailed), 3);
  EXPECT_EQ(exit_code(ReportVerdict::Inconclusive), 4);
}

TEST(ReportTest, AnEmptyReportIsNoPass) { EXPECT_EQ(Report{}.verdict, ReportVerdict::Inconclusive); }

TEST(ReportTest, CountsFindingsByState) {
  const Report report = test::small_report();
  for (const FindingState state : kAllStates) EXPECT_EQ(report.count(state), 1U) << name(state);
}

TEST(ReportTest, FingerprintsDependOnTheSignatureAlone) {
  EXPECT_EQ(fingerprint(""), "cbf29ce484222325");
  EXPECT_EQ(fingerprint("a"), "af63dc4c8601ec8c");  // the published FNV-1a value
  EXPECT_NE(fingerprint("passes/fold/-/-/slot"), fingerprint("passes/cse/-/-/slot"));
}

TEST(ReportTest, NumbersAreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

TEST(ReportTest, HitsLeaveOutZeros) { EXPECT_EQ(hits({{"a", 1}, {"b", 0}, {"c", 3}}), 2U); }

TEST(ReportTest, OnlyATimeIsATime) {
  EXPECT_TRUE(is_utc_time("2026-01-02T03:04:05Z"));
  for (const char* const other :
       {"", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02T03:04:05Z ", "<script>alert(1)</s>Z"})
    EXPECT_FALSE(is_utc_time(other)) << other;
}

}  // namespace
}  // namespace assay::reports
