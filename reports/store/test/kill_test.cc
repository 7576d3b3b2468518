// Campaigns that are killed at random moments end with the findings of one that is left alone; see
// reports/store/store.h and fuzz/campaign/supervised.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <tuple>

#include "core/base/rng.h"
#include "reports/store/status.h"
#include "reports/store/store.h"

namespace assay::reports {
namespace {

constexpr std::uint64_t kPrograms = 24000;

// The JIT with a fault: a 64-bit multiplication is an illegal instruction.
class Faulty final : public oracles::BlockSource {
 public:
  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override {
    jit_.compile(program, options, block);
    for (const x64::Intent& intent : block.intents) {
      if (intent.form != x64::Form::ImulR64R64) continue;
      block.code[intent.offset] = 0x0F;
      block.code[intent.offset + 1] = 0x0B;
    }
  }

 private:
  oracles::JitBlockSource jit_;
};

fuzz::SupervisedConfig config_with(unsigned jobs) {
  fuzz::SupervisedConfig config;
  config.campaign.seed = 11;
  config.campaign.programs = kPrograms;
  config.campaign.batch_size = 48;
  config.campaign.jobs = jobs;
  config.campaign.mutate_every = 2;
  // Without the decoders and the emulator, so that the CPU really gets the code.
  config.campaign.judge.enabled.fill(false);
  config.campaign.judge.enabled[static_cast<std::size_t>(oracles::OracleId::NativeSystemV)] = true;
  config.campaign.judge.enabled[static_cast<std::size_t>(oracles::OracleId::NativeMicrosoft)] = true;
  return config;
}

// Starts or goes on with the campaign, to its end; gives an exit code.
int run_here(const std::string& folder, unsigned jobs) {
  auto store = std::filesystem::exists(store_path(folder)) ? CampaignStore::resume(folder)
                                                           : CampaignStore::create(folder, config_with(jobs));
  if (!store) return 2;
  const std::atomic<bool> interrupted{false};
  const auto end = fuzz::run_supervised(
      store.value()->config(), [] { return std::make_unique<Faulty>(); }, *store.value(), nullptr, interrupted);
  if (!end) return 3;
  return store.value()->finish(*end) ? 0 : 4;
}

// In a process of its own, so that it can be killed.
pid_t run_apart(const std::string& folder, unsigned jobs) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run_here(folder, jobs));
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<pid_t> children_of(pid_t parent) {
  std::ifstream file("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

void sleep_for(std::uint32_t milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

using Row = std::tuple<std::string, std::uint64_t, std::string, std::uint64_t>;

// Signature, program, file and count of every finding that has a file.
std::set<Row> findings_of(const std::string& folder) {
  auto database = Database::open(store_path(folder), Database::Mode::Read);
  EXPECT_TRUE(database) << database.error().describe();
  auto rows = database->prepare(
      "SELECT f.signature, f.program_index, f.file, s.raw_count FROM findings f JOIN signatures s USING (signature)");
  EXPECT_TRUE(rows) << rows.error().describe();
  std::set<Row> findings;
  while (rows->step().value()) {
    findings.emplace(rows->text(0), rows->integer(1), rows->text(2), rows->integer(3));
  }
  return findings;
}

// What was mutated, in order.
std::vector<std::string> corpus_of(const std::string& folder) {
  auto database = Database::open(store_path(folder), Database::Mode::Read);
  EXPECT_TRUE(database) << database.error().describe();
  std::vector<std::string> files;
  EXPECT_TRUE(for_each_row(*database, "SELECT file FROM corpus ORDER BY position",
                           [&files](const Statement& row) { files.push_back(row.text(0)); }));
  return files;
}

class KillTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = (std::filesystem::temp_directory_path() / ("assay_kill_test_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  [[nodiscard]] std::string folder(const char* name) const { return root_ + "/" + name; }

  void expect_sound(const std::string& folder) {
    auto database = Database::open(store_path(folder), Database::Mode::Read);
    ASSERT_TRUE(database) << database.error().describe();
    auto check = database->prepare("PRAGMA integrity_check");
    ASSERT_TRUE(check);
    ASSERT_TRUE(check->step().value());
    EXPECT_EQ(check->text(0), "ok");
    EXPECT_EQ(database->integer("SELECT SUM(programs) FROM batches").value(), kPrograms);
    EXPECT_EQ(database->integer("SELECT SUM(value) FROM counters WHERE family = 'total' AND name = 'programs'").value(),
              kPrograms);
    EXPECT_EQ(database->integer("SELECT SUM(findings) FROM batches").value(),
              database->integer("SELECT SUM(raw_count) FROM signatures").value());
    for (const Row& finding : findings_of(folder)) {
      EXPECT_TRUE(std::filesystem::exists(findings_path(folder) + "/" + std::get<2>(finding))) << std::get<2>(finding);
    }
  }

  std::string root_;
};

TEST_F(KillTest, ACampaignKilledFiveTimesFindsWhatOneThatIsLeftAloneFinds) {
  ASSERT_EQ(wait_for(run_apart(folder("alone"), 1)), 0);
  expect_sound(folder("alone"));
  const std::set<Row> expected = findings_of(folder("alone"));
  ASSERT_GT(expected.size(), 2U);

  base::Rng rng(2024);
  for (int round = 0; round < 5; ++round) {
    const pid_t supervisor = run_apart(folder("killed"), 3);
    const std::uint32_t before_worker = rng.between(60, 160);
    const std::uint32_t before_supervisor = rng.between(5, 120);
    sleep_for(before_worker);
    const std::vector<pid_t> workers = children_of(supervisor);
    if (!workers.empty()) ::kill(workers[rng.below(static_cast<std::uint32_t>(workers.size()))], SIGKILL);
    sleep_for(before_supervisor);
    ::kill(supervisor, SIGKILL);
    const int code = wait_for(supervisor);
    ASSERT_TRUE(code == 0 || code == 128 + SIGKILL) << code;
  }
  ASSERT_EQ(wait_for(run_apart(folder("killed"), 3)), 0);
  expect_sound(folder("killed"));
  EXPECT_EQ(findings_of(folder("killed")), expected);
  EXPECT_EQ(corpus_of(folder("killed")), corpus_of(folder("alone")));
  EXPECT_GT(corpus_of(folder("alone")).size(), 20U);
  const auto status = read_status(folder("killed"));
  ASSERT_TRUE(status) << status.error().describe();
  EXPECT_GT(status->segments_lost, 0U) << "no kill came in time";
  EXPECT_EQ(status->state, "finished");
  std::printf("%llu segments, %llu lost, %llu workers lost\n", static_cast<unsigned long long>(status->segments),
              static_cast<unsigned long long>(status->segments_lost),
              static_cast<unsigned long long>(status->workers_lost));
}

TEST_F(KillTest, WhenTheSupervisorDiesItsWorkersDie) {
  const pid_t supervisor = run_apart(folder("orphans"), 2);
  std::vector<pid_t> workers;
  while (workers.size() < 2) {
    ASSERT_EQ(::waitpid(supervisor, nullptr, WNOHANG), 0) << "it ended before it had two workers";
    workers = children_of(supervisor);
  }
  ::kill(supervisor, SIGKILL);
  wait_for(supervisor);
  // The test's own limit ends this loop if they live on.
  for (const pid_t worker : workers) {
    while (std::filesystem::exists("/proc/" + std::to_string(worker) + "/exe")) {
      std::error_code failure;
      if (std::filesystem::read_symlink("/proc/" + std::to_string(worker) + "/exe", failure).empty()) break;
      sleep_for(5);
    }
  }
}

}  // namespace
}  // namespace assay::reports
