// Reports as Markdown; see markdown_report.h. Tested by reports/markdown/test/markdown_report_test.cc.
#include "reports/markdown/markdown_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/model/escape.h"

namespace assay::reports {
namespace {

// GitHub refuses a job summary of more than 1 MiB; so many findings in full stay far below.
constexpr std::size_t kMostDetails = 50;
constexpr std::size_t kMostCodeBytes = 4000;

// Inline text: entities for HTML, and for each character that means something to Markdown.
std::string text(std::string_view from) {
  std::string out;
  for (const char c : escape_markup(one_line(from))) {
    if (std::string_view("\\`*_{}[]()#+!|~:@-").find(c) != std::string_view::npos) {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

// In <code>, so that what is inside can be escaped; a backtick span could not.
std::string code(std::string_view from) { return from.empty() ? "" : "<code>" + text(from) + "</code>"; }

// A fence longer than any run of backticks inside.
std::string fenced(std::string_view from) {
  std::string body = printable(from.substr(0, kMostCodeBytes));
  if (from.size() > kMostCodeBytes) body += "\n(cut here; the JSON and HTML reports have all of it)";
  if (!body.ends_with('\n')) body += '\n';
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : body) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "text\n" + body + fence + "\n\n";
}

void append_oracles(const Report& report, std::string& out) {
  if (report.oracles.empty()) return;
  out += "| oracle | agree | diverge | timeout | crash | untrusted | unknown | skipped |\n";
  out += "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const OracleCounts& one : report.oracles) {
    out += fmt::format("| {}{} | {} | {} | {} | {} | {} | {} | {} |\n", text(one.name),
                       one.judged() == 0 ? " **judged nothing**" : "", grouped(one.agree), grouped(one.diverge),
                       grouped(one.timeout), grouped(one.crash), grouped(one.untrusted), grouped(one.unknown),
                       grouped(one.skipped));
  }
  out += "\n";
}

void append_finding(const ReportFinding& finding, std::string& out) {
  out += fmt::format("<details><summary>{} {}</summary>\n\n", name(finding.state), code(finding.signature));
  std::string explanation;
  for (const std::string& line : finding.explanation) explanation += one_line(line) + "\n";
  if (!explanation.empty()) out += fenced(explanation);
  const std::string& source = finding.reduced.empty() ? finding.source : finding.reduced;
  if (!source.empty()) out += fenced(source);
  if (!finding.replay_command.empty()) out += fenced(finding.replay_command);
  out += "</details>\n\n";
}

void append_findings(const Report& report, std::string& out) {
  if (report.findings.empty()) return;
  out += "| state | signature | seen | where to look | replays |\n| --- | --- | ---: | --- | --- |\n";
  for (const ReportFinding& one : report.findings) {
    out += fmt::format("| {} | {} | {} | {} | {} |\n", name(one.state), code(one.signature), grouped(one.count),
                       code(one.source_file), text(one.replays));
  }
  out += "\n";
  const std::size_t shown = std::min(report.findings.size(), kMostDetails);
  for (std::size_t i = 0; i < shown; ++i) append_finding(report.findings[i], out);
  if (shown < report.findings.size()) {
    out += fmt::format("{} more findings are in the JSON and HTML reports.\n\n", report.findings.size() - shown);
  }
  std::uint64_t alike = 0;
  for (const Count& one : report.not_looked_into) alike += one.value;
  if (alike != 0) out += fmt::format("{} more failures look like these and were not looked into.\n\n", grouped(alike));
}

// In one sentence; a summary that is empty of proofs has none.
std::string proof_counts(const ProofCounts& counts) {
  if (counts.met() == 0) return "";
  return fmt::format("{} proved, {} refuted, {} unknown, {} not solved alone, {} met over budget",
                     grouped(counts.proved), grouped(counts.refuted), grouped(counts.unknown), grouped(counts.declined),
                     grouped(counts.over_budget));
}

void append_status(const Report& report, std::string& out) {
  if (report.status.empty()) return;
  out += "<details><summary>Status of the campaign at its last record</summary>\n\n| | |\n| --- | --- |\n";
  for (const StatusLine& line : report.status) out += fmt::format("| {} | {} |\n", text(line.name), text(line.value));
  out += "\n</details>\n\n";
}

void append_environment(const Report& report, std::string& out) {
  out += "| | |\n| --- | --- |\n";
  const auto row = [&out](std::string_view key, const std::string& value) {
    if (!value.empty()) out += fmt::format("| {} | {} |\n", key, value);
  };
  row("command", code(report.command));
  row("seed", code(report.seed));
  row("configuration", text(report.configuration));
  row("build", text(report.build));
  row("CPU", text(report.cpu));
  if (report.campaign) {
    row("programs", fmt::format("{} generated, {} compared", grouped(report.programs), grouped(report.compared)));
    std::string skips;
    for (const Count& one : report.skipped) {
      if (one.value != 0)
        skips += fmt::format("{}{} {}", skips.empty() ? "" : ", ", text(one.name), grouped(one.value));
    }
    row("skipped", skips);
    row("runs of compiled code", grouped(report.runs));
    row("instruction forms", fmt::format("{} of {}", hits(report.forms), report.forms.size()));
    row("shapes of loops", proof_counts(report.proof_counts));
    row("time", fmt::format("{:.1f} s of wall clock, {:.1f} s of CPU", report.seconds, report.cpu_seconds));
  }
  row("generated", text(report.generated));
  out += "\n";
}

}  // namespace

std::string render_markdown(const Report& report) {
  std::string out = fmt::format("# Assay: {}\n\n", name(report.verdict));
  for (const std::string& reason : report.reasons) out += fmt::format("- {}\n", text(reason));
  for (const std::string& problem : report.problems) out += fmt::format("- problem: {}\n", text(problem));
  for (const std::string& what : report.never_fired) out += fmt::format("- never fired: {}\n", text(what));
  out += "\n| new | known | unknown | fixed |\n| ---: | ---: | ---: | ---: |\n";
  out += fmt::format("| {} | {} | {} | {} |\n\n", report.count(FindingState::New), report.count(FindingState::Known),
                     report.count(FindingState::Unknown), report.count(FindingState::Fixed));
  append_findings(report, out);
  append_oracles(report, out);
  for (const Proof& proof : report.proofs) {
    out += fmt::format("- proof {}: {} {}\n", text(proof.name), text(proof.verdict), text(proof.detail));
  }
  if (!report.proofs.empty()) out += "\n";
  append_status(report, out);
  append_environment(report, out);
  return out;
}

}  // namespace assay::reports
