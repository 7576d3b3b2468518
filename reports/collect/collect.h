// Collect: from findings and figures on disk to a Report.
//
// Each finding is put before the oracles again, on this build, because a report that repeats what a file says of itself
// shows neither the code nor what was fixed since. A finding that is not convicted at once is replayed as often as
// triage does before it is called fixed. What took the harness down is never run here: it stays unknown.
//
// Findings of one signature are one entry, with the file that says most (a reduced one, then the first by name).
//
// Tested by reports/collect/test/collect_test.cc.
#pragma once

#include <string>

#include "core/base/result.h"
#include "fuzz/triage/minimise.h"
#include "reports/model/report.h"

namespace assay::reports {

struct CollectConfig {
  // A folder of `.nda` files, or that of a campaign, whose figures and time series are read too.
  std::string folder;
  std::string summary_file;   // what `assay fuzz --json` printed; none: empty
  std::string proofs_file;    // what `assay verify --json` printed; none: empty
  std::string selftest_file;  // what `assay selftest run` wrote; none: empty
  std::string known_folder;   // findings whose signatures are known; none: empty
  std::string generated;      // the time of the report, ISO 8601
};

// An input error when a folder or the summary cannot be read; other errors are the harness's. A finding that cannot be
// read is among the report's problems, and the others are still judged.
[[nodiscard]] base::Result<Report> collect(const CollectConfig& config, const fuzz::JudgeFactory& make_judge);

}  // namespace assay::reports
