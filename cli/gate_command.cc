// `assay gate`: what has to hold before a change is merged. Tested by cli/test/cli_test.sh.
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
#include "core/base/file.h"
#include "fuzz/gate/gate.h"

namespace assay::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_interrupt(int) { interrupted.store(true); }

struct GateOptions {
  fuzz::GateConfig gate;
  double seconds = 0;
  std::uint64_t programs = 0;
  std::string summary;
  bool no_catalogue = false;
  bool json = false;
  bool quiet = false;
};

fuzz::GateParts parts() {
  return {[](const oracles::JudgeConfig& config) {
            return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
          },
          [] { return std::make_unique<oracles::JitBlockSource>(); }, opt::solve_loops};
}

int run_gate(GateOptions options) {
  if (!options.gate.base.empty()) {
    if (const auto runs = can_be_run(options.gate.base); !runs) return report_error(runs.error());
  }
  if (options.seconds > 0) options.gate.campaign.seconds = options.seconds;
  if (options.no_catalogue) options.gate.catalogue_stride = 0;
  if (options.programs > 0) options.gate.campaign.programs = options.programs;
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);

  StatusLine status;
  const fuzz::GateProgress progress = [&](fuzz::GateStage stage) {
    if (!options.quiet) status.show(fmt::format("gate: {}", fuzz::name(stage)));
  };
  const auto report = fuzz::run_gate(options.gate, parts(), progress, interrupted);
  if (!options.quiet) status.finish();
  if (!report) return report_error(report.error());
  // First what cannot fail for want of a place.
  std::fputs((options.json ? fuzz::print_gate_json(*report) : fuzz::print_gate(*report)).c_str(), stdout);
  if (!options.summary.empty()) {
    const auto written = base::write_file_atomically(options.summary, fuzz::print_gate_markdown(*report));
    if (!written) return report_error(written.error());
  }
  return report->exit_code();
}

}  // namespace

void add_gate_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("gate", "Corpus, proofs and a short campaign, held to floors");
  const auto options = std::make_shared<GateOptions>();
  options->gate.campaign.jobs = std::max(1U, std::thread::hardware_concurrency());
  command->add_option("--corpus", options->gate.corpus, "Folder with seeds, regressions, known and floors.json")
      ->capture_default_str();
  command->add_option("--programs", options->programs, "Size of the campaign; the default is that of the floors")
      ->check(whole_number(1));
  command->add_option("--seconds", options->seconds, "The campaign ends after so many seconds, or by --programs")
      ->check(positive_number());
  command->add_option("--seed", options->gate.campaign.seed, "Of the campaign")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--jobs,-j", options->gate.campaign.jobs, "Job processes; the default is one per CPU")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--floors", options->gate.floors, "The floors, instead of floors.json of the corpus");
  command->add_option("--base", options->gate.base,
                      "An `assay` built from what the change is made to: what fails there too is not new");
  command->add_option("--findings", options->gate.campaign.findings_folder, "Where the campaign writes findings")
      ->capture_default_str();
  command->add_option("--proof-ms", options->gate.proof_milliseconds, "For each obligation of a proof")
      ->capture_default_str()
      ->check(CLI::Range(1U, 600'000U));
  command->add_flag("--no-catalogue", options->no_catalogue, "Prove the loops of the seeds alone");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_option("--summary", options->summary, "Also write the result as Markdown")->type_name("FILE");
  command->add_flag("--quiet,-q", options->quiet, "No progress on standard error");
  command->footer(
      "Examples:\n"
      "  assay gate\n"
      "  assay gate --base ../main/build/dev/cli/assay --summary \"$GITHUB_STEP_SUMMARY\"\n"
      "Exit codes: 0 pass, 1 a new finding or a missed floor, 2 a file that cannot be read, 3 no sandbox or a broken "
      "harness.");
  command->callback([&action, options] { action = [options] { return run_gate(*options); }; });
}

}  // namespace assay::cli
