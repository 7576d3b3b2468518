// From bytes to text; see import.h. Tested by fuzz/corpus/test/import_test.cc.
#include "fuzz/corpus/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include "core/ast/limits.h"
#include "core/base/file.h"
#include "fuzz/corpus/files.h"
#include "fuzz/findings/case_bytes.h"

namespace assay::fuzz {
namespace {

namespace fs = std::filesystem;

base::Result<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code failure;
  if (!fs::is_directory(path, failure)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  fs::directory_iterator entry(path, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    // What is no folder is read: a link that leads nowhere is an error then, not left out.
    std::error_code unused;
    if (!entry->is_directory(unused)) files.push_back(entry->path().string());
  }
  if (failure) return base::input_error(fmt::format("'{}' cannot be read: {}", path, failure.message()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

base::Result<Imported> import_inputs(const std::string& out, const std::vector<std::string>& from) {
  Imported imported;
  std::vector<std::string> texts;
  for (const std::string& path : from) {
    const auto files = files_of(path);
    if (!files) return files.error();
    for (const std::string& file : *files) {
      const auto bytes = base::read_file(file, ast::kMaxFileBytes);
      if (!bytes) return bytes.error();
      ++imported.inputs;
      const auto finding = decode_case({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
      if (!finding) continue;
      ++imported.programs;
      texts.push_back(print_case(*finding));
    }
  }
  // Nothing is written before everything was read.
  std::set<std::string> written;
  for (const std::string& text : texts) {
    auto added = add_to_corpus(out, text);
    if (!added) return added.error();
    written.insert(std::move(added).value());
  }
  imported.texts = written.size();
  return imported;
}

}  // namespace assay::fuzz
