// `assay verify --ops`: every operator at every type, as a table. Tested by cli/test/cli_test.sh.
#pragma once

#include "cli/verify_options.h"
#include "smt/operators/operator_proof.h"

namespace assay::cli {

// Proves all of them, prints the table (as it goes) or one JSON object, and gives the exit code.
[[nodiscard]] int verify_operators(const smt::OperatorLimits& limits, const VerifyOptions& options);

}  // namespace assay::cli
