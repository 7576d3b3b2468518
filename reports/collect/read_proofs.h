// ReadProofs: the prover's verdicts from the JSON that `assay verify --json` prints.
//
// Tested by reports/collect/test/read_proofs_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "reports/model/report.h"

namespace assay::reports {

// `file` names the text in errors, all of which are the input's.
[[nodiscard]] base::Result<std::vector<Proof>> read_proofs(std::string_view text, const std::string& file);

}  // namespace assay::reports
