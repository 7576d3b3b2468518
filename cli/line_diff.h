// Line diffs, as `assay explain` shows what a pass did. Tested by cli/test/cli_test.sh.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

// The lines of both texts in order, each behind "  " (in both), "- " (only before) or "+ " (only after); of a longer
// run of common lines only the two on each side of a change, with "  ..." for the rest. Texts of more than a few
// thousand lines are shown whole, before and after.
[[nodiscard]] std::vector<std::string> line_diff(std::string_view before, std::string_view after);

}  // namespace assay::cli
