// Summaries of campaigns; see reports/collect/read_summary.h.
#include "reports/collect/read_summary.h"

#include <gtest/gtest.h>

#include "fuzz/campaign/summary.h"

namespace assay::reports {
namespace {

fuzz::CampaignSummary summary() {
  fuzz::CampaignSummary summary;
  summary.config.seed = 7;
  summary.seconds = 2.5;
  summary.judged.programs = 100;
  summary.judged.compared = 90;
  summary.judged.skipped[static_cast<std::size_t>(oracles::SkipReason::OutOfFuel)] = 10;
  summary.judged.verdicts[static_cast<std::size_t>(oracles::OracleId::Encoding)][0] = 90;
  summary.judged.passes.ran[0] = 90;
  summary.judged.passes.fired[0] = 40;
  summary.forms[0] = 1234;
  summary.registers[0][12] = 34;
  summary.kinds[0] = 55;
  summary.proofs = {5, 1, 2, 3, 99, 1'500'000'000};
  summary.signatures.push_back({"passes/fold/-/-/slot", "a.nda", 12});
  summary.job_errors = {"job 3 died"};
  return summary;
}

TEST(ReadSummaryTest, TakesEveryFigureOfWhatAssayFuzzPrints) {
  Report report;
  const auto figures = read_summary(fuzz::print_summary_json(summary()), "s.json", report);
  ASSERT_TRUE(figures) << figures.error().describe();
  EXPECT_TRUE(report.campaign);
  EXPECT_EQ(report.seed, "0x7");
  EXPECT_EQ(report.programs, 100U);
  EXPECT_EQ(report.compared, 90U);
  EXPECT_EQ(report.oracles.size(), oracles::kOracleCount);
  EXPECT_EQ(report.oracles[1].name, "encoding");
  EXPECT_EQ(report.oracles[1].agree, 90U);
  EXPECT_EQ(report.passes[0].first, 90U);
  EXPECT_EQ(report.passes[0].second, 40U);
  EXPECT_EQ(report.forms.size(), x64::kFormCount);
  EXPECT_EQ(report.forms[0].value, 1234U);
  EXPECT_EQ(report.registers.size(), 16U);
  EXPECT_EQ(report.registers[12], "r12");
  ASSERT_FALSE(report.form_registers.empty());
  EXPECT_EQ(report.form_registers[0].form, report.forms[0].name);
  EXPECT_EQ(report.form_registers[0].counts[12], 34U);
  EXPECT_EQ(report.node_kinds.size(), ast::kNodeKindCount);
  EXPECT_EQ(report.node_kinds[0].value, 55U);
  EXPECT_EQ(report.operators.size(), ast::kOpCount);
  EXPECT_EQ(report.proof_counts.proved, 5U);
  EXPECT_EQ(report.proof_counts.refuted, 1U);
  EXPECT_EQ(report.proof_counts.unknown, 2U);
  EXPECT_EQ(report.proof_counts.declined, 3U);
  EXPECT_EQ(report.proof_counts.over_budget, 99U);
  EXPECT_EQ(report.proof_counts.met(), 110U);
  EXPECT_EQ(report.proof_counts.seconds, 1.5);
  ASSERT_EQ(figures->signatures.size(), 1U);
  EXPECT_EQ(figures->signatures[0].value, 12U);
  EXPECT_EQ(figures->harness_failures, (std::vector<std::string>{"job 3 died"}));
}

TEST(ReadSummaryTest, TheCommandRepeatsTheCampaign) {
  Report report;
  ASSERT_TRUE(read_summary(fuzz::print_summary_json(summary()), "s.json", report));
  EXPECT_EQ(report.command,
            "assay fuzz --seed 0x7 --programs 100 --fuel 100000 --passes swarm --oracles "
            "passes,encoding,emulated-sysv,emulated-win64,native-sysv,native-win64,tiered,long-runs,metamorphic");
}

TEST(ReadSummaryTest, WhatIsNoSummaryIsAnErrorWithTheFile) {
  for (const char* const text :
       {"", "{", "[]", "{}", "{\"schema_version\": \"one\"}", "{\"schema_version\": 1}", "null"}) {
    Report report;
    const auto figures = read_summary(text, "s.json", report);
    ASSERT_FALSE(figures) << text;
    EXPECT_EQ(figures.error().kind, base::ErrorKind::Input);
    EXPECT_TRUE(figures.error().describe().starts_with("s.json: ")) << figures.error().describe();
  }
}

TEST(ReadSummaryTest, ASummaryOfABuildWithoutProofsHasNone) {
  std::string text = fuzz::print_summary_json(summary());
  text.replace(text.find("\"proofs\""), 8, "\"proofz\"");
  Report report;
  ASSERT_TRUE(read_summary(text, "s.json", report));
  EXPECT_EQ(report.proof_counts.met(), 0U);
}

TEST(ReadSummaryTest, AMissingFigureIsAnErrorAndNotZero) {
  std::string text = fuzz::print_summary_json(summary());
  const auto at = text.find("\"programs_compared\"");
  text.replace(at, 19, "\"programs_comparex\"");
  Report report;
  EXPECT_FALSE(read_summary(text, "s.json", report));
}

TEST(ReadSummaryTest, AnotherSchemaVersionIsRefused) {
  Report report;
  const auto figures = read_summary("{\"schema_version\": 99}", "s.json", report);
  ASSERT_FALSE(figures);
  EXPECT_NE(figures.error().message.find("schema version 99"), std::string::npos);
}

}  // namespace
}  // namespace assay::reports
