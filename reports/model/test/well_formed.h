// Whether a text is well-formed XML, for the tests of renderers that write markup: tags are balanced, attributes are
// quoted, & begins a known entity, < stands only at tags, and no character is one that XML 1.0 forbids.
#pragma once

#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace assay::reports::test {

// Empty when well-formed, otherwise what is wrong and where. `html` knows void elements, doctype, and the raw text of
// script and style.
inline std::string markup_problem(std::string_view text, bool html = false) {
  static const std::regex kTag(R"(^(/?)([A-Za-z][A-Za-z0-9:-]*)((?:\s+[A-Za-z_][\w:.-]*(?:="[^"<]*")?)*)\s*(/?)$)");
  static const std::regex kEntity(R"(^&(amp|lt|gt|quot|#39|times|middot|nbsp|ndash|rarr|hellip);)");
  static const std::vector<std::string> kVoid = {"meta", "br", "input", "link", "hr", "img"};
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const std::string place = " at byte " + std::to_string(i) + ": " + std::string(text.substr(i, 60));
    if (byte < 0x20 && c != '\n' && c != '\t') return "a control character" + place;
    if (c == '&' && !std::regex_search(std::string(text.substr(i, 12)), kEntity)) return "a bare &" + place;
    if (c != '<') continue;
    const std::size_t end = text.find('>', i);
    if (end == std::string_view::npos) return "a tag without an end" + place;
    const std::string tag(text.substr(i + 1, end - i - 1));
    i = end;
    if (tag.starts_with("?") || tag.starts_with("!doctype")) continue;
    std::smatch match;
    if (!std::regex_match(tag, match, kTag)) return "a malformed tag" + place;
    const std::string element = match[2];
    if (match[1] == "/") {
      if (open.empty() || open.back() != element) return "an unbalanced end" + place;
      open.pop_back();
    } else if (match[4] != "/") {
      bool is_void = false;
      for (const std::string& one : kVoid) is_void |= html && one == element;
      if (is_void) continue;
      open.push_back(element);
      if (html && (element == "script" || element == "style")) i = text.find("</" + element, i) - 1;
    }
  }
  return open.empty() ? "" : "unclosed " + open.back();
}

}  // namespace assay::reports::test
