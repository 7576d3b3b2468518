// Writing refutations; see verify_findings.h. Tested by cli/test/cli_test.sh.
#include "cli/verify_findings.h"

#include <filesystem>
#include <utility>

#include "core/base/file.h"

namespace assay::cli {

base::Result<std::string> RefutationFiles::write(const fuzz::Refutation& refutation) {
  if (!judge_) {
    auto judge = oracles::Judge::create({}, std::make_unique<oracles::JitBlockSource>());
    if (!judge) return judge.error();
    judge_ = std::move(judge).value();
  }
  auto finding = fuzz::finding_of(refutation, *judge_);
  if (!finding) return finding.error();
  if (finding->signature == fuzz::kUnconfirmedSignature) {
    // What is wrong may be the code for a CPU without optional features.
    fuzz::Refutation plain = refutation;
    plain.features = {};
    finding = fuzz::finding_of(plain, *judge_);
    if (!finding) return finding.error();
  }
  if (auto made = base::make_folders(folder_); !made) return made.error();
  std::string path = (std::filesystem::path(folder_) / fuzz::file_name_of(*finding)).string();
  if (auto written = base::write_file_atomically(path, fuzz::print_finding(*finding)); !written) return written.error();
  return path;
}

}  // namespace assay::cli
