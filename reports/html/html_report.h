// HTML report: one file for people, that needs nothing else.
//
// No request leaves the page (its own policy forbids it), so it can be attached to a mail or kept as an artifact for
// years. All of it can be read without JavaScript; with it, the findings can be filtered and sorted and commands
// copied. Light or dark as the reader's system is. Whatever comes from programs is text, escaped.
//
// Tested by reports/html/test/html_report_test.cc.
#pragma once

#include <string>

#include "reports/model/report.h"

namespace assay::reports {

[[nodiscard]] std::string render_html(const Report& report);

}  // namespace assay::reports
