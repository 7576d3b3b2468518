// FindingFiles: the findings of a folder, a file as found and its reduced form being one.
//
// Tested by reports/collect/test/collect_test.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"

namespace assay::reports {

struct FindingFile {
  std::string path;
  fuzz::Finding finding;
  std::vector<std::string> explanation;  // as recorded in the file
};

struct FindingPair {
  std::optional<FindingFile> found;
  std::optional<FindingFile> reduced;  // X.reduced.nda beside X.nda

  // The reduced one, if there is one. Precondition: one of them is there.
  [[nodiscard]] const FindingFile& best() const { return reduced ? *reduced : *found; }
};

struct FindingFiles {
  std::vector<FindingPair> pairs;  // by name
  std::vector<std::string> problems;
};

[[nodiscard]] base::Result<FindingFiles> read_findings(const std::string& folder);

}  // namespace assay::reports
