// JSON report: all of a Report for programs; report.schema.json beside this file is its published schema.
//
// Tested by reports/json/test/json_report_test.cc, which holds every report against the schema.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports {

// Of the schema. New fields may join a version; fields are removed or change meaning with a new one only.
inline constexpr int kJsonReportVersion = 1;

[[nodiscard]] std::string render_json(const Report& report);

}  // namespace assay::reports
