// `assay campaign`: campaigns that can be left alone, stopped, killed and gone on with. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/file_jobs.h"
#include "cli/options.h"
#include "cli/reduce_file.h"
#include "cli/terminal.h"
#include "core/base/file.h"
#include "core/base/one_line.h"
#include "fuzz/corpus/files.h"
#include "reports/store/configuration.h"
#include "reports/store/folder.h"
#include "reports/store/groups.h"
#include "reports/store/status.h"
#include "reports/store/store.h"

namespace assay::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_interrupt(int) { interrupted.store(true); }

using Clock = std::chrono::steady_clock;
constexpr auto kBetweenScreens = std::chrono::seconds(1);
constexpr auto kBetweenLines = std::chrono::seconds(30);
constexpr auto kBetweenSamples = std::chrono::seconds(10);
// For each finding that is made small at the end.
constexpr double kReduceSeconds = 20;
// `stop` waits for the batches that were begun.
constexpr int kStopPolls = 1200;
// Fresh programs reach everything; mutants dwell on what is rare.
constexpr unsigned kMutateEvery = 4;
constexpr auto kStopPoll = std::chrono::milliseconds(100);

struct CampaignOptions {
  std::string folder;
  fuzz::SupervisedConfig config;
  double seconds = 0;
  std::uint64_t programs = 0;
  std::uint64_t findings = 0;
  unsigned jobs = 0;
  std::string oracles = "all";
  std::string passes = "swarm";
  std::string corpus;
  std::string libfuzzer;
  bool json = false;
  bool quiet = false;
  bool reduce = true;
};

std::unique_ptr<oracles::BlockSource> make_jit() { return std::make_unique<oracles::JitBlockSource>(); }

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The whole screen is redrawn on a terminal; elsewhere a line now and then.
class StatusScreen {
 public:
  explicit StatusScreen(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) != 0) {}

  [[nodiscard]] bool due() const {
    return !quiet_ && Clock::now() - shown_ >= (terminal_ ? Clock::duration(kBetweenScreens) : kBetweenLines);
  }
  void show(const reports::CampaignStatus& status) {
    shown_ = Clock::now();
    if (terminal_) {
      fmt::print(stderr, "\x1b[H\x1b[2J{}", reports::print_status(status, seconds_since_1970()));
    } else {
      const oracles::JudgeCounts& judged = status.summary.judged;
      fmt::print(stderr, "{:.0f} s, {} batches, {} programs, {} compared, {} findings under {} signatures\n",
                 status.summary.seconds, status.batches, judged.programs, judged.compared, status.summary.findings,
                 status.summary.signatures.size());
    }
    std::fflush(stderr);
  }

 private:
  bool quiet_;
  bool terminal_;
  Clock::time_point shown_ = Clock::now();
};

// The first finding of every signature made small, where the campaign has not done so on its way. What cannot be read
// or does not reproduce is left as it is: `assay reduce` says why.
base::Result<void> reduce_first_files(const CampaignOptions& options, unsigned jobs) {
  const auto groups = reports::read_groups(options.folder);
  if (!groups) return groups.error();
  std::vector<std::string> files;
  for (const reports::Group& group : groups->groups) {
    // What took the harness down is not run again here, and what only libFuzzer showed cannot be.
    if (group.file().empty() || group.name.starts_with("harness/") || group.name.starts_with("libfuzzer/")) continue;
    std::string file = (std::filesystem::path(reports::findings_path(options.folder)) / group.file()).string();
    const auto reduced = base::is_there(reduced_name(file));
    if (!reduced) return reduced.error();
    if (!*reduced) files.push_back(std::move(file));
  }
  const auto work = [&files](std::size_t i) {
    return reduce_file(files[i], reduced_name(files[i]), kReduceSeconds, interrupted)
        .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  };
  const auto answers = run_jobs(files.size(), jobs, work, interrupted);
  return answers ? base::Result<void>{} : answers.error();
}

int run_store(const CampaignOptions& options, reports::CampaignStore& store) {
  if (!options.libfuzzer.empty()) {
    store.config().libfuzzer = {options.libfuzzer, reports::libfuzzer_path(options.folder),
                                store.config().campaign.seed};
  }
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);

  const auto write_files = [&options] {
    return reports::write_afl_files(options.folder, static_cast<std::uint64_t>(::getpid()), seconds_since_1970());
  };
  StatusScreen screen(options.quiet);
  Clock::time_point sampled = Clock::now();
  const fuzz::Tick tick = [&]() -> base::Result<void> {
    if (Clock::now() - sampled >= kBetweenSamples) {
      sampled = Clock::now();
      if (auto done = store.sample(); !done) return done;
      if (auto done = write_files(); !done) return done;
    }
    if (!screen.due()) return {};
    const auto status = reports::read_status(options.folder);
    if (!status) return status.error();
    screen.show(*status);
    return {};
  };
  const auto end = fuzz::run_supervised(store.config(), make_jit, store, tick, interrupted);
  if (!end) return report_error(end.error());
  if (auto done = store.finish(*end); !done) return report_error(done.error());
  if (auto done = write_files(); !done) return report_error(done.error());
  if (options.reduce && !interrupted.load()) {
    auto done = reduce_first_files(options, store.config().campaign.jobs);
    if (!done) return report_error(done.error());
  }
  auto status = reports::read_status(options.folder);
  if (!status) return report_error(status.error());
  status->summary.interrupted = *end == fuzz::EndReason::Interrupted;
  const std::string text =
      options.json ? fuzz::print_summary_json(status->summary) : fuzz::print_summary(status->summary);
  std::fputs(text.c_str(), stdout);
  return status->summary.exit_code();
}

// Asked before there is a campaign that could not begin.
base::Result<void> can_run_libfuzzer(const CampaignOptions& options) {
  return options.libfuzzer.empty() ? base::Result<void>{} : can_be_run(options.libfuzzer);
}

int start(CampaignOptions options) {
  fuzz::CampaignConfig& campaign = options.config.campaign;
  auto judge = parse_oracles(options.oracles);
  if (!judge) return report_error(judge.error());
  if (options.passes != "swarm") {
    auto pipeline = opt::parse_pipeline(options.passes);
    if (!pipeline) return report_error(pipeline.error());
    campaign.pipeline = std::move(pipeline).value();
  }
  const std::uint64_t fuel = campaign.judge.fuel;
  campaign.judge = judge.value();
  campaign.judge.fuel = fuel;
  if (options.seconds > 0) campaign.seconds = options.seconds;
  if (options.programs > 0) campaign.programs = options.programs;
  if (options.findings > 0) options.config.findings = options.findings;
  if (!options.corpus.empty()) {
    const auto seeds = fuzz::read_corpus(options.corpus);
    if (!seeds) return report_error(seeds.error());
    if (!seeds->broken.empty()) return report_error(seeds->broken.front());
  }
  if (options.folder.empty()) return report_error(base::input_error("the campaign's folder has no name"));
  if (const auto runs = can_run_libfuzzer(options); !runs) return report_error(runs.error());
  const auto store = reports::CampaignStore::create(options.folder, options.config, options.corpus);
  if (!store) return report_error(store.error());
  return run_store(options, *store.value());
}

int resume(const CampaignOptions& options) {
  if (const auto runs = can_run_libfuzzer(options); !runs) return report_error(runs.error());
  const std::optional<unsigned> jobs = options.jobs > 0 ? std::optional(options.jobs) : std::nullopt;
  const auto store = reports::CampaignStore::resume(options.folder, jobs);
  if (!store) return report_error(store.error());
  fuzz::CampaignConfig& campaign = store.value()->config().campaign;
  if (options.seconds > 0) campaign.seconds = options.seconds;
  if (options.programs > 0) campaign.programs = options.programs;
  return run_store(options, *store.value());
}

int status(const CampaignOptions& options) {
  auto status = reports::read_status(options.folder);
  if (!status) return report_error(status.error());
  // The store says "running" until somebody says otherwise, and who is killed says nothing.
  if (status->state == "running" && !reports::running_supervisor(options.folder)) {
    status->state = "killed; `assay campaign resume` goes on with it";
  }
  const std::string text =
      options.json ? fuzz::print_summary_json(status->summary) : reports::print_status(*status, seconds_since_1970());
  std::fputs(text.c_str(), stdout);
  return kPass;
}

int stop(const CampaignOptions& options) {
  const auto supervisor = reports::running_supervisor(options.folder);
  if (!supervisor) {
    return report_error(base::input_error(fmt::format("no campaign is running in {}", options.folder)));
  }
  if (*supervisor == 0) {
    return report_error(base::system_error("the campaign runs on another machine or in another container"));
  }
  if (::kill(*supervisor, SIGTERM) != 0) {
    return report_error(base::system_error(fmt::format("process {} cannot be asked to stop", *supervisor), errno));
  }
  for (int i = 0; i < kStopPolls; ++i) {
    if (reports::running_supervisor(options.folder) != supervisor) {
      fmt::print("the campaign in {} has stopped\n", base::one_line(options.folder));
      return kPass;
    }
    std::this_thread::sleep_for(kStopPoll);
  }
  return report_error(base::system_error(fmt::format("process {} was asked to stop and still runs", *supervisor)));
}

void add_start_options(CLI::App& command, CampaignOptions& options) {
  fuzz::CampaignConfig& campaign = options.config.campaign;
  command.add_option("--findings", options.findings, "Stop after so many findings, over all runs")
      ->check(whole_number(1));
  command.add_option("--seed", campaign.seed, "Decides the programs; the same seed gives the same ones everywhere")
      ->capture_default_str()
      ->check(whole_number());
  command.add_option("--jobs,-j", campaign.jobs, "Worker processes; the default is one per CPU")
      ->check(CLI::Range(1U, reports::kMostJobs));
  command.add_option("--batch", campaign.batch_size, "Programs that are recorded together")
      ->capture_default_str()
      ->check(CLI::Range(1U, reports::kMostBatch));
  command.add_option("--oracles", options.oracles, "As of `assay fuzz`")->capture_default_str();
  command.add_option("--passes", options.passes, "As of `assay fuzz`")->capture_default_str();
  command.add_option("--fuel", campaign.judge.fuel, "Interpreter steps per run; a program that needs more is skipped")
      ->capture_default_str()
      ->check(whole_number(1));
  add_proof_options(command, campaign.proofs);
  command.add_option("--mutate-every", campaign.mutate_every, "One batch in so many mutates the corpus; 0: none does")
      ->capture_default_str()
      ->check(CLI::Range(0U, reports::kMostMutateEvery));
  command.add_option("--corpus", options.corpus, "A folder of programs to begin the corpus with");
  command.add_option("--hang-seconds", options.config.hang_seconds, "A batch that takes longer is looked into")
      ->capture_default_str()
      ->check(positive_number());
}

void add_run_options(CLI::App& command, CampaignOptions& options) {
  command
      .add_option("--programs", options.programs,
                  "Stop before this program number, over all runs; a last batch that was short stays so")
      ->check(whole_number(1));
  command.add_option("--libfuzzer", options.libfuzzer,
                     "A libFuzzer binary (fuzz/targets/differential) to run beside, over the same corpus");
  command.add_option("--seconds", options.seconds, "Stop this run after so many seconds")->check(positive_number());
  command.add_flag("--json", options.json, "Print the summary as one JSON object");
  command.add_flag_callback(
      "--no-reduce", [&options] { options.reduce = false; }, "Leave findings as large as they were found");
  command.add_flag("--quiet,-q", options.quiet, "No progress on standard error");
}

}  // namespace

void add_campaign_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("campaign", "Campaigns that record what they do and can be resumed");
  command->require_subcommand(1);
  const auto options = std::make_shared<CampaignOptions>();
  options->config.campaign.mutate_every = kMutateEvery;
  options->config.campaign.jobs = std::max(1U, std::thread::hardware_concurrency());
  const auto add = [&](const char* name, const char* what) {
    CLI::App* const one = command->add_subcommand(name, what);
    one->add_option("DIR", options->folder, "The campaign's folder")->required();
    return one;
  };
  CLI::App* const start_command = add("start", "Begin a campaign in a new folder");
  add_start_options(*start_command, *options);
  add_run_options(*start_command, *options);
  start_command->callback([&action, options] { action = [options] { return start(*options); }; });

  CLI::App* const resume_command = add("resume", "Go on with a campaign that was stopped or killed");
  add_run_options(*resume_command, *options);
  resume_command->add_option("--jobs,-j", options->jobs, "Worker processes; the default is as before")
      ->check(CLI::Range(1U, reports::kMostJobs));
  resume_command->callback([&action, options] { action = [options] { return resume(*options); }; });

  CLI::App* const status_command = add("status", "What the store says, also while the campaign runs");
  status_command->add_flag("--json", options->json, "Print the summary as one JSON object");
  status_command->callback([&action, options] { action = [options] { return status(*options); }; });

  CLI::App* const stop_command = add("stop", "Ask a running campaign to end, and wait until it has");
  stop_command->callback([&action, options] { action = [options] { return stop(*options); }; });

  command->footer(
      "Examples:\n"
      "  assay campaign start night --seconds 28800      eight hours, recorded in the folder night\n"
      "  assay campaign status night                     from another terminal\n"
      "  assay campaign resume night --seconds 28800     eight hours more\n"
      "Exit codes of start and resume are those of `assay fuzz`.");
}

}  // namespace assay::cli
