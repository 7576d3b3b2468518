// The self-test in the HTML report; see html_parts.h. Tested by reports/html/test/html_parts_test.cc.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"

namespace assay::reports::html {
namespace {

// Its badge, by how a reader should look at it.
std::string badge(const FaultRow& fault) {
  if (fault.equivalent) return "<span class=\"badge known\">equivalent</span>";
  if (fault.detected == 0) return "<span class=\"badge new\">survives</span>";
  if (!fault.in_the_median) return "<span class=\"badge unknown\">seldom</span>";
  return "<span class=\"badge fixed\">detected</span>";
}

}  // namespace

std::string selftest_table(const std::vector<FaultRow>& faults) {
  if (faults.empty()) return "<p class=\"quiet\">No result of a self-test was given.</p>\n";
  std::size_t judged = 0;
  std::size_t caught = 0;
  for (const FaultRow& fault : faults) {
    if (fault.equivalent) continue;
    ++judged;
    caught += fault.in_the_median ? 1U : 0U;
  }
  std::string out = fmt::format(
      "<p>{} of {} deliberate faults were detected in the median; {} more are equivalent to the right code.</p>\n"
      "<div class=\"wide\"><table><thead><tr><th>fate</th><th>fault</th><th>area</th><th>stands for</th>"
      "<th class=\"number\">detected</th><th>first oracle</th><th class=\"number\">CPU s, median</th></tr></thead>"
      "<tbody>\n",
      caught, judged, faults.size() - judged);
  for (const FaultRow& fault : faults) {
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}/{}</td><td>{}</td>"
        "<td class=\"number\">{}</td></tr>\n",
        badge(fault), escape_markup(fault.name), escape_markup(fault.area), escape_markup(fault.stands_for),
        fault.detected, fault.trials, escape_markup(fault.oracle),
        std::isinf(fault.median_cpu_seconds) ? "never" : fmt::format("{:.1f}", fault.median_cpu_seconds));
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace assay::reports::html
