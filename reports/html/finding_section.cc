// Findings in the HTML report; see html_parts.h. Tested by reports/html/test/html_report_test.cc.
#include <fmt/format.h>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"
#include "reports/model/line_diff.h"

namespace assay::reports::html {
namespace {

std::string facts(const ReportFinding& finding) {
  std::string rows;
  const auto row = [&rows](std::string_view key, const std::string& value) {
    if (!value.empty()) rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", key, escape_markup(value));
  };
  row("oracle", finding.oracle);
  row("verdict", finding.verdict);
  row("guilty pass or stage", finding.stage);
  row("node", finding.node == "-" ? "" : finding.node);
  row("instruction form", finding.form == "-" ? "" : finding.form);
  row("difference", finding.difference);
  row("where to begin to look", finding.source_file);
  if (finding.recorded_signature != finding.signature) row("recorded signature", finding.recorded_signature);
  row("seen",
      finding.count == 0 ? "" : fmt::format("{} time{}", grouped(finding.count), finding.count == 1 ? "" : "s"));
  row("file", finding.file);
  std::string more;
  for (const std::string& file : finding.more_files) more += (more.empty() ? "" : ", ") + file;
  row("more files", more);
  row("replays", finding.replays);
  row("seed", finding.seed);
  row("program", finding.program_index);
  row("inputs", finding.inputs);
  row("passes", finding.passes);
  row("CPU features", finding.features);
  row("configuration", finding.configuration);
  row("found by", finding.build);
  row("found on", finding.cpu);
  return "<dl class=\"facts\">\n" + rows + "</dl>\n";
}

std::string figure(std::string_view title, const std::string& text) {
  if (text.empty()) return "";
  return fmt::format("<figure><figcaption>{}</figcaption>{}</figure>\n", title, preformatted(text));
}

// What changed between two programs is marked by a sign at the start of the line as well as by colour.
std::string changed_program(std::string_view title, const std::string& before, const std::string& after) {
  if (after.empty()) return "";
  std::string lines;
  for (const std::string& line : full_line_diff(before, after)) {
    const std::string text = escape_markup(line);
    lines += line[0] == '+' ? "<ins>" + text + "</ins>\n" : line[0] == '-' ? "<del>" + text + "</del>\n" : text + "\n";
  }
  return fmt::format("<figure><figcaption>{}</figcaption><pre class=\"code diff\">{}</pre></figure>\n", title, lines);
}

std::string programs(const ReportFinding& finding) {
  const bool reduced = !finding.reduced.empty();
  const std::string& judged = finding.reduced_judged ? finding.reduced : finding.source;
  const std::string all =
      figure(reduced ? "Source as found" : "Source", finding.source) +
      figure("Source after reduction", finding.reduced) +
      changed_program(finding.stage == "codegen" ? "Program as it was compiled" : "Program after the guilty pass",
                      judged, finding.after_pass);
  return all.empty() ? "" : "<div class=\"beside\">\n" + all + "</div>\n";
}

std::string states(const ReportFinding& finding) {
  if (finding.states.empty()) return "";
  std::string out =
      "<h4>State</h4>\n<div class=\"wide\"><table class=\"state\"><thead><tr><th>what</th><th>expected</th><th>got</th>"
      "</tr></thead><tbody>\n";
  for (const StateRow& row : finding.states) {
    const std::string got = escape_markup(row.got);
    out += fmt::format("<tr{}><td>{}</td><td>{}</td><td>{}</td></tr>\n", row.differs ? " class=\"differs\"" : "",
                       escape_markup(row.what), escape_markup(row.expected),
                       row.differs ? "<mark>" + got + "</mark>" : got);
  }
  return out + "</tbody></table></div>\n";
}

std::string anchor(const ReportFinding& finding, std::size_t index) {
  return fmt::format("finding-{}-{}", index, fingerprint(finding.signature));
}

}  // namespace

std::string preformatted(std::string_view text, std::string_view css_class) {
  return text.empty() ? "" : fmt::format("<pre class=\"{}\">{}</pre>", css_class, escape_markup(text));
}

std::string findings_table(const std::vector<ReportFinding>& findings) {
  // The controls do nothing without JavaScript, which shows them.
  std::string out =
      "<p id=\"controls\" hidden><label>Filter <input id=\"filter\" type=\"search\" placeholder=\"signature, pass, "
      "file\"></label> "
      "<span id=\"states\"></span> <output id=\"shown\"></output> <button id=\"open-all\" type=\"button\">Open or "
      "close "
      "all</button></p>\n"
      "<div class=\"wide\"><table id=\"findings-table\"><thead><tr><th>state</th><th>signature</th><th "
      "class=\"number\">seen</th>"
      "<th>guilty</th><th>replays</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const ReportFinding& one = findings[i];
    out += fmt::format(
        "<tr data-state=\"{0}\"><td><span class=\"badge {0}\">{0}</span></td><td><a "
        "href=\"#{1}\"><code>{2}</code></a></td>"
        "<td class=\"number\" data-value=\"{3}\">{4}</td><td>{5}</td><td>{6}</td></tr>\n",
        name(one.state), anchor(one, i), escape_markup(one_line(one.signature)), one.count, grouped(one.count),
        escape_markup(one_line(one.stage == "codegen" ? one.source_file : one.stage)),
        escape_markup(one_line(one.replays)));
  }
  return out + "</tbody></table></div>\n";
}

std::string not_looked_into(const std::vector<Count>& rows) {
  if (rows.empty()) return "";
  std::string out =
      "<details class=\"never\"><summary>Not looked into, because others that look alike were</summary>\n<ul "
      "class=\"names\">\n";
  for (const Count& one : rows)
    out += fmt::format("<li><code>{}</code> {}</li>\n", escape_markup(one_line(one.name)), grouped(one.value));
  return out + "</ul></details>\n";
}

std::string finding_section(const ReportFinding& finding, std::size_t index, bool open) {
  std::string out = fmt::format(
      "<details class=\"finding\" id=\"{}\" data-state=\"{}\"{}><summary><span class=\"badge {}\">{}</span> "
      "<code>{}</code></summary>\n",
      anchor(finding, index), name(finding.state), open ? " open" : "", name(finding.state), name(finding.state),
      escape_markup(one_line(finding.signature)));
  if (!finding.replay_command.empty())
    out += "<h4>Replay</h4>\n" + preformatted(finding.replay_command, "command") + "\n";
  std::string explanation;
  for (const std::string& line : finding.explanation) explanation += one_line(line) + "\n";
  if (!explanation.empty()) out += "<h4>What the oracles say</h4>\n" + preformatted(explanation, "code prose") + "\n";
  out += states(finding) + programs(finding) + disassembly(finding.disassembly);
  out += "<h4>Facts</h4>\n" + facts(finding);
  return out + "</details>\n";
}

}  // namespace assay::reports::html
