// `assay report`: findings and figures of a campaign as HTML, SARIF, JUnit, JSON, Markdown and annotations. Tested by
// cli/test/cli_test.sh.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "core/base/file.h"
#include "reports/annotations/annotations.h"
#include "reports/collect/collect.h"
#include "reports/html/html_report.h"
#include "reports/json/json_report.h"
#include "reports/junit/junit_report.h"
#include "reports/markdown/markdown_report.h"
#include "reports/model/escape.h"
#include "reports/sarif/sarif_report.h"

namespace assay::cli {
namespace {

struct Format {
  const char* option;
  const char* help;
  std::string (*render)(const reports::Report&);
};

constexpr std::array kFormats = {
    Format{"--html", "One self-contained page for people", reports::render_html},
    Format{"--sarif", "SARIF 2.1.0 for code scanning", reports::render_sarif},
    Format{"--junit", "JUnit XML for CI systems", reports::render_junit},
    Format{"--json", "All of it for programs (reports/json/report.schema.json)", reports::render_json},
    Format{"--markdown", "A job summary", reports::render_markdown},
};

struct ReportOptions {
  reports::CollectConfig collect;
  std::array<std::string, kFormats.size()> files;
  bool annotations = false;
};

// The time of the report; SOURCE_DATE_EPOCH decides it where a build must be reproducible.
std::string now() {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
  if (const char* const fixed = std::getenv("SOURCE_DATE_EPOCH"); fixed != nullptr) {
    const std::string_view text(fixed);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) seconds = std::chrono::seconds(value);
  }
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds.count())));
}

base::Result<std::unique_ptr<oracles::Judge>> make_judge(const oracles::JudgeConfig& config) {
  return oracles::Judge::create(config, std::make_unique<oracles::JitBlockSource>());
}

void print_text(const reports::Report& report) {
  const bool pass = report.verdict == reports::ReportVerdict::Pass;
  fmt::print("{}\n", paint(std::string(reports::name(report.verdict)), pass ? Colour::Green : Colour::Red));
  for (const std::string& reason : report.reasons) fmt::print("  {}\n", reports::one_line(reason));
  for (const std::string& problem : report.problems) fmt::print("  problem: {}\n", reports::one_line(problem));
  for (const reports::ReportFinding& one : report.findings) {
    fmt::print("{:<8}{}\n", reports::name(one.state), reports::one_line(one.signature));
    if (!one.replay_command.empty()) fmt::print("        {}\n", reports::one_line(one.replay_command));
  }
}

int run_report(ReportOptions options) {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (options.files[i].empty() || options.files[i] != options.files[j]) continue;
      return report_error(base::input_error(fmt::format("{} is given for two formats", options.files[i])));
    }
  }
  options.collect.generated = now();
  const auto report = reports::collect(options.collect, make_judge);
  if (!report) return report_error(report.error());
  // First what cannot fail for want of a place.
  if (options.annotations) {
    std::fputs(reports::render_annotations(*report).c_str(), stdout);
  } else {
    print_text(*report);
  }
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (options.files[i].empty()) continue;
    const auto written = base::write_file_atomically(options.files[i], kFormats[i].render(*report));
    if (!written) return report_error(written.error());
  }
  return reports::exit_code(report->verdict);
}

}  // namespace

void add_report_command(CLI::App& app, Action& action) {
  CLI::App* const command = app.add_subcommand("report", "Judge findings again and report on them and their campaign");
  const auto options = std::make_shared<ReportOptions>();
  command->add_option("folder", options->collect.folder, "Folder of findings (.nda), or of a campaign")->required();
  command->add_option("--summary", options->collect.summary_file, "What `assay fuzz --json` printed");
  command->add_option("--proofs", options->collect.proofs_file, "What `assay verify --json` printed");
  command->add_option("--selftest", options->collect.selftest_file, "What `assay selftest run` wrote");
  command->add_option("--known", options->collect.known_folder,
                      "Folder of known findings, whose signatures are no news");
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    command->add_option(kFormats[i].option, options->files[i], kFormats[i].help)->type_name("FILE");
  }
  command->add_flag("--annotations", options->annotations, "Print GitHub workflow commands instead of text");
  command->footer(
      "Examples:\n"
      "  assay report findings --html report.html\n"
      "  assay report night --known corpus/known --html night.html --sarif night.sarif\n"
      "  assay fuzz --seconds 600 --json > night.json; assay report findings --summary night.json --markdown "
      "\"$GITHUB_STEP_SUMMARY\" --annotations\n"
      "Exit code 0: no new finding; 1: new findings; 2: a file could not be read; 4: nothing was judged, or not "
      "enough.");
  command->callback([&action, options] { action = [options] { return run_report(*options); }; });
}

}  // namespace assay::cli
