// Reading a folder of findings; see finding_files.h. Tested by reports/collect/test/collect_test.cc.
#include "reports/collect/finding_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/ast/limits.h"
#include "core/base/file.h"

namespace assay::reports {
namespace {

constexpr std::string_view kExtension = ".nda";
constexpr std::string_view kReducedExtension = ".reduced.nda";

// The lines for people, which parse_finding leaves out.
std::vector<std::string> explanation_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (!line.starts_with("//")) break;
    if (!line.starts_with("//|")) continue;
    line.remove_prefix(line.starts_with("//| ") ? 4 : 3);
    lines.emplace_back(line);
  }
  return lines;
}

base::Result<FindingFile> read_file(const std::string& path) {
  const auto text = base::read_file(path, ast::kMaxFileBytes);
  if (!text) return text.error();
  auto finding = fuzz::parse_finding(*text, path);
  if (!finding) return finding.error();
  return FindingFile{path, std::move(finding).value(), explanation_of(*text)};
}

}  // namespace

base::Result<FindingFiles> read_findings(const std::string& folder) {
  std::error_code failure;
  std::vector<std::string> paths;
  std::filesystem::directory_iterator entries(folder, failure);
  if (failure) return base::input_error(fmt::format("the folder '{}' cannot be read: {}", folder, failure.message()));
  for (const std::filesystem::directory_iterator end; entries != end; entries.increment(failure)) {
    const std::string path = entries->path().string();
    if (path.ends_with(kExtension)) paths.push_back(path);
    if (failure) break;
  }
  if (failure) return base::input_error(fmt::format("the folder '{}' cannot be read: {}", folder, failure.message()));
  std::sort(paths.begin(), paths.end());  // folders have no order of their own

  FindingFiles files;
  std::map<std::string, FindingPair> pairs;
  for (const std::string& path : paths) {
    auto file = read_file(path);
    if (!file) {
      files.problems.push_back(file.error().describe());
      continue;
    }
    const bool reduced = path.ends_with(kReducedExtension);
    const std::string stem = path.substr(0, path.size() - (reduced ? kReducedExtension : kExtension).size());
    (reduced ? pairs[stem].reduced : pairs[stem].found) = std::move(file).value();
  }
  for (auto& [stem, pair] : pairs) files.pairs.push_back(std::move(pair));
  return files;
}

}  // namespace assay::reports
