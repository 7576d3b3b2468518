// `assay fuzz`: a campaign. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/progress.h"

namespace assay::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_interrupt(int) { interrupted.store(true); }

struct FuzzOptions {
  fuzz::CampaignConfig campaign;
  double seconds = 0;
  std::uint64_t programs = 0;
  std::string oracles = "all";
  std::string passes = "swarm";
  bool json = false;
  bool quiet = false;
};

std::unique_ptr<oracles::BlockSource> make_jit() { return std::make_unique<oracles::JitBlockSource>(); }

int run_fuzz(FuzzOptions options) {
  auto judge = parse_oracles(options.oracles);
  if (!judge) return report_error(judge.error());
  if (options.passes != "swarm") {
    auto pipeline = opt::parse_pipeline(options.passes);
    if (!pipeline) return report_error(pipeline.error());
    options.campaign.pipeline = std::move(pipeline).value();
  }
  const std::uint64_t fuel = options.campaign.judge.fuel;
  options.campaign.judge = judge.value();
  options.campaign.judge.fuel = fuel;
  if (options.seconds > 0) options.campaign.seconds = options.seconds;
  if (options.programs > 0) options.campaign.programs = options.programs;
  if (!options.campaign.seconds && !options.campaign.programs) options.campaign.seconds = 60;

  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);

  StatusLine status;
  fuzz::ProgressCallback progress;
  if (!options.quiet) {
    progress = [&status](const fuzz::CampaignSummary& summary) {
      status.show(fuzz::progress_line(summary, status.width()));
    };
  }
  const auto summary = fuzz::run_campaign(options.campaign, make_jit, progress, interrupted);
  if (!options.quiet) status.finish();
  if (!summary) return report_error(summary.error());
  const std::string text = options.json ? fuzz::print_summary_json(*summary) : fuzz::print_summary(*summary);
  std::fputs(text.c_str(), stdout);
  return summary->exit_code();
}

}  // namespace

void add_fuzz_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("fuzz", "Generate random programs and put them before all oracles");
  const auto options = std::make_shared<FuzzOptions>();
  options->campaign.jobs = std::max(1U, std::thread::hardware_concurrency());
  command->add_option("--seconds", options->seconds, "Stop after so many seconds (60 when no budget is given)")
      ->check(positive_number());
  command->add_option("--programs", options->programs, "Stop after so many programs")->check(whole_number(1));
  command
      ->add_option("--seed", options->campaign.seed,
                   "Decides the programs; the same seed gives the same ones everywhere")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--jobs,-j", options->campaign.jobs, "Job processes; the default is one per CPU")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--oracles", options->oracles, "all, or some of " + oracle_names())->capture_default_str();
  command
      ->add_option("--passes", options->passes,
                   "What the programs go through: swarm (drawn for each), default, none, or passes joined by commas")
      ->capture_default_str();
  command
      ->add_option("--fuel", options->campaign.judge.fuel,
                   "Interpreter steps per run; a program that needs more is skipped")
      ->capture_default_str()
      ->check(whole_number(1));
  add_proof_options(*command, options->campaign.proofs);
  command->add_option("--findings", options->campaign.findings_folder, "Where findings are written")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the summary as one JSON object");
  command->add_flag("--quiet,-q", options->quiet, "No progress on standard error");
  command->footer(
      "Examples:\n"
      "  assay fuzz                                  60 seconds on all CPUs\n"
      "  assay fuzz --programs 1000000 --seed 7      the same million programs on any machine\n"
      "  assay fuzz --seconds 600 --json > night.json\n"
      "Exit code 0: no finding, also where it was interrupted; 1: findings, each written as a file that `assay replay` "
      "takes; 4: an oracle judged nothing, or, of 10,000 programs and more, a pass or a class of loops never "
      "occurred.");
  command->callback([&action, options] { action = [options] { return run_fuzz(*options); }; });
}

}  // namespace assay::cli
