// Coverage as a heat map; see html_parts.h. Tested by reports/html/test/html_parts_test.cc.
//
// Counts differ by factors of thousands, so a shade is a power of the count, not a share of it. The count stands in the
// cell, because a shade alone says nothing to many readers; what was never hit has a pattern and a list of its own.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"

namespace assay::reports::html {

int shade(std::uint64_t value, std::uint64_t greatest) {
  if (value == 0) return 0;
  if (greatest <= 1) return kShades;
  const double share = std::log(static_cast<double>(value)) / std::log(static_cast<double>(greatest));
  return 1 + static_cast<int>(std::lround(share * (kShades - 1)));
}

std::string short_number(std::uint64_t value) {
  const auto number = static_cast<double>(value);
  if (value < 1000) return std::to_string(value);
  for (const auto& [unit, letter] : {std::pair{1e3, 'k'}, {1e6, 'M'}, {1e9, 'G'}}) {
    if (number < 10 * unit) return fmt::format("{:.1f}{}", std::floor(number / unit * 10) / 10, letter);
    if (number < 1000 * unit) return fmt::format("{:.0f}{}", std::floor(number / unit), letter);
  }
  return fmt::format("{:.0f}T", std::floor(number / 1e12));
}

std::string heat_map(std::string_view title, const std::vector<Count>& counts) {
  if (counts.empty()) return "";
  std::uint64_t greatest = 0;
  for (const Count& one : counts) greatest = std::max(greatest, one.value);
  std::string out =
      fmt::format("<h3>{} <small>{} of {}</small></h3>\n<ul class=\"heat\">\n", title, hits(counts), counts.size());
  std::string never;
  for (const Count& one : counts) {
    const std::string label = escape_markup(one_line(one.name));
    out += fmt::format("<li class=\"h{}\" title=\"{}: {}\"><span>{}</span><b>{}</b></li>\n", shade(one.value, greatest),
                       label, grouped(one.value), label, one.value == 0 ? "never" : short_number(one.value));
    if (one.value == 0) never += fmt::format("{}<code>{}</code>", never.empty() ? "" : ", ", label);
  }
  out += "</ul>\n";
  if (!never.empty()) out += fmt::format("<p class=\"quiet\">Never hit: {}.</p>\n", never);
  return out;
}

}  // namespace assay::reports::html
