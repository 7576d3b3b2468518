// Adding up, printing and judging campaigns; see fuzz/campaign/summary.h and progress.h.
#include "fuzz/campaign/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "fuzz/campaign/progress.h"

namespace assay::fuzz {
namespace {

using oracles::OracleId;
using oracles::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;

std::uint64_t& verdicts(CampaignSummary& summary, OracleId oracle, Verdict verdict) {
  return summary.judged.verdicts[static_cast<std::size_t>(oracle)][static_cast<std::size_t>(verdict)];
}

CampaignSummary healthy() {
  CampaignSummary summary;
  summary.seconds = 2;
  summary.cpu_seconds = 4;
  summary.judged.programs = 1000;
  summary.judged.compared = 998;
  summary.judged.skipped[static_cast<std::size_t>(oracles::SkipReason::OutOfFuel)] = 2;
  for (const OracleId oracle : oracles::kAllOracles) verdicts(summary, oracle, Verdict::Agree) = 998;
  return summary;
}

JobFigures with_signature(const char* signature, std::uint64_t count) {
  JobFigures job;
  job.findings = count;
  job.signature_count = 1;
  std::strncpy(job.signatures[0].signature.data(), signature, job.signatures[0].signature.size() - 1);
  std::strncpy(job.signatures[0].file.data(), "f.nda", job.signatures[0].file.size() - 1);
  job.signatures[0].count = count;
  return job;
}

TEST(SummaryTest, AHealthyCampaignPasses) { EXPECT_EQ(healthy().exit_code(), 0); }

TEST(SummaryTest, AFindingFailsTheCampaign) {
  CampaignSummary summary = healthy();
  summary.findings = 1;
  EXPECT_EQ(summary.exit_code(), 1);
}

TEST(SummaryTest, AfterEnoughProgramsAPassThatNeverFiredIsInconclusive) {
  CampaignSummary summary = healthy();
  summary.judged.compared = kEnoughToFire;
  summary.judged.passes.fired.fill(5);
  summary.judged.passes.solved.fill(5);
  EXPECT_EQ(summary.exit_code(), 0);
  summary.judged.passes.fired[static_cast<std::size_t>(opt::PassId::Hoist)] = 0;
  summary.judged.passes.solved[static_cast<std::size_t>(scev::LoopClass::MinMax)] = 0;
  EXPECT_THAT(summary.never_fired(), ElementsAre("pass hoist", "loop class min-max"));
  EXPECT_EQ(summary.exit_code(), 4);
  EXPECT_THAT(print_summary(summary), HasSubstr("inconclusive: pass hoist never fired"));
}

TEST(SummaryTest, PassesThatWereNotDrawnNeedNotFire) {
  CampaignSummary summary = healthy();
  summary.judged.compared = kEnoughToFire;
  summary.config.pipeline = opt::Pipeline{opt::PassId::Dce};
  EXPECT_EQ(summary.exit_code(), 0);
}

TEST(RegisterUseTest, ARegisterCountsOncePerInstruction) {
  RegisterUse use{};
  x64::Intent intent;
  intent.form = x64::Form::AddR32R32;
  intent.operands[0] = {x64::OperandKind::R32, 12, {}, 0};
  intent.operands[1] = {x64::OperandKind::R32, 12, {}, 0};
  count_registers(intent, use);
  EXPECT_EQ(use[static_cast<std::size_t>(x64::Form::AddR32R32)][12], 1U);
  EXPECT_EQ(register_cells(use).hit, 1U);
}

TEST(RegisterUseTest, AnAddressCountsWhereItIsComputedAndNotWhereItIsOfTheFrame) {
  RegisterUse use{};
  x64::Intent intent;
  intent.operands[0] = {x64::OperandKind::R64, 0, {}, 0};
  intent.operands[1] = {x64::OperandKind::M64, 0, x64::at({x64::RegId::R13}, {x64::RegId::R14}, 8), 0};
  for (const x64::Form form : {x64::Form::LeaR64M, x64::Form::AddR64M64}) {
    intent.form = form;
    count_registers(intent, use);
  }
  EXPECT_EQ(use[static_cast<std::size_t>(x64::Form::LeaR64M)][13], 1U);
  EXPECT_EQ(use[static_cast<std::size_t>(x64::Form::LeaR64M)][14], 1U);
  EXPECT_EQ(use[static_cast<std::size_t>(x64::Form::AddR64M64)][0], 1U);
  EXPECT_EQ(register_cells(use).hit, 4U);
}

TEST(RegisterUseTest, FormsWithoutRegistersHaveNoCells) {
  EXPECT_TRUE(takes_registers(x64::Form::AddR32R32));
  EXPECT_FALSE(takes_registers(x64::Form::Ret));
  EXPECT_FALSE(takes_registers(x64::Form::MovM32I32));
  EXPECT_EQ(register_cells({}).all % 16, 0U);
}

TEST(SummaryTest, ALostJobIsAFailureOfTheHarness) {
  CampaignSummary summary = healthy();
  summary.jobs_lost = 1;
  EXPECT_EQ(summary.exit_code(), 3);
}

TEST(SummaryTest, NothingComparedIsInconclusive) {
  CampaignSummary summary;
  EXPECT_EQ(summary.exit_code(), 4);
}

TEST(SummaryTest, AnOracleThatOnlySkippedMakesTheCampaignInconclusive) {
  CampaignSummary summary = healthy();
  verdicts(summary, OracleId::NativeMicrosoft, Verdict::Agree) = 0;
  verdicts(summary, OracleId::NativeMicrosoft, Verdict::Skipped) = 998;
  EXPECT_THAT(summary.silent_oracles(), ElementsAre(OracleId::NativeMicrosoft));
  EXPECT_EQ(summary.exit_code(), 4);
  EXPECT_THAT(print_summary(summary), HasSubstr("the oracle native-win64 judged nothing"));
}

TEST(SummaryTest, AnOracleThatIsOffIsNotSilent) {
  CampaignSummary summary = healthy();
  summary.config.judge.enabled[static_cast<std::size_t>(OracleId::Tiered)] = false;
  verdicts(summary, OracleId::Tiered, Verdict::Agree) = 0;
  EXPECT_EQ(summary.exit_code(), 0);
}

TEST(SummaryTest, JobsAreAddedAndSignaturesMerged) {
  CampaignSummary summary;
  summary.add(with_signature("a", 3));
  summary.add(with_signature("b", 1));
  summary.add(with_signature("a", 4));
  EXPECT_EQ(summary.findings, 8U);
  ASSERT_EQ(summary.signatures.size(), 2U);
  EXPECT_EQ(summary.signatures[0].count, 7U);
  EXPECT_THAT(print_summary(summary), HasSubstr("assay replay findings/f.nda"));
}

TEST(SummaryTest, RatesArePerCpuSecondAndOfComparedPrograms) {
  EXPECT_DOUBLE_EQ(healthy().programs_per_cpu_second(), 249.5);
}

TEST(SummaryTest, TheTextSaysWhatWasSkippedAndWhy) {
  EXPECT_THAT(print_summary(healthy()), HasSubstr("2 (0.200 %): out-of-fuel 2"));
}

TEST(SummaryTest, ProofsAreCountedByWhatCameOfThem) {
  CampaignSummary summary = healthy();
  JobFigures job;
  job.proofs = {3, 1, 2, 4, 5, 600'000'000};
  summary.add(job);
  summary.add(job);
  EXPECT_THAT(print_summary(summary),
              HasSubstr("6, 2 refuted, 4 unknown, 8 not solved alone; 10 met over budget (2 % of the time)"));
  const auto json = nlohmann::json::parse(print_summary_json(summary));
  EXPECT_EQ(json.at("proofs").at("over_budget"), 10);
  EXPECT_DOUBLE_EQ(json.at("proofs").at("seconds"), 1.2);
  summary.config.proofs.share = 0;
  EXPECT_EQ(proofs_text(summary), "off");
}

TEST(SummaryTest, WhatIsUnknownIsNoFinding) {
  CampaignSummary summary = healthy();
  summary.proofs.unknown = 7;
  summary.proofs.over_budget = 9;
  EXPECT_EQ(summary.exit_code(), 0);
}

TEST(SummaryTest, TheJsonHoldsEveryPromisedField) {
  const auto json = nlohmann::json::parse(print_summary_json(healthy()));
  EXPECT_EQ(json.at("schema_version"), kSummarySchemaVersion);
  EXPECT_EQ(json.at("programs_generated"), 1000);
  EXPECT_EQ(json.at("programs_compared"), 998);
  EXPECT_EQ(json.at("programs_skipped").at("out-of-fuel"), 2);
  EXPECT_EQ(json.at("verdicts").at("native-sysv").at("agree"), 998);
  EXPECT_EQ(json.at("findings"), 0);
  for (const char* const field : {"seed", "seconds", "cpu_seconds", "instructions_decoded", "programs_per_cpu_second",
                                  "build", "configuration", "instruction_forms", "finding_signatures"}) {
    EXPECT_TRUE(json.contains(field)) << field;
  }
}

TEST(ProgressTest, TheLineHoldsTheFiguresAndKeepsToItsWidth) {
  CampaignSummary summary = healthy();
  summary.config.seconds = 60;
  EXPECT_EQ(progress_line(summary, 200), "2/60 s  1000 programs  250/cpu-s  skipped 0.20%  findings 0");
  EXPECT_EQ(progress_line(summary, 10).size(), 10U);
}

}  // namespace
}  // namespace assay::fuzz
