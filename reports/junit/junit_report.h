// JUnit report: the XML that CI systems show as test results.
//
// One suite for the oracles, one for what must have fired, one for findings, one for proofs. Nothing that is not
// agreement passes: a new finding is a failure, a silent oracle, a pass that never fired and a finding nobody could
// judge are errors, a known finding is skipped with its signature.
//
// Tested by reports/junit/test/junit_report_test.cc.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports {

[[nodiscard]] std::string render_junit(const Report& report);

}  // namespace assay::reports
