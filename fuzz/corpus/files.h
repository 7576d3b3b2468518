// Files: the `.nda` files of a folder and of the folders in it, read and parsed, in an order that no disk decides.
//
// A file that cannot be read is kept as an error beside the others: one bad file in a corpus must not hide the rest.
// A folder in it that cannot be listed is an error: what lies in it would be missing without a word. Links to files are
// followed, as they were put there; links to folders are not, because they may lead in a circle.
//
// Tested by fuzz/corpus/test/files_test.cc.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {

struct CorpusFile {
  std::string path;
  std::string text;
  Finding finding;
};

struct CorpusFiles {
  std::vector<CorpusFile> files;    // by path
  std::vector<base::Error> broken;  // each with its file, and its place where it has one
};

[[nodiscard]] base::Result<CorpusFile> read_corpus_file(const std::string& path);

// An input error when there is no such folder, or when it or a folder in it cannot be listed.
[[nodiscard]] base::Result<CorpusFiles> read_corpus(const std::string& folder);

// Writes the text into the folder under a name made from it, unless it is there already; gives the path.
[[nodiscard]] base::Result<std::string> add_to_corpus(const std::string& folder, const std::string& text);

}  // namespace assay::fuzz
