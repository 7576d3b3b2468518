// The longest common subsequence of lines; see line_diff.h. Tested by reports/model/test/line_diff_test.cc.
#include "reports/model/line_diff.h"

#include <algorithm>
#include <cstdint>

namespace assay::reports {
namespace {

constexpr std::size_t kMostLines = 3000;  // the table is quadratic
constexpr std::size_t kContext = 2;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

using Lines = std::vector<std::string_view>;

std::vector<std::string> common_subsequence(const Lines& before, const Lines& after) {
  // common[i][j]: how many lines before[i..] and after[j..] have in common.
  const std::size_t width = after.size() + 1;
  std::vector<std::uint16_t> common((before.size() + 1) * width, 0);
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      const std::uint16_t skipped = std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
      const auto matched = static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1);
      common[i * width + j] = before[i] == after[j] ? matched : skipped;
    }
  }
  std::vector<std::string> result;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      result.push_back("  " + std::string(before[i++]));
      ++j;
    } else if (j == after.size() || (i < before.size() && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      result.push_back("- " + std::string(before[i++]));
    } else {
      result.push_back("+ " + std::string(after[j++]));
    }
  }
  return result;
}

}  // namespace

std::vector<std::string> full_line_diff(std::string_view before, std::string_view after) {
  const Lines left = lines_of(before);
  const Lines right = lines_of(after);
  if (left.size() > kMostLines || right.size() > kMostLines) {
    std::vector<std::string> all;
    for (const std::string_view line : left) all.push_back("- " + std::string(line));
    for (const std::string_view line : right) all.push_back("+ " + std::string(line));
    return all;
  }
  return common_subsequence(left, right);
}

std::vector<std::string> line_diff(std::string_view before, std::string_view after) {
  const std::vector<std::string> all = full_line_diff(before, after);
  std::vector<bool> shown(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i][0] == ' ') continue;
    const std::size_t last = std::min(all.size() - 1, i + kContext);
    for (std::size_t k = i < kContext ? 0 : i - kContext; k <= last; ++k) shown[k] = true;
  }
  std::vector<std::string> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (shown[i]) {
      result.push_back(all[i]);
    } else if (result.empty() || result.back() != "  ...") {
      result.emplace_back("  ...");
    }
  }
  return result;
}

}  // namespace assay::reports
