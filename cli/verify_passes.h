// `assay verify --passes`: what each pass makes of programs, as a table. Tested by cli/test/cli_test.sh.
#pragma once

#include <vector>

#include "cli/verify_options.h"
#include "fuzz/proofs/subjects.h"

namespace assay::cli {

// Prints the table (as it goes) or one JSON object, and gives the exit code.
[[nodiscard]] int verify_passes(const std::vector<fuzz::ProofSubject>& subjects, const VerifyOptions& options);

}  // namespace assay::cli
