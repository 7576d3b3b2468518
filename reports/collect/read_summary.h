// ReadSummary: the figures of a campaign from the JSON that `assay fuzz --json` and `assay campaign status --json`
// print.
//
// Tested by reports/collect/test/read_summary_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "reports/model/report.h"

namespace assay::reports {

struct SummaryFigures {
  std::vector<Count> signatures;  // as counted by the campaign, findings without a file included
  std::uint64_t findings = 0;     // those of signatures that are not listed, too
  std::int64_t exit_code = 0;     // that the campaign ended with, or would have
  std::vector<std::string> harness_failures;
  bool interrupted = false;
};

// Fills in the campaign's part of the report. `file` names the text in errors, all of which are the input's.
[[nodiscard]] base::Result<SummaryFigures> read_summary(std::string_view text, const std::string& file, Report& report);

}  // namespace assay::reports
