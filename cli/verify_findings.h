// RefutationFiles: what `assay verify` refutes, written as findings. Tested by cli/test/cli_test.sh and
// fuzz/proofs/test/refutation_test.cc.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "fuzz/proofs/refutation.h"

namespace assay::cli {

class RefutationFiles {
 public:
  explicit RefutationFiles(std::string folder) : folder_(std::move(folder)) {}

  // Puts it before the oracles and writes the finding; gives the file. The oracles are started when they are first
  // needed: a proof that nothing refutes needs no sandbox.
  [[nodiscard]] base::Result<std::string> write(const fuzz::Refutation& refutation);

 private:
  std::string folder_;
  std::unique_ptr<oracles::Judge> judge_;
};

}  // namespace assay::cli
