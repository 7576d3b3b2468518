// Reports as JSON, against the published schema; see reports/json/json_report.h.
#include "reports/json/json_report.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "reports/json/test/schema_check.h"
#include "reports/model/test/hostile_report.h"

namespace assay::reports {
namespace {

test::SchemaCheck schema() {
  const auto text = base::read_file(ASSAY_SOURCE_DIR "/reports/json/report.schema.json", 1U << 20U);
  EXPECT_TRUE(text) << text.error().describe();
  return test::SchemaCheck(nlohmann::json::parse(*text));
}

std::string problems(const nlohmann::json& json) {
  std::string text;
  for (const std::string& one : schema().problems(json)) text += one + "\n";
  return text;
}

TEST(JsonReportTest, IsValidUnderThePublishedSchema) {
  EXPECT_EQ(problems(nlohmann::json::parse(render_json(test::small_report()))), "");
}

TEST(JsonReportTest, AHostileReportIsValidToo) {
  EXPECT_EQ(problems(nlohmann::json::parse(render_json(test::hostile_report()))), "");
}

TEST(JsonReportTest, AReportWithoutACampaignIsValidToo) {
  Report report;
  report.reasons = {"nothing was judged"};
  const auto json = nlohmann::json::parse(render_json(report));
  EXPECT_EQ(problems(json), "");
  EXPECT_TRUE(json.at("campaign").is_null());
}

TEST(JsonReportTest, TheSchemaRefusesWhatIsNotAReport) {
  const auto good = nlohmann::json::parse(render_json(test::small_report()));
  auto bad = good;
  bad.erase("verdict");
  EXPECT_EQ(problems(bad), "$ lacks verdict\n");
  bad = good;
  bad["verdict"] = "fine";
  EXPECT_EQ(problems(bad), "$.verdict is none of the values\n");
  bad = good;
  bad["findings"][0]["count"] = -1;
  EXPECT_EQ(problems(bad), "$.findings[0].count is too small\n");
  bad = good;
  bad["campaign"]["oracles"][0]["agree"] = "many";
  EXPECT_EQ(problems(bad), "$.campaign is valid under none of the schemas\n");
  bad = good;
  bad["campaign"].erase("proofs");
  EXPECT_EQ(problems(bad), "$.campaign is valid under none of the schemas\n");
  bad = good;
  bad["findings"][0]["fingerprint"] = "x";
  EXPECT_EQ(problems(bad), "$.findings[0].fingerprint does not match the pattern\n");
}

TEST(JsonReportTest, HoldsEveryFigure) {
  const auto json = nlohmann::json::parse(render_json(test::small_report()));
  EXPECT_EQ(json.at("exit_code"), 1);
  EXPECT_EQ(json.at("states").at("new"), 1);
  EXPECT_EQ(json.at("campaign").at("oracles")[0].at("skipped_by_reason")[0].at("count"), 999);
  EXPECT_EQ(json.at("campaign").at("passes")[1].at("fired"), 0);
  EXPECT_EQ(json.at("campaign").at("instruction_forms")[2].at("count"), 0);
  EXPECT_EQ(json.at("campaign").at("proofs").at("proved"), 41);
  EXPECT_EQ(json.at("campaign").at("proofs").at("refuted"), 1);
  EXPECT_EQ(json.at("campaign").at("proofs").at("unknown"), 7);
  EXPECT_EQ(json.at("campaign").at("proofs").at("declined"), 12);
  EXPECT_EQ(json.at("campaign").at("proofs").at("over_budget"), 1300);
  EXPECT_EQ(json.at("campaign").at("status")[1].at("value"), "79");
  EXPECT_EQ(json.at("findings")[0].at("disassembly")[1].at("guilty"), true);
  EXPECT_EQ(json.at("not_looked_into")[0].at("count"), 41);
  EXPECT_EQ(json.at("proofs")[1].at("verdict"), "timeout");
}

TEST(JsonReportTest, StringsSurviveAsTheyAre) {
  Report report = test::small_report();
  report.findings[0].source = "<script>\"\\\n\x01";
  EXPECT_EQ(nlohmann::json::parse(render_json(report)).at("findings")[0].at("source"), report.findings[0].source);
}

TEST(JsonReportTest, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_json(test::hostile_report()), render_json(test::hostile_report()));
}

}  // namespace
}  // namespace assay::reports
