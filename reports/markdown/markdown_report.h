// Markdown report: the summary of a CI job, short enough to be read there.
//
// Names and figures in tables, findings in folded sections. Everything from programs is escaped twice over: for HTML,
// which Markdown passes through, and for Markdown itself.
//
// Tested by reports/markdown/test/markdown_report_test.cc.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports {

[[nodiscard]] std::string render_markdown(const Report& report);

}  // namespace assay::reports
