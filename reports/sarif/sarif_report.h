// SARIF report: findings for code-scanning views, SARIF 2.1.0 as GitHub takes it.
//
// A result stands at the file of the guilty pass or stage, and its partial fingerprint is that of the signature, so
// that the same fault is one alert over all uploads. Known findings are there, suppressed. Fixed ones are left out: the
// view closes an alert when its fingerprint is absent. What made the run inconclusive is among the notifications.
//
// Tested by reports/sarif/test/sarif_report_test.cc.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports {

[[nodiscard]] std::string render_sarif(const Report& report);

}  // namespace assay::reports
