// ReadSelftest: what became of the deliberate faults, from the file that `assay selftest run` writes.
//
// Tested by reports/collect/test/read_selftest_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "reports/model/report.h"

namespace assay::reports {

// One row per fault, in the order of the file. `file` names the text in errors, all of which are the input's; faults
// that could not be tried are such an error, because a page that left them out would show a better score.
[[nodiscard]] base::Result<std::vector<FaultRow>> read_selftest(std::string_view text, const std::string& file);

}  // namespace assay::reports
