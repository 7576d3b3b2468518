// `assay replay`: findings, regressions or plain programs before all oracles again. Tested by cli/test/cli_test.sh.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/input_file.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/base/one_line.h"
#include "fuzz/findings/replay.h"
#include "fuzz/triage/localise.h"
#include "oracles/explain.h"

namespace assay::cli {
namespace {

struct ReplayOptions {
  std::vector<std::string> files;
  std::string oracles = "all";
  std::string passes;
  bool json = false;
};

enum class Status { Pass, Diverges, Skipped, Unreadable };

const char* status_name(Status status) {
  switch (status) {
    case Status::Pass:
      return "pass";
    case Status::Diverges:
      return "diverges";
    case Status::Skipped:
      return "skipped";
    case Status::Unreadable:
      return "unreadable";
  }
  return "?";
}

std::string skip_reasons(const oracles::JudgeCounts& counts) {
  std::string text;
  for (std::size_t reason = 0; reason < counts.skipped.size(); ++reason) {
    if (counts.skipped[reason] != 0) text = oracles::name(static_cast<oracles::SkipReason>(reason));
  }
  return text;
}

void print_text(const std::string& file, Status status, const fuzz::Finding& finding, const fuzz::Replay& replay,
                bool same) {
  const Colour colour = status == Status::Pass       ? Colour::Green
                        : status == Status::Diverges ? Colour::Red
                                                     : Colour::Yellow;
  fmt::print("{} {}", paint(status_name(status), colour), base::one_line(file));
  if (status == Status::Skipped) fmt::print(" ({})", skip_reasons(replay.report.counts));
  fmt::print("\n");
  if (!finding.signature.empty() && status != Status::Unreadable) {
    fmt::print("  recorded as {}: {}\n", base::one_line(finding.signature),
               same ? "the same again" : "not seen this time");
  }
  const std::vector<oracles::Frame> inputs =
      finding.inputs.empty() ? fuzz::default_inputs(finding.program) : finding.inputs;
  for (std::size_t i = 0; i < replay.report.convictions.size(); ++i) {
    fmt::print("  {}\n", base::one_line(replay.signatures[i]));
    for (const std::string& line : oracles::explain(replay.report.convictions[i], finding.program, inputs)) {
      fmt::print("    {}\n", base::one_line(line));
    }
  }
}

int run_replay(const ReplayOptions& options) {
  const auto config = parse_oracles(options.oracles);
  if (!config) return report_error(config.error());
  std::optional<opt::Pipeline> pipeline;
  if (!options.passes.empty()) {
    auto parsed = opt::parse_pipeline(options.passes);
    if (!parsed) return report_error(parsed.error());
    pipeline = std::move(parsed).value();
  }
  const auto make_judge = [](const oracles::JudgeConfig& one) {
    return oracles::Judge::create(one, std::make_unique<oracles::JitBlockSource>());
  };
  auto judge = make_judge(*config);
  if (!judge) return report_error(judge.error());
  auto results = nlohmann::ordered_json::array();
  bool diverged = false;
  bool skipped = false;
  bool unreadable = false;
  for (const std::string& file : options.files) {
    auto finding = load(file);
    if (!finding) {
      // The other files are still replayed: one bad file in a corpus must not hide a regression.
      static_cast<void>(report_error(finding.error()));
      unreadable = true;
      results.push_back(
          {{"file", file}, {"status", status_name(Status::Unreadable)}, {"error", finding.error().describe()}});
      continue;
    }
    if (pipeline) finding->pipeline = pipeline;
    const auto replay = fuzz::replay(*judge.value(), *finding);
    if (!replay) return report_error(replay.error());
    const Status status = !replay->report.convictions.empty()   ? Status::Diverges
                          : replay->report.counts.compared == 0 ? Status::Skipped
                                                                : Status::Pass;
    diverged |= status == Status::Diverges;
    skipped |= status == Status::Skipped;
    const auto same = fuzz::recognise(make_judge, *finding, replay->signatures);
    if (!same) return report_error(same.error());
    results.push_back({{"file", file},
                       {"status", status_name(status)},
                       {"recorded_signature", finding->signature},
                       {"same", *same},
                       {"signatures", replay->signatures},
                       {"runs_compared", replay->report.counts.runs}});
    if (!options.json) print_text(file, status, *finding, *replay, *same);
  }
  if (options.json) {
    const nlohmann::ordered_json json{{"schema_version", 1}, {"replays", results}};
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  if (diverged) return kFindings;
  if (unreadable) return kUsage;
  return skipped ? kInconclusive : kPass;
}

}  // namespace

void add_replay_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("replay", "Put findings or programs before all oracles again");
  const auto options = std::make_shared<ReplayOptions>();
  command->add_option("files", options->files, "Findings or programs (.nda)")->required();
  command->add_option("--oracles", options->oracles, "all, or some of " + oracle_names())->capture_default_str();
  command->add_option("--passes", options->passes,
                      "default, none, or passes joined by commas, instead of those the finding names");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->footer(
      "Examples:\n"
      "  assay replay findings/*.nda\n"
      "  assay replay corpus/seeds/*.nda corpus/regressions/*.nda\n"
      "A program without recorded inputs runs on ten edge-case inputs. Exit code 1: something diverges; 4: something "
      "was skipped.");
  command->callback([&action, options] { action = [options] { return run_replay(*options); }; });
}

}  // namespace assay::cli
