// Instruction forms by registers in the HTML report; see html_parts.h. Tested by reports/html/test/html_parts_test.cc.
#include <fmt/format.h>

#include <algorithm>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"

namespace assay::reports::html {
namespace {

// "AddR32R32 r12, r13": what was never hit, in words, for those whom a pattern tells nothing.
std::string never_row(const std::vector<std::string>& registers, const FormRegisters& row) {
  std::string names;
  for (std::size_t i = 0; i < row.counts.size() && i < registers.size(); ++i) {
    if (row.counts[i] == 0) names += (names.empty() ? "" : ", ") + escape_markup(one_line(registers[i]));
  }
  return names.empty() ? "" : fmt::format("<li><code>{}</code> {}</li>\n", escape_markup(one_line(row.form)), names);
}

}  // namespace

std::string register_map(const std::vector<std::string>& registers, const std::vector<FormRegisters>& rows) {
  if (registers.empty() || rows.empty()) return "";
  std::uint64_t greatest = 0;
  std::size_t hit = 0;
  for (const FormRegisters& row : rows) {
    for (const std::uint64_t count : row.counts) {
      greatest = std::max(greatest, count);
      hit += count == 0 ? 0 : 1;
    }
  }
  std::string head;
  for (const std::string& one : registers)
    head += fmt::format("<th scope=\"col\">{}</th>", escape_markup(one_line(one)));
  std::string body;
  std::string never;
  std::size_t not_emitted = 0;
  for (const FormRegisters& row : rows) {
    // A form that was never emitted is among those of the map before this one.
    if (std::all_of(row.counts.begin(), row.counts.end(), [](std::uint64_t count) { return count == 0; })) {
      ++not_emitted;
      continue;
    }
    body += fmt::format("<tr><th scope=\"row\">{}</th>", escape_markup(one_line(row.form)));
    for (const std::uint64_t count : row.counts) {
      body += fmt::format("<td class=\"h{}\">{}</td>", shade(count, greatest), count == 0 ? "-" : short_number(count));
    }
    body += "</tr>\n";
    never += never_row(registers, row);
  }
  std::string out = fmt::format(
      "<h3>Instruction forms by register <small>{} of {} cells</small></h3>\n<p class=\"quiet\">How many instructions "
      "of "
      "a form had the register as an operand, or in the address that <code>lea</code> computes. A dash on a pattern is "
      "a "
      "cell that was never hit. Left out: {} forms that were not emitted at all.</p>\n",
      grouped(hit), grouped(rows.size() * registers.size()), not_emitted);
  if (body.empty()) return out;
  out +=
      "<div class=\"wide scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Instruction forms by register\"><table "
      "class=\"map\"><thead><tr><th scope=\"col\">form</th>" +
      head + "</tr></thead><tbody>\n" + body + "</tbody></table></div>\n";
  if (!never.empty()) {
    out += "<details class=\"never\"><summary>Never hit, by form</summary>\n<ul class=\"names\">\n" + never +
           "</ul></details>\n";
  }
  return out;
}

}  // namespace assay::reports::html
