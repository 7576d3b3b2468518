// Code in the HTML report; see html_parts.h. Tested by reports/html/test/html_parts_test.cc.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "reports/html/html_parts.h"
#include "reports/model/escape.h"

namespace assay::reports::html {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Which bytes of the one are not those of the other. Where one has more bytes, all between what both begin with and
// what both end with: a prefix too many would otherwise make every byte behind it differ.
std::vector<bool> differing(const std::vector<std::string_view>& one, const std::vector<std::string_view>& other) {
  std::vector<bool> marks(one.size(), false);
  if (one.size() == other.size()) {
    for (std::size_t i = 0; i < one.size(); ++i) marks[i] = one[i] != other[i];
    return marks;
  }
  const std::size_t shorter = std::min(one.size(), other.size());
  std::size_t first = 0;
  while (first < shorter && one[first] == other[first]) ++first;
  std::size_t last = 0;
  while (last < shorter - first && one[one.size() - 1 - last] == other[other.size() - 1 - last]) ++last;
  for (std::size_t i = first; i + last < one.size(); ++i) marks[i] = true;
  return marks;
}

// Neighbours that are marked share one mark.
std::string marked(const std::vector<std::string_view>& words, const std::vector<bool>& marks, std::string_view tag) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool begins = marks[i] && (i == 0 || !marks[i - 1]);
    const bool ends = marks[i] && (i + 1 == words.size() || !marks[i + 1]);
    out += fmt::format("{}{}{}{}", i == 0 ? "" : " ", begins ? fmt::format("<{}>", tag) : "", escape_markup(words[i]),
                       ends ? fmt::format("</{}>", tag) : "");
  }
  return out;
}

std::string bytes_cell(const Instruction& one) {
  if (!one.guilty) return escape_markup(one.bytes);
  const std::vector<std::string_view> got = words_of(one.bytes);
  if (one.intended.empty()) return marked(got, std::vector<bool>(got.size(), true), "mark");
  const std::vector<std::string_view> meant = words_of(one.intended);
  return fmt::format("{}<br><small>intended</small> {}", marked(got, differing(got, meant), "mark"),
                     marked(meant, differing(meant, got), "ins"));
}

}  // namespace

std::string disassembly(const std::vector<Instruction>& instructions) {
  if (instructions.empty()) return "";
  const bool guilty = std::any_of(instructions.begin(), instructions.end(), [](const auto& one) { return one.guilty; });
  std::string out = fmt::format(
      "<h4>Code{}</h4>\n<div class=\"wide scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Code\"><table "
      "class=\"code\"><thead><tr><th>offset</th><th>bytes</th><th>instruction</th><th>made for</th></tr></thead><tbody>"
      "\n",
      guilty ? "" : " <small>no single instruction could be blamed</small>");
  for (const Instruction& one : instructions) {
    out += fmt::format("<tr{}><td>{:04x}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                       one.guilty ? " class=\"differs\"" : "", one.offset, bytes_cell(one), escape_markup(one.text),
                       escape_markup(one.node));
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace assay::reports::html
