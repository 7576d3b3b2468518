// `assay explain`: what each pass did to a program, and what the solver knows of its loops. Tested by
// cli/test/cli_test.sh.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/input_file.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "core/ast/text.h"
#include "core/opt/pipeline.h"
#include "core/scev/explain.h"
#include "reports/model/line_diff.h"

namespace assay::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ExplainOptions {
  std::string file;
  std::string passes;
  bool json = false;
};

std::string classes_of(const scev::LoopReport& report) {
  std::string text;
  for (std::size_t i = 0; i < scev::kLoopClassCount; ++i) {
    const auto one = static_cast<scev::LoopClass>(i);
    if (report.is(one)) text += fmt::format("{}{}", text.empty() ? "" : ", ", scev::name(one));
  }
  return text;
}

std::string place_of(const ast::Program& program, ast::NodeId loop) {
  const base::SourcePosition position = program.position(loop);
  return position.line == 0 ? "loop" : fmt::format("loop at {}:{}", position.line, position.column);
}

void print_loop(const ast::Program& program, const scev::LoopExplanation& loop) {
  fmt::print("{}{}: ", std::string(2 * std::size_t{loop.depth}, ' '), place_of(program, loop.report.loop));
  if (!loop.report.solved) {
    fmt::print("{}: {}\n", paint("declined", Colour::Yellow), scev::sentence(loop.report.reason));
    return;
  }
  fmt::print("{} ({})\n", paint("solved", Colour::Green), classes_of(loop.report));
  for (const std::string& recurrence : loop.recurrences) fmt::print("    {}\n", recurrence);
  for (std::size_t i = 0; i < loop.trip_counts.size(); ++i) {
    fmt::print("    {} {}\n", i == 0 ? "trip count:" : "        or:", loop.trip_counts[i]);
  }
  fmt::print("    replaced by {}\n", loop.shape);
}

Json loop_json(const ast::Program& program, const scev::LoopExplanation& loop) {
  const base::SourcePosition position = program.position(loop.report.loop);
  return {{"line", position.line},
          {"column", position.column},
          {"solved", loop.report.solved},
          {"guarded", loop.report.guarded},
          {"classes", classes_of(loop.report)},
          {"reason", std::string(scev::sentence(loop.report.reason))},
          {"recurrences", loop.recurrences},
          {"trip_counts", loop.trip_counts},
          {"shape", loop.shape}};
}

// The loops as the loop solver meets them, behind the passes that run before it, and with what the pass made of each.
struct MetLoops {
  ast::Program program;
  std::vector<scev::LoopExplanation> loops;
};

MetLoops loops_met(const ast::Program& program, const opt::Pipeline& pipeline) {
  const auto solver = std::find(pipeline.begin(), pipeline.end(), opt::PassId::Scev);
  if (solver == pipeline.end()) return {program, scev::explain_loops(program)};
  MetLoops met{opt::run_pipeline(program, {pipeline.begin(), solver}), {}};
  met.loops = scev::explain_loops(met.program);
  const std::vector<scev::LoopReport> reports = opt::pass_info(opt::PassId::Scev).run(met.program).loops;
  for (scev::LoopExplanation& one : met.loops) {
    const auto report = std::find_if(reports.begin(), reports.end(), [&one](const scev::LoopReport& candidate) {
      return candidate.loop == one.report.loop;
    });
    if (report != reports.end()) one.report = *report;
  }
  return met;
}

int run_explain(const ExplainOptions& options) {
  const auto finding = load(options.file);
  if (!finding) return report_error(finding.error());
  const auto pipeline = pipeline_for(options.passes, *finding);
  if (!pipeline) return report_error(pipeline.error());
  const ast::Program& program = finding->program;
  Json json{{"schema_version", 1}, {"program", program.name()}, {"passes", Json::array()}, {"loops", Json::array()}};

  const MetLoops met = loops_met(program, *pipeline);
  for (const scev::LoopExplanation& loop : met.loops) {
    json["loops"].push_back(loop_json(met.program, loop));
    if (!options.json) print_loop(met.program, loop);
  }
  std::string before = ast::print_program(program);
  static_cast<void>(opt::optimize(program, *pipeline, [&](opt::PassId pass, const opt::PassResult& result) {
    if (result.changes == 0) return;
    std::string after = ast::print_program(result.program);
    const std::vector<std::string> diff = reports::line_diff(before, after);
    before = std::move(after);
    json["passes"].push_back({{"pass", opt::pass_info(pass).name}, {"changes", result.changes}, {"diff", diff}});
    if (options.json) return;
    fmt::print("\n{}: {} change{}\n", paint(opt::pass_info(pass).name, Colour::Bold), result.changes,
               result.changes == 1 ? "" : "s");
    for (const std::string& line : diff) {
      const bool changed = line[0] != ' ';
      fmt::print("  {}\n", changed ? paint(line, line[0] == '+' ? Colour::Green : Colour::Red) : line);
    }
  }));
  if (options.json) fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
  return kPass;
}

}  // namespace

void add_explain_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("explain", "Show what each pass did, and what is known of each loop");
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("file", options->file, "Program or finding (.nda)")->required();
  command->add_option("--passes", options->passes,
                      "default, none, or passes joined by commas; without it, those of a finding, else default");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->footer(
      "Examples:\n"
      "  assay explain corpus/seeds/sum_to.nda\n"
      "  assay explain corpus/seeds/sum_to.nda --passes scev,simplify\n"
      "A loop is solved, with its recurrences and trip count ([c] is 1 where c holds, else 0), or declined, with the "
      "reason.");
  command->callback([&action, options] { action = [options] { return run_explain(*options); }; });
}

}  // namespace assay::cli
