// Campaigns from start to end, healthy and with planted faults; see fuzz/campaign/campaign.h.
#include "fuzz/campaign/campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <new>

#include "core/ast/limits.h"
#include "core/base/file.h"
#include "fuzz/findings/replay.h"

namespace assay::fuzz {
namespace {

using oracles::OracleId;
using oracles::Verdict;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

class CampaignTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("assay_campaign_test_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    config_.findings_folder = folder_.string();
    config_.programs = 2000;
    config_.jobs = 2;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  CampaignSummary run(const BlockSourceFactory& source) {
    const auto summary = run_campaign(config_, source, nullptr, interrupted_);
    EXPECT_TRUE(summary) << summary.error().describe();
    return summary.value();
  }
  [[nodiscard]] std::vector<std::string> finding_files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) files.push_back(entry.path().string());
    return files;
  }

  std::filesystem::path folder_;
  CampaignConfig config_;
  std::atomic<bool> interrupted_{false};
};

std::unique_ptr<oracles::BlockSource> jit() { return std::make_unique<oracles::JitBlockSource>(); }

TEST_F(CampaignTest, TheJitSurvivesTwoThousandPrograms) {
  const CampaignSummary summary = run(jit);
  EXPECT_EQ(summary.judged.programs, 2000U);
  EXPECT_EQ(summary.findings, 0U) << print_summary(summary);
  EXPECT_EQ(summary.exit_code(), 0) << print_summary(summary);
  EXPECT_THAT(finding_files(), IsEmpty());
  EXPECT_LT(summary.judged.skipped[static_cast<std::size_t>(oracles::SkipReason::OutOfFuel)], 20U);
}

TEST_F(CampaignTest, TheProgramsDependOnTheSeedAndNotOnTheJobs) {
  config_.programs = 600;
  config_.batch_size = 64;
  config_.jobs = 1;
  const CampaignSummary one = run(jit);
  config_.jobs = 3;
  const CampaignSummary three = run(jit);
  EXPECT_EQ(one.nodes_generated, three.nodes_generated);
  EXPECT_EQ(one.kinds, three.kinds);
  EXPECT_EQ(one.ops, three.ops);
  EXPECT_EQ(one.forms, three.forms);
  EXPECT_EQ(one.judged.interpreter_steps, three.judged.interpreter_steps);
  config_.seed = 2;
  EXPECT_NE(run(jit).nodes_generated, one.nodes_generated);
}

TEST_F(CampaignTest, AnInterruptEndsItWithASummary) {
  config_.programs.reset();
  interrupted_ = true;
  const CampaignSummary summary = run(jit);
  EXPECT_TRUE(summary.interrupted);
}

TEST_F(CampaignTest, ATimeBudgetEndsIt) {
  config_.programs.reset();
  config_.seconds = 4;  // of which a job under a sanitizer needs more than one to set itself up
  const CampaignSummary summary = run(jit);
  EXPECT_GE(summary.seconds, 4);
  EXPECT_GT(summary.judged.compared, 0U);
}

// The JIT, but every block whose code holds a marker form is replaced by one that misbehaves, wherever it is compiled.
class Saboteur final : public oracles::BlockSource {
 public:
  Saboteur(x64::Form marker, std::vector<std::uint8_t> bytes) : marker_(marker), bytes_(std::move(bytes)) {}

  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    jit_.compile(program, options, block);
    for (x64::Intent& intent : block.intents) {
      if (intent.form != marker_ || intent.length < bytes_.size()) continue;
      std::copy(bytes_.begin(), bytes_.end(), block.code.begin() + intent.offset);
    }
  }

 private:
  oracles::JitBlockSource jit_;
  x64::Form marker_;
  std::vector<std::uint8_t> bytes_;
};

struct Sabotage {
  const char* name;
  x64::Form marker;
  std::vector<std::uint8_t> bytes;
  std::uint64_t programs;  // runaways cost 20 ms each
};

class SabotagedCampaignTest : public CampaignTest, public testing::WithParamInterface<Sabotage> {};

TEST_P(SabotagedCampaignTest, GoesOnAfterEveryCrashAndNamesProgramAndInstruction) {
  config_.programs = GetParam().programs;
  config_.batch_size = 32;
  // Without the decoders and the emulator, so that the CPU really gets the code.
  config_.judge.enabled.fill(false);
  config_.judge.enabled[static_cast<std::size_t>(OracleId::NativeSystemV)] = true;
  config_.judge.enabled[static_cast<std::size_t>(OracleId::NativeMicrosoft)] = true;
  const auto source = [] { return std::make_unique<Saboteur>(GetParam().marker, GetParam().bytes); };
  const CampaignSummary summary = run(source);
  EXPECT_EQ(summary.judged.programs, GetParam().programs);
  EXPECT_EQ(summary.jobs_lost, 0U);
  EXPECT_GT(summary.findings, 3U) << print_summary(summary);
  EXPECT_GT(summary.judged
                .verdicts[static_cast<std::size_t>(OracleId::NativeSystemV)][static_cast<std::size_t>(Verdict::Agree)],
            10U);
  EXPECT_EQ(summary.exit_code(), 1);

  // Every finding replays to the signature it records, with the same compiler.
  auto judge = oracles::Judge::create(config_.judge, source());
  ASSERT_TRUE(judge) << judge.error().describe();
  const std::vector<std::string> files = finding_files();
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    const auto text = base::read_file(file, ast::kMaxFileBytes);
    ASSERT_TRUE(text);
    const auto finding = parse_finding(*text, file);
    ASSERT_TRUE(finding) << finding.error().describe();
    const auto result = replay(*judge.value(), *finding);
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_THAT(result->signatures, testing::Contains(finding->signature));
    if (finding->verdict == "crash") {
      EXPECT_THAT(*text, HasSubstr("instruction at 0x"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, SabotagedCampaignTest,
                         testing::Values(Sabotage{"ud2", x64::Form::ImulR64R64, {0x0F, 0x0B}, 1024},
                                         Sabotage{"syscall", x64::Form::ImulR32R32, {0x0F, 0x05}, 1024},
                                         Sabotage{"runaway", x64::Form::CmpR64R64, {0xEB, 0xFE}, 96},
                                         Sabotage{"hlt", x64::Form::NegR32, {0xF4}, 1024}),
                         [](const testing::TestParamInfo<Sabotage>& sabotage) { return sabotage.param.name; });

TEST_F(CampaignTest, WithTheDecodersOnTheSameFaultIsAnEncodingFinding) {
  config_.programs = 512;
  // The tiered executor has a compiler of its own, so the fault is not in its code.
  const CampaignSummary summary =
      run([] { return std::make_unique<Saboteur>(x64::Form::ImulR64R64, std::vector<std::uint8_t>{0x0F, 0x0B}); });
  EXPECT_GT(
      summary.judged.verdicts[static_cast<std::size_t>(OracleId::Encoding)][static_cast<std::size_t>(Verdict::Diverge)],
      0U);
  EXPECT_GT(summary.judged.skips[static_cast<std::size_t>(OracleId::NativeSystemV)]
                                [static_cast<std::size_t>(oracles::SkipReason::AlreadyConvicted)],
            0U);
  for (const SignatureCount& one : summary.signatures) {
    EXPECT_THAT(one.signature, AnyOf(HasSubstr("encoding/"), HasSubstr("emulated-")));
  }
}

TEST_F(CampaignTest, AFindingThatCannotBeWrittenIsCountedAndSaid) {
  config_.programs = 512;
  config_.jobs = 1;
  const auto sabotaged = [] {
    return std::make_unique<Saboteur>(x64::Form::ImulR64R64, std::vector<std::uint8_t>{0x0F, 0x0B});
  };
  static_cast<void>(run(sabotaged));
  const std::vector<std::string> files = finding_files();
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {  // a folder of that name is in the way
    std::filesystem::remove(file);
    std::filesystem::create_directories(file + "/taken");
  }
  testing::internal::CaptureStderr();
  const CampaignSummary summary = run(sabotaged);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("assay-finding: "));
  EXPECT_GT(summary.findings, 0U);
  EXPECT_EQ(summary.jobs_lost, 1U);
  EXPECT_EQ(summary.exit_code(), 1);
}

TEST_F(CampaignTest, AFolderThatTakesNoFilesEndsItBeforeItBegins) {
  config_.findings_folder = "/proc/self/task";
  const auto summary = run_campaign(config_, jit, {}, interrupted_);
  ASSERT_FALSE(summary);
  EXPECT_THAT(summary.error().describe(), HasSubstr("findings cannot be written"));
}

TEST_F(CampaignTest, AJobThatDiesIsReportedAndTheOthersFinish) {
  // Shared by the jobs, who are forks of this process: the first to ask for a compiler kills itself.
  void* const page =
      ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  auto* const asked = new (page) std::atomic<int>(0);
  const CampaignSummary summary = run([asked] {
    if (asked->fetch_add(1) == 0) ::raise(SIGKILL);
    return jit();
  });
  ::munmap(page, sizeof(std::atomic<int>));
  EXPECT_EQ(summary.jobs_lost, 1U);
  EXPECT_EQ(summary.judged.programs, 2000U);
  EXPECT_EQ(summary.exit_code(), 3);
  EXPECT_THAT(print_summary(summary), HasSubstr("was killed by signal 9"));
}

}  // namespace
}  // namespace assay::fuzz
