// Reports as SARIF 2.1.0; see reports/sarif/sarif_report.h.
#include "reports/sarif/sarif_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "reports/model/test/hostile_report.h"

namespace assay::reports {
namespace {

using Json = nlohmann::json;

Json run_of(const Report& report) { return Json::parse(render_sarif(report)).at("runs").at(0); }

TEST(SarifReportTest, IsOneRunOfVersion210) {
  const Json json = Json::parse(render_sarif(test::small_report()));
  EXPECT_EQ(json.at("version"), "2.1.0");
  EXPECT_EQ(json.at("runs").size(), 1U);
  EXPECT_EQ(json.at("runs")[0].at("tool").at("driver").at("version"), "0.1.0");
}

TEST(SarifReportTest, AResultStandsAtTheGuiltyFile) {
  const Json result = run_of(test::small_report()).at("results").at(0);
  const Json place = result.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), "core/opt/fold.cc");
  EXPECT_EQ(place.at("region").at("startLine"), 1);
  EXPECT_EQ(result.at("level"), "error");
  EXPECT_NE(result.at("message").at("text").get<std::string>().find("Replay: assay replay findings/a.nda"),
            std::string::npos);
}

TEST(SarifReportTest, FingerprintsComeFromSignatures) {
  const Json result = run_of(test::small_report()).at("results").at(0);
  EXPECT_EQ(result.at("partialFingerprints").at("assaySignature/v1"), fingerprint("passes/fold/-/-/slot"));
}

TEST(SarifReportTest, KnownOnesAreSuppressedUnknownOnesWarnAndFixedOnesAreAbsent) {
  const Json results = run_of(test::small_report()).at("results");
  ASSERT_EQ(results.size(), 3U);
  EXPECT_FALSE(results[0].contains("suppressions"));
  EXPECT_EQ(results[1].at("suppressions").at(0).at("kind"), "external");
  EXPECT_EQ(results[2].at("level"), "warning");
}

TEST(SarifReportTest, EveryResultHasItsRule) {
  const Report report = test::small_report();
  const Json run = run_of(report);
  for (const Json& result : run.at("results")) {
    EXPECT_EQ(run.at("tool").at("driver").at("rules").at(result.at("ruleIndex").get<std::size_t>()).at("id"),
              result.at("ruleId"));
  }
}

TEST(SarifReportTest, RulesAreTheOracleWithTheKindOfDifference) {
  Report report = test::small_report();
  report.findings[0].difference = "encoding:disp";
  report.findings[1].oracle = "harness";
  report.findings[1].stage = "hang";
  report.findings[1].difference = "";
  const Json results = run_of(report).at("results");
  EXPECT_EQ(results[0].at("ruleId"), "assay-passes-encoding");
  EXPECT_EQ(results[1].at("ruleId"), "assay-harness-hang");
}

TEST(SarifReportTest, WhatWasNotJudgedIsNotified) {
  const Json invocation = run_of(test::small_report()).at("invocations").at(0);
  EXPECT_EQ(invocation.at("exitCode"), 1);
  EXPECT_EQ(invocation.at("toolExecutionNotifications").at(0).at("message").at("text"),
            "the oracle tiered judged nothing");
  EXPECT_EQ(invocation.at("endTimeUtc"), "2026-01-02T03:04:05Z");
}

TEST(SarifReportTest, AHarnessThatFailedIsNoSuccess) {
  Report report;
  report.verdict = ReportVerdict::HarnessFailed;
  EXPECT_EQ(run_of(report).at("invocations").at(0).at("executionSuccessful"), false);
}

TEST(SarifReportTest, HostileStringsAreNeitherUrisNorIdentifiersNorTimes) {
  const Json run = run_of(test::hostile_report());
  const std::regex plain("^[A-Za-z0-9._~/%-]*$");
  for (const Json& result : run.at("results")) {
    const std::string uri = result.at("locations").at(0).at("physicalLocation").at("artifactLocation").at("uri");
    EXPECT_TRUE(std::regex_match(uri, plain)) << uri;
    EXPECT_TRUE(std::regex_match(result.at("ruleId").get<std::string>(), plain));
  }
  EXPECT_FALSE(run.at("invocations").at(0).contains("endTimeUtc"));
  EXPECT_EQ(run.at("tool").at("driver").at("version"), "0.0.0");
}

TEST(SarifReportTest, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_sarif(test::hostile_report()), render_sarif(test::hostile_report()));
}

}  // namespace
}  // namespace assay::reports
