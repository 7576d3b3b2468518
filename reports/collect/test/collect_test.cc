// Reports from folders of findings, with faults planted to be found; see reports/collect/collect.h.
#include "reports/collect/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/base/file.h"
#include "fuzz/campaign/summary.h"
#include "fuzz/findings/environment.h"
#include "fuzz/reduce/test/planted_faults.h"
#include "reports/store/store.h"

namespace assay::reports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

base::Result<std::unique_ptr<oracles::Judge>> honest(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
}

// Folding gives - for +.
base::Result<std::unique_ptr<oracles::Judge>> wrong_pass(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>(),
                                std::make_unique<fuzz::planted::WrongPass>(
                                    opt::PassId::Fold, fuzz::planted::taken_for(ast::Op::Add, ast::Op::Sub)));
}

// The compiler selects - for +.
base::Result<std::unique_ptr<oracles::Judge>> wrong_compiler(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config, std::make_unique<fuzz::planted::WrongCompiler>(
                                            fuzz::planted::taken_for(ast::Op::Add, ast::Op::Sub), nullptr));
}

constexpr std::string_view kAddition = "program p(i32 a, i32 b) { b = a + 1; }\n";
constexpr std::string_view kFoldSignature = "passes/fold/-/-/slot";

std::string finding(std::string_view signature, std::string_view program = kAddition) {
  return "// assay-finding: 1\n// oracle: " + std::string(signature.substr(0, signature.find('/'))) +
         "\n// verdict: diverge\n// signature: " + std::string(signature) +
         "\n// seed: 0x7\n// program: 41\n// passes: fold\n// input: 0x5 0x0\n//| what was said\n" +
         std::string(program);
}

class CollectTest : public testing::Test {
 protected:
  CollectTest() {
    std::filesystem::create_directories(folder_ / "findings");
    std::filesystem::create_directories(folder_ / "known");
    config_.folder = (folder_ / "findings").string();
    config_.generated = "2026-01-02T03:04:05Z";
  }
  ~CollectTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    const auto written = base::write_file_atomically((folder_ / name).string(), text);
    ASSERT_TRUE(written) << written.error().describe();
  }

  [[nodiscard]] Report run(const fuzz::JudgeFactory& judge) const {
    auto report = collect(config_, judge);
    EXPECT_TRUE(report) << report.error().describe();
    return report ? std::move(report).value() : Report{};
  }

  CollectConfig config_;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("assay_collect_" + std::to_string(::getpid()));
};

TEST_F(CollectTest, AFindingThatAnOracleConvictsIsNewAndShownInFull) {
  write("findings/a.nda", finding(kFoldSignature));
  const Report report = run(wrong_pass);
  EXPECT_EQ(report.verdict, ReportVerdict::Findings);
  EXPECT_THAT(report.reasons, ElementsAre("1 new signature"));
  ASSERT_EQ(report.findings.size(), 1U);
  const ReportFinding& one = report.findings[0];
  EXPECT_EQ(one.state, FindingState::New);
  EXPECT_EQ(one.signature, kFoldSignature);
  EXPECT_EQ(one.stage, "fold");
  EXPECT_EQ(one.source_file, "core/opt/fold.cc");
  EXPECT_EQ(one.verdict, "diverge");
  EXPECT_EQ(one.inputs, "a=0x5 b=0x0");
  EXPECT_EQ(one.program_index, "41");
  EXPECT_THAT(one.source, HasSubstr("a + 1"));
  EXPECT_THAT(one.after_pass, HasSubstr("a - 1"));
  EXPECT_EQ(one.reduced, "");
  EXPECT_THAT(one.explanation, Contains("guilty pass: fold"));
  EXPECT_EQ(one.replay_command, "assay replay " + config_.folder + "/a.nda");
  ASSERT_EQ(one.states.size(), 3U);
  EXPECT_EQ(one.states[1].what, "slot 0 (a)");
  EXPECT_FALSE(one.states[1].differs);
  EXPECT_EQ(one.states[2].expected, "0x0000000000000006");
  EXPECT_EQ(one.states[2].got, "0x0000000000000004");
  EXPECT_TRUE(one.states[2].differs);
}

TEST_F(CollectTest, AWrongCompilerIsShownWithItsCode) {
  write("findings/a.nda", finding("emulated-sysv/codegen/-/-/slot"));
  const Report report = run(wrong_compiler);
  ASSERT_EQ(report.findings.size(), 1U);
  const ReportFinding& one = report.findings[0];
  EXPECT_EQ(one.state, FindingState::New);
  EXPECT_EQ(one.signature, "emulated-sysv/codegen/-/-/slot");
  ASSERT_FALSE(one.disassembly.empty());
  EXPECT_THAT(one.disassembly.back().text, HasSubstr("ret"));
  EXPECT_EQ(one.disassembly.back().bytes, "c3");
}

TEST_F(CollectTest, AWrongByteIsShownWithTheOneThatWasIntended) {
  write("findings/a.nda", finding("encoding/codegen/-/-/encoding:opcode"));
  const Report report = run([](const oracles::JudgeConfig& config) {
    return oracles::Judge::create(config, std::make_unique<fuzz::planted::WrongCompiler>(
                                              nullptr, [](const ast::Program&, jit::CompiledBlock& block) {
                                                block.code[block.intents.back().offset] = 0x90;
                                              }));
  });
  ASSERT_FALSE(report.findings.empty());
  const Instruction& last = report.findings[0].disassembly.back();
  EXPECT_TRUE(last.guilty);
  EXPECT_EQ(last.bytes, "90");
  EXPECT_EQ(last.intended, "c3");
  EXPECT_FALSE(report.findings[0].disassembly.front().guilty);
  EXPECT_EQ(report.findings[0].disassembly.front().intended, "");
}

TEST_F(CollectTest, AKnownSignatureIsNoNewFinding) {
  write("findings/a.nda", finding(kFoldSignature));
  write("known/k.nda", finding(kFoldSignature));
  config_.known_folder = (folder_ / "known").string();
  const Report report = run(wrong_pass);
  EXPECT_EQ(report.verdict, ReportVerdict::Pass);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::Known);
  EXPECT_EQ(report.findings[0].more_files.size(), 1U);
}

TEST_F(CollectTest, WhatNoOracleConvictsAnyMoreIsFixed) {
  write("findings/a.nda", finding(kFoldSignature));
  write("known/k.nda", finding("passes/cse/-/-/slot"));
  config_.known_folder = (folder_ / "known").string();
  const Report report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Pass);
  EXPECT_THAT(report.reasons, ElementsAre("no new finding", "2 signatures fixed on this build"));
  ASSERT_EQ(report.findings.size(), 2U);
  for (const ReportFinding& one : report.findings) EXPECT_EQ(one.state, FindingState::Fixed);
  EXPECT_EQ(report.findings[1].signature, kFoldSignature);
}

TEST_F(CollectTest, AFindingThatMovedIsFoundUnderItsNewSignature) {
  write("findings/a.nda", finding("native-sysv/codegen/div_s/-/fault"));
  const Report report = run(wrong_pass);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::New);
  EXPECT_EQ(report.findings[0].signature, kFoldSignature);
  EXPECT_EQ(report.findings[0].recorded_signature, "native-sysv/codegen/div_s/-/fault");
}

TEST_F(CollectTest, WhatIsSkippedIsUnknownAndNotFixed) {
  write("findings/a.nda", finding(kFoldSignature, "program p(i32 a, i32 b) { while (1) { print a; } }\n"));
  const Report report = run(honest);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::Unknown);
  EXPECT_EQ(report.verdict, ReportVerdict::Inconclusive);
}

TEST_F(CollectTest, WhatTookTheHarnessDownIsNotRunAgain) {
  write("findings/a.nda", finding("harness/hang"));
  const Report report = run([](const oracles::JudgeConfig&) -> base::Result<std::unique_ptr<oracles::Judge>> {
    return base::system_error("a judge was made");
  });
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::New);
  EXPECT_EQ(report.findings[0].explanation[0], "what was said");
}

TEST_F(CollectTest, WhatTookTheHarnessDownCanBeKnown) {
  write("findings/a.nda", finding("harness/hang"));
  write("known/k.nda", finding("harness/hang"));
  config_.known_folder = (folder_ / "known").string();
  const Report report = run(honest);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::Known);
}

TEST_F(CollectTest, WhatThisBuildRecordedIsNotFixedByIt) {
  std::string text = finding(kFoldSignature);
  text.insert(text.find("// input"), "// build: " + fuzz::build_description() + "\n");
  write("findings/a.nda", text);
  const Report report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Findings);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::New);
  EXPECT_THAT(report.findings[0].explanation[0], HasSubstr("comes and goes"));
}

TEST_F(CollectTest, AKnownFileThatShowsNothingDoesNotFixWhatTheCampaignSaw) {
  fuzz::CampaignSummary summary;
  summary.signatures = {{std::string(kFoldSignature), "x.nda", 7}};
  summary.findings = 7;
  write("s.json", fuzz::print_summary_json(summary));
  write("known/k.nda", finding(kFoldSignature));
  config_.summary_file = (folder_ / "s.json").string();
  config_.known_folder = (folder_ / "known").string();
  const Report report = run(honest);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::Known);
  EXPECT_EQ(report.findings[0].count, 7U);
}

TEST_F(CollectTest, FindingsThatTheSummaryDoesNotNameAreFindings) {
  fuzz::CampaignSummary summary;
  summary.findings = 7;
  write("s.json", fuzz::print_summary_json(summary));
  config_.summary_file = (folder_ / "s.json").string();
  const Report report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Findings);
  EXPECT_THAT(report.reasons, Contains("7 findings that the summary does not name"));
}

TEST_F(CollectTest, AFileAndItsReducedFormAreOneEntry) {
  write("findings/a.nda", finding(kFoldSignature, "program p(i32 a, i32 b) { let i32 c = 9; b = a + 1; }\n"));
  write("findings/a.reduced.nda", finding(kFoldSignature));
  const Report report = run(wrong_pass);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_THAT(report.findings[0].source, HasSubstr("let i32 c"));
  EXPECT_THAT(report.findings[0].reduced, HasSubstr("a + 1"));
  EXPECT_THAT(report.findings[0].file, HasSubstr("a.reduced.nda"));
  EXPECT_TRUE(report.findings[0].reduced_judged);
}

TEST_F(CollectTest, FilesOfOneSignatureAreOneEntry) {
  for (const char* const name : {"findings/c.nda", "findings/a.nda", "findings/b.nda"})
    write(name, finding(kFoldSignature));
  const Report report = run(wrong_pass);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_THAT(report.findings[0].file, HasSubstr("a.nda"));
  EXPECT_THAT(report.findings[0].more_files, ElementsAre(HasSubstr("b.nda"), HasSubstr("c.nda")));
  EXPECT_EQ(report.findings[0].count, 3U);
}

TEST_F(CollectTest, ASignatureIsNotFixedWhileOneOfItsFilesIsConvicted) {
  write("findings/a.nda", finding(kFoldSignature));
  write("findings/b.nda", finding(kFoldSignature, "program p(i32 a, i32 b) { b = a; }\n"));
  const Report report = run(wrong_pass);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].state, FindingState::New);
  EXPECT_THAT(report.findings[0].more_files, ElementsAre(HasSubstr("b.nda")));
  EXPECT_THAT(report.reasons, ElementsAre("1 new signature"));
}

TEST_F(CollectTest, AFileThatCannotBeReadDoesNotHideTheOthers) {
  write("findings/a.nda", "program p(i32 a) {\n    a = b;\n}\n");
  write("findings/b.nda", finding(kFoldSignature));
  Report report = run(wrong_pass);
  EXPECT_EQ(report.verdict, ReportVerdict::Findings);
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("a.nda:2:9")));
  report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Unreadable);
}

TEST_F(CollectTest, NothingAtAllIsNoPass) {
  const Report report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Inconclusive);
  EXPECT_THAT(report.reasons, ElementsAre("nothing was judged: no finding, no summary and no proof"));
}

TEST_F(CollectTest, AProgramWithoutARecordIsNotCalledFixed) {
  write("findings/a.nda", std::string(kAddition));
  const Report report = run(honest);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_THAT(report.reasons, Contains("1 program without a recorded finding agreed in every oracle"));
}

TEST_F(CollectTest, ASilentOracleInTheSummaryIsInconclusive) {
  fuzz::CampaignSummary summary;
  summary.judged.programs = summary.judged.compared = 10;
  write("s.json", fuzz::print_summary_json(summary));
  config_.summary_file = (folder_ / "s.json").string();
  const Report report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Inconclusive);
  EXPECT_THAT(report.reasons, Contains("the oracle encoding judged nothing"));
}

TEST_F(CollectTest, ASignatureThatTheCampaignCountedIsThereWithoutItsFile) {
  fuzz::CampaignSummary summary;
  summary.signatures = {{std::string(kFoldSignature), "x.nda", 7}};
  summary.findings = 7;
  write("s.json", fuzz::print_summary_json(summary));
  config_.summary_file = (folder_ / "s.json").string();
  const Report report = run(honest);
  EXPECT_EQ(report.verdict, ReportVerdict::Findings);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].count, 7U);
  EXPECT_EQ(report.findings[0].source_file, "core/opt/fold.cc");
}

TEST_F(CollectTest, OfACampaignItShowsTheStatusAndWhatNobodyLookedIntoApart) {
  const std::string night = (folder_ / "night").string();
  const auto store = CampaignStore::create(night, {});
  ASSERT_TRUE(store) << store.error().describe();
  fuzz::BatchRecord batch;
  batch.programs = batch.figures.judged.programs = batch.figures.judged.compared = 256;
  batch.figures.proofs.proved = 3;
  for (const auto& [program, signature] :
       {std::pair{1U, "passes/fold/add/-/slot"}, {2U, "passes/fold/-/-/slot"}, {3U, "passes/fold/-/-/end"}}) {
    fuzz::FindingRecord record;
    record.program_index = program;
    record.signature = signature;
    record.oracle = "passes";
    record.verdict = "diverge";
    if (program != 3) record.text = finding(signature);
    batch.findings.push_back(record);
  }
  ASSERT_TRUE(store.value()->record(batch));
  config_.folder = night;
  const Report report = run(wrong_pass);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].signature, "passes/fold/add/-/slot");
  ASSERT_EQ(report.not_looked_into.size(), 2U);
  EXPECT_EQ(report.not_looked_into[0].value, 1U);
  EXPECT_EQ(report.proof_counts.proved, 3U);
  EXPECT_THAT(report.reasons, Contains("2 signatures like others, and not looked into"));
  EXPECT_TRUE(std::any_of(report.status.begin(), report.status.end(), [](const StatusLine& line) {
    return line.name == "findings" && line.value == "3 under 1 signatures (2 of them alike, not looked into)";
  }));
}

TEST_F(CollectTest, ProofsDecideAsTheProverDoes) {
  const auto verdict = [this](const std::string& said) {
    std::string rows;
    if (!said.empty()) {
      rows = R"({"name": "a", "verdict": ")" + said +
             R"(", "milliseconds": 1, "reason": "", "program": "", "counterexample": []})";
    }
    write("v.json", R"({"schema_version": 1, "rows": [)" + rows + "]}");
    config_.proofs_file = (folder_ / "v.json").string();
    return run(honest).verdict;
  };
  EXPECT_EQ(verdict("proved"), ReportVerdict::Pass);
  EXPECT_EQ(verdict("refuted"), ReportVerdict::Findings);
  EXPECT_EQ(verdict("unknown"), ReportVerdict::Inconclusive);
  EXPECT_EQ(verdict(""), ReportVerdict::Inconclusive);
}

TEST_F(CollectTest, AFolderThatIsNotThereIsAnInputError) {
  config_.folder = (folder_ / "absent").string();
  const auto report = collect(config_, honest);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::Input);
}

TEST_F(CollectTest, AHarnessThatCannotJudgeIsItsOwnFailure) {
  write("findings/a.nda", finding(kFoldSignature));
  const auto report =
      collect(config_, [](const oracles::JudgeConfig&) -> base::Result<std::unique_ptr<oracles::Judge>> {
        return base::system_error("no sandbox");
      });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::System);
}

TEST_F(CollectTest, ReplayCommandsSurviveAShell) {
  write("findings/it's $(here).nda", finding(kFoldSignature));
  EXPECT_EQ(run(wrong_pass).findings.at(0).replay_command,
            "assay replay '" + config_.folder + "/it'\\''s $(here).nda'");
}

}  // namespace
}  // namespace assay::reports
