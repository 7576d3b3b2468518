// Reading and writing corpora; see files.h. Tested by fuzz/corpus/test/files_test.cc.
#include "fuzz/corpus/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/ast/limits.h"
#include "core/base/file.h"
#include "core/base/fnv1a.h"
#include "fuzz/campaign/batch.h"

namespace assay::fuzz {
namespace {

namespace fs = std::filesystem;

base::Error folder_error(const std::string& folder, const std::error_code& failure) {
  return base::input_error(fmt::format("the folder '{}' cannot be read: {}", folder, failure.message()));
}

base::Result<std::vector<std::string>> list(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code failure;
  fs::recursive_directory_iterator entry(folder, failure);
  if (failure) return folder_error(folder, failure);
  for (; entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    // What is no folder is read: a link that leads nowhere must not be left out without a word.
    std::error_code unused;
    if (entry->path().extension() == ".nda" && !entry->is_directory(unused)) paths.push_back(entry->path().string());
  }
  // After an error the iterator is at its end, as if that were all.
  if (failure) return folder_error(folder, failure);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

base::Result<CorpusFile> read_corpus_file(const std::string& path) {
  auto text = base::read_file(path, ast::kMaxFileBytes);
  if (!text) return text.error();
  auto finding = parse_finding(*text, path);
  if (!finding) return finding.error();
  return CorpusFile{path, std::move(text).value(), std::move(finding).value()};
}

base::Result<CorpusFiles> read_corpus(const std::string& folder) {
  const auto paths = list(folder);
  if (!paths) return paths.error();
  CorpusFiles corpus;
  for (const std::string& path : *paths) {
    auto file = read_corpus_file(path);
    if (file) {
      corpus.files.push_back(std::move(file).value());
    } else {
      corpus.broken.push_back(file.error());
    }
  }
  return corpus;
}

base::Result<std::string> add_to_corpus(const std::string& folder, const std::string& text) {
  if (auto made = base::make_folders(folder); !made) return made.error();
  const std::uint64_t hash = base::fnv1a(text);
  for (unsigned twin = 0;; ++twin) {
    // Two texts with one hash are not expected; neither may be lost if they meet.
    const std::string name = twin == 0 ? fmt::format("{:016x}.nda", hash) : fmt::format("{:016x}-{}.nda", hash, twin);
    std::string path = (fs::path(folder) / name).string();
    const auto taken = base::is_there(path);
    if (!taken) return taken.error();
    if (!*taken) {
      if (auto written = base::write_file_atomically(path, text); !written) return written.error();
      return path;
    }
    const auto other = base::read_file(path, ast::kMaxFileBytes);
    if (other && *other == text) return path;
  }
}

}  // namespace assay::fuzz
