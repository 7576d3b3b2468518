// Line diffs: what a pass did to a program, as `assay explain` and the HTML report show it.
//
// Tested by reports/model/test/line_diff_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::reports {

// The lines of both texts in order, each behind "  " (in both), "- " (only before) or "+ " (only after).
// Texts of more than a few thousand lines are shown whole, before and after.
[[nodiscard]] std::vector<std::string> full_line_diff(std::string_view before, std::string_view after);

// The same, but of a longer run of common lines only the two on each side of a change, with "  ..." for the rest.
[[nodiscard]] std::vector<std::string> line_diff(std::string_view before, std::string_view after);

}  // namespace assay::reports
