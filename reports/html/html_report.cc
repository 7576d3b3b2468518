// The page and its order; see html_report.h. Tested by reports/html/test/html_report_test.cc.
#include "reports/html/html_report.h"

#include <fmt/format.h>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"

namespace assay::reports {
namespace {

constexpr std::size_t kMostOpen = 3;

std::string_view css_class(ReportVerdict verdict) {
  switch (verdict) {
    case ReportVerdict::Pass:
      return "good";
    case ReportVerdict::Inconclusive:
      return "doubt";
    case ReportVerdict::Findings:
    case ReportVerdict::Unreadable:
    case ReportVerdict::HarnessFailed:
      return "bad";
  }
  return "bad";
}

void section(std::string& out, std::string_view id, std::string_view title, const std::string& body) {
  if (!body.empty()) out += fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", id, title, body);
}

std::string tile(std::string_view label, const std::string& value, std::string_view kind) {
  return fmt::format("<div class=\"tile {}\"><b>{}</b><span>{}</span></div>\n", kind, value, label);
}

std::string tiles(const Report& report) {
  std::string out = "<div class=\"tiles\">\n";
  for (const FindingState state : kAllStates) {
    const std::size_t count = report.count(state);
    const std::string_view kind = count == 0 ? "none" : name(state);
    out += tile(name(state), grouped(count), kind);
  }
  if (report.campaign) {
    out += "</div>\n<div class=\"tiles\">\n";
    out += tile("programs compared", grouped(report.compared), "plain");
    out += tile("runs of compiled code", grouped(report.runs), "plain");
    if (report.proof_counts.met() != 0)
      out += tile("loop shapes proved",
                  fmt::format("{}<small> {} refuted</small>", grouped(report.proof_counts.proved),
                              grouped(report.proof_counts.refuted)),
                  "plain");
    out += tile("instruction forms", fmt::format("{}<small> of {}</small>", hits(report.forms), report.forms.size()),
                "plain");
  }
  return out + "</div>\n";
}

std::string list(const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string out = "<ul>\n";
  for (const std::string& line : lines) out += fmt::format("<li>{}</li>\n", escape_markup(line));
  return out + "</ul>\n";
}

std::string environment(const Report& report) {
  std::string rows;
  const auto row = [&rows](std::string_view key, const std::string& value) {
    if (!value.empty()) rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", key, value);
  };
  row("command", html::preformatted(report.command, "command"));
  row("seed", escape_markup(report.seed));
  row("configuration", escape_markup(report.configuration));
  row("build", escape_markup(report.build));
  row("CPU", escape_markup(report.cpu));
  if (report.campaign) {
    row("time", fmt::format("{:.1f} s of wall clock, {:.1f} s of CPU", report.seconds, report.cpu_seconds));
    row("programs", fmt::format("{} generated, {} compared", grouped(report.programs), grouped(report.compared)));
    std::string skips;
    for (const Count& one : report.skipped) {
      if (one.value != 0)
        skips += fmt::format("{}{} {}", skips.empty() ? "" : ", ", escape_markup(one.name), grouped(one.value));
    }
    row("programs skipped", skips.empty() ? "none" : skips);
    row("instructions checked", grouped(report.instructions_checked));
  }
  row("report made", escape_markup(report.generated));
  return rows.empty() ? "" : "<dl class=\"facts\">\n" + rows + "</dl>\n";
}

std::string findings(const Report& report) {
  if (report.findings.empty()) return "<p class=\"quiet\">No finding was given.</p>\n";
  std::string out = html::findings_table(report.findings) + html::not_looked_into(report.not_looked_into);
  // The first few of those that need a reader are open; a page with all of them open has no end.
  std::size_t open = 0;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const FindingState state = report.findings[i].state;
    const bool needs_reader = state == FindingState::New || state == FindingState::Unknown;
    open += needs_reader ? 1 : 0;
    out += html::finding_section(report.findings[i], i, needs_reader && open <= kMostOpen);
  }
  return out;
}

std::string coverage(const Report& report) {
  return html::heat_map("Instruction forms emitted", report.forms) +
         html::register_map(report.registers, report.form_registers) +
         html::heat_map("Node kinds generated", report.node_kinds) +
         html::heat_map("Operators generated", report.operators);
}

}  // namespace

std::string render_html(const Report& report) {
  std::string body = fmt::format("<header><p class=\"eyebrow\">Assay report</p>\n<h1>{}</h1>\n{}</header>\n<main>\n{}",
                                 name(report.verdict), list(report.reasons), tiles(report));
  body +=
      "<nav><a href=\"#environment\">Environment</a><a href=\"#findings\">Findings</a><a "
      "href=\"#campaign\">Campaign</a><a href=\"#oracles\">Oracles</a>"
      "<a href=\"#fired\">Passes and loops</a><a href=\"#time\">Over time</a><a href=\"#coverage\">Coverage</a>"
      "<a href=\"#proofs\">Proofs</a></nav>\n";
  section(body, "problems", "Problems", list(report.problems));
  section(body, "environment", "Environment", environment(report));
  section(body, "findings", "Findings", findings(report));
  const std::string no_summary = "<p class=\"quiet\">No campaign summary was given.</p>\n";
  section(body, "campaign", "Campaign", html::status_list(report.status));
  section(body, "oracles", "Oracles", report.campaign ? html::oracles_table(report) : no_summary);
  section(body, "fired", "Passes and loops", report.campaign ? html::firing_tables(report) : no_summary);
  section(body, "time", "Over time", html::charts(report.series, report.forms.size()));
  section(body, "coverage", "Coverage", report.campaign ? coverage(report) : no_summary);
  section(body, "proofs", "Proofs",
          (report.campaign ? html::proof_counts_table(report.proof_counts) : "") + html::proofs_table(report));
  section(body, "selftest", "Self-test", html::selftest_table(report.selftest));
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src "
      "&#39;unsafe-inline&#39;; "
      "script-src &#39;unsafe-inline&#39;\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
      "content=\"light dark\">\n"
      "<title>Assay: "
      "{}</title>\n<style>\n{}</style>\n</head>\n<body "
      "class=\"{}\">\n{}</main>\n<script>\n{}</script>\n</body>\n</html>\n",
      name(report.verdict), html::style_sheet(), css_class(report.verdict), body, html::script());
}

}  // namespace assay::reports
