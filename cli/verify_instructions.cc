// The table of instructions; see verify_instructions.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_instructions.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "oracles/emulated/emulator.h"
#include "oracles/instructions/describe.h"
#include "oracles/instructions/sweep.h"

namespace assay::cli {
namespace {

using oracles::emulated::Defect;
using oracles::emulated::DefectInfo;
using oracles::instructions::Finding;
using oracles::instructions::FormTally;
using oracles::instructions::NotRun;
using oracles::instructions::SweepReport;

// What a row of the table of known differences explained, but undefined flags: those do not exclude agreement.
std::uint64_t explained(const FormTally& form) {
  std::uint64_t sum = 0;
  for (const DefectInfo& row : oracles::emulated::known_defects()) {
    if (row.id != Defect::UndefinedFlags) sum += form.known[static_cast<std::size_t>(row.id)];
  }
  return sum;
}

std::uint64_t times(const FormTally& form, const DefectInfo& row) {
  return form.known[static_cast<std::size_t>(row.id)];
}

void print_rows(const SweepReport& report) {
  fmt::print("{:<16} {:>9} {:>12} {:>14} {:>9} {:>9}  {}\n", "form", "runs", "CPU differs", "emulator agrees", "known",
             "unknown", "undefined flags that differ");
  for (std::size_t i = 0; i < report.tally.forms.size(); ++i) {
    const FormTally& form = report.tally.forms[i];
    if (form.runs == 0) continue;
    fmt::print("{:<16} {:>9} {:>12} {:>15} {:>9} {:>9}  {}\n", x64::form_info(static_cast<x64::Form>(i)).id, form.runs,
               form.cpu_differs, form.emulator_agrees, explained(form), form.emulator_differs,
               form.undefined_flags == 0 ? "" : oracles::instructions::flag_names(form.undefined_flags));
  }
}

void print_known(const FormTally& total) {
  fmt::print("\nknown differences of the emulator\n");
  for (const DefectInfo& row : oracles::emulated::known_defects()) {
    if (times(total, row) == 0) continue;
    fmt::print("  {:<16} {:>9} times: {}\n  {:<26} {}\n  {:<26} {}\n", row.name, times(total, row), row.what, "",
               row.consequence, "", row.link);
  }
  if (total.cpu_undefined_registers != 0) {
    fmt::print("  on this CPU, {} bit scans of zero changed their destination, which Intel leaves undefined\n",
               total.cpu_undefined_registers);
  }
}

void print_not_run(const SweepReport& report) {
  fmt::print("\nforms not run\n");
  for (const NotRun& one : report.not_run) fmt::print("  {:<16} {}\n", x64::form_info(one.form).id, one.reason);
  for (std::size_t i = 0; i < report.tally.forms.size(); ++i) {
    const auto form = static_cast<x64::Form>(i);
    const bool listed = std::ranges::any_of(report.not_run, [form](const NotRun& one) { return one.form == form; });
    if (report.tally.forms[i].runs == 0 && !listed) {
      fmt::print("  {:<16} too few runs were asked for\n", x64::form_info(form).id);
    }
  }
}

int exit_code(const SweepReport& report) {
  if (report.found_something()) return kFindings;
  return report.looked_at_everything() ? kPass : kInconclusive;
}

void print_report(const SweepReport& report, std::uint64_t seed) {
  const FormTally total = report.tally.total();
  print_rows(report);
  print_known(total);
  print_not_run(report);
  for (const Finding& one : report.tally.findings) fmt::print("\n{}", one.text);
  const std::uint64_t differing = total.cpu_differs + total.emulator_differs;
  fmt::print("\nseed 0x{:x}, Unicorn {}\n", seed, oracles::emulated::emulator_version());
  fmt::print("{} runs of {} of {} instruction forms, each on the CPU and in the emulator\n", report.runs,
             std::ranges::count_if(report.tally.forms, [](const FormTally& form) { return form.runs != 0; }),
             x64::kFormCount);
  fmt::print("the CPU agrees in {}, the emulator in {}; {} differences are known, {} are not\n", total.cpu_agrees,
             total.emulator_agrees, explained(total), differing);
  if (differing == 0 && !report.looked_at_everything()) fmt::print("inconclusive: some forms were not run\n");
}

nlohmann::ordered_json known_of(const FormTally& form) {
  nlohmann::ordered_json known = nlohmann::ordered_json::object();
  for (const DefectInfo& row : oracles::emulated::known_defects()) {
    if (times(form, row) != 0) known[std::string(row.name)] = times(form, row);
  }
  return known;
}

nlohmann::ordered_json counts_of(const FormTally& form) {
  return {{"runs", form.runs},
          {"cpu_agrees", form.cpu_agrees},
          {"cpu_differs", form.cpu_differs},
          {"emulator_agrees", form.emulator_agrees},
          {"emulator_differs", form.emulator_differs},
          {"emulator_known", known_of(form)},
          {"cpu_undefined_registers", form.cpu_undefined_registers}};
}

void print_json(const SweepReport& report, std::uint64_t seed) {
  nlohmann::ordered_json whole = {{"schema_version", 1},
                                  {"seed", seed},
                                  {"unicorn", oracles::emulated::emulator_version()},
                                  {"exit_code", exit_code(report)},
                                  {"total", counts_of(report.tally.total())}};
  nlohmann::ordered_json forms = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < report.tally.forms.size(); ++i) {
    const FormTally& form = report.tally.forms[i];
    if (form.runs == 0) continue;
    nlohmann::ordered_json row = {{"form", x64::form_info(static_cast<x64::Form>(i)).id}};
    row.update(counts_of(form));
    row["undefined_flags_that_differ"] = oracles::instructions::flag_names(form.undefined_flags);
    forms.push_back(std::move(row));
  }
  whole["forms"] = std::move(forms);
  whole["not_run"] = nlohmann::ordered_json::array();
  for (const NotRun& one : report.not_run) {
    whole["not_run"].push_back({{"form", x64::form_info(one.form).id}, {"reason", one.reason}});
  }
  whole["findings"] = nlohmann::ordered_json::array();
  for (const Finding& one : report.tally.findings) {
    whole["findings"].push_back({{"form", x64::form_info(one.form).id},
                                 {"engine", one.on_cpu ? "cpu" : "emulator"},
                                 {"run", one.run},
                                 {"text", one.text}});
  }
  fmt::print("{}\n", whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

int verify_instructions(const InstructionsOptions& options) {
  StatusLine status;
  oracles::instructions::SweepOptions sweep;
  sweep.runs = options.runs;
  sweep.seed = options.seed;
  sweep.jobs = options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  sweep.progress = [&](std::uint64_t done) { status.show(fmt::format("{} of {} runs", done, options.runs)); };
  auto report = oracles::instructions::sweep_instructions(sweep);
  status.finish();
  if (!report) return report_error(report.error());
  if (options.json) {
    print_json(*report, options.seed);
  } else {
    print_report(*report, options.seed);
  }
  return exit_code(*report);
}

}  // namespace assay::cli
