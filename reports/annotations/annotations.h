// Annotations: GitHub workflow commands, one line per thing to see beside the code.
//
// Errors for new findings, warnings for what makes a run inconclusive, notices for known and fixed ones. Text is
// escaped as the runner unescapes it, and control characters are replaced, so that no program can issue a
// command of its own.
//
// Tested by reports/annotations/test/annotations_test.cc.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports {

[[nodiscard]] std::string render_annotations(const Report& report);

}  // namespace assay::reports
