// Figures of a campaign in the HTML report; see html_parts.h. Tested by reports/html/test/html_parts_test.cc.
#include <fmt/format.h>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"

namespace assay::reports::html {
namespace {

std::string number_cell(std::uint64_t value, std::string_view kind = {}) {
  const std::string_view css = value == 0 ? "zero" : kind;
  return fmt::format("<td class=\"number {}\">{}</td>", css, grouped(value));
}

std::string firing_table(std::string_view what, std::string_view first, std::string_view second, std::string_view must,
                         const std::vector<Firing>& rows) {
  if (rows.empty()) return "";
  std::string out = fmt::format(
      "<div><table><thead><tr><th>{}</th><th class=\"number\">{}</th><th "
      "class=\"number\">{}</th></tr></thead><tbody>\n",
      what, first, second);
  for (const Firing& row : rows) {
    const std::uint64_t hit = must == first ? row.first : row.second;
    out += fmt::format("<tr><td>{}{}</td>{}{}</tr>\n", escape_markup(row.name),
                       hit == 0 ? " <span class=\"badge unknown\">never</span>" : "", number_cell(row.first),
                       number_cell(row.second));
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace

std::string oracles_table(const Report& report) {
  if (report.oracles.empty()) return "<p class=\"quiet\">No oracle was switched on.</p>\n";
  std::string out =
      "<div class=\"wide\"><table><thead><tr><th>oracle</th><th class=\"number\">agree</th><th "
      "class=\"number\">diverge</th>"
      "<th class=\"number\">timeout</th><th class=\"number\">crash</th><th class=\"number\">untrusted</th>"
      "<th class=\"number\">unknown</th><th class=\"number\">skipped</th><th>why skipped</th></tr></thead><tbody>\n";
  for (const OracleCounts& one : report.oracles) {
    std::string skips;
    for (const Count& skip : one.skips) {
      if (skip.value != 0)
        skips += fmt::format("{}{} {}", skips.empty() ? "" : ", ", escape_markup(skip.name), grouped(skip.value));
    }
    out += fmt::format("<tr><td>{}{}</td>{}{}{}{}{}{}{}<td>{}</td></tr>\n", escape_markup(one.name),
                       one.judged() == 0 ? " <span class=\"badge unknown\">judged nothing</span>" : "",
                       number_cell(one.agree), number_cell(one.diverge, "bad"), number_cell(one.timeout, "bad"),
                       number_cell(one.crash, "bad"), number_cell(one.untrusted, "doubt"),
                       number_cell(one.unknown, "doubt"), number_cell(one.skipped), skips);
  }
  return out + "</tbody></table></div>\n<p class=\"quiet\">In programs. Only agree is agreement.</p>\n";
}

std::string firing_tables(const Report& report) {
  std::string out = firing_table("pass", "ran", "fired", "fired", report.passes) +
                    firing_table("loop class", "solved", "declined", "solved", report.loops);
  std::string reasons;
  for (const Count& one : report.declined) {
    if (one.value != 0)
      reasons += fmt::format("<tr><td>{}</td>{}</tr>\n", escape_markup(one.name), number_cell(one.value));
  }
  if (!reasons.empty()) {
    out +=
        "<div><table><thead><tr><th>loops declined because</th><th class=\"number\">loops</th></tr></thead><tbody>\n" +
        reasons + "</tbody></table></div>\n";
  }
  return out.empty() ? "" : "<div class=\"beside tables\">\n" + out + "</div>\n";
}

std::string proof_counts_table(const ProofCounts& counts) {
  if (counts.met() == 0) return "<p class=\"quiet\">No loop was looked at by the prover beside the campaign.</p>\n";
  return fmt::format(
      "<div class=\"wide\"><table class=\"counts\"><thead><tr><th class=\"number\">proved</th><th "
      "class=\"number\">refuted</th>"
      "<th class=\"number\">unknown</th><th class=\"number\">not solved alone</th><th class=\"number\">met over "
      "budget</th>"
      "<th class=\"number\">seconds</th></tr></thead><tbody>\n<tr>{}{}{}{}{}<td "
      "class=\"number\">{:.1f}</td></tr>\n</tbody></table></div>\n"
      "<p class=\"quiet\">In shapes of loops, by the prover beside the campaign. A refuted one is among the findings; "
      "unknown and over budget prove nothing.</p>\n",
      number_cell(counts.proved, "good"), number_cell(counts.refuted, "bad"), number_cell(counts.unknown, "doubt"),
      number_cell(counts.declined), number_cell(counts.over_budget), counts.seconds);
}

std::string status_list(const std::vector<StatusLine>& lines) {
  if (lines.empty()) {
    return "<p class=\"quiet\">No store was given. <code>assay campaign</code> keeps one, and its folder can be "
           "reported "
           "on.</p>\n";
  }
  std::string out = "<dl class=\"facts\">\n";
  for (const StatusLine& line : lines)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_markup(line.name), escape_markup(line.value));
  return out + "</dl>\n<p class=\"quiet\">As <code>assay campaign status</code> showed it at the last record.</p>\n";
}

std::string proofs_table(const Report& report) {
  if (report.proofs.empty()) return "<p class=\"quiet\">No prover verdict was given.</p>\n";
  std::string out =
      "<div class=\"wide\"><table><thead><tr><th>verdict</th><th>obligation</th><th "
      "class=\"number\">seconds</th><th>detail</th></tr>"
      "</thead><tbody>\n";
  for (const Proof& proof : report.proofs) {
    const std::string_view kind = proof.verdict == "proved" ? "fixed" : proof.verdict == "refuted" ? "new" : "unknown";
    out += fmt::format(
        "<tr><td><span class=\"badge {}\">{}</span></td><td>{}</td><td class=\"number\">{:.2f}</td><td>{}</td></tr>\n",
        kind, escape_markup(one_line(proof.verdict)), escape_markup(proof.name), proof.seconds,
        escape_markup(proof.detail));
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace assay::reports::html
