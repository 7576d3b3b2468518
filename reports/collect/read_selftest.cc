// Scores of the self-test; see read_selftest.h. Tested by reports/collect/test/read_selftest_test.cc.
#include "reports/collect/read_selftest.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "fuzz/selftest/score.h"

namespace assay::reports {
namespace {

using fuzz::selftest::FaultScore;
using fuzz::selftest::Trial;

FaultRow row_of(const FaultScore& fault) {
  FaultRow row;
  row.name = fault.name;
  row.area = fault.area;
  row.stands_for = fault.row;
  row.equivalent = fault.equivalent();
  row.in_the_median = fault.detected_in_the_median();
  row.detected = fault.detected();
  row.trials = fault.trials.size();
  std::map<std::string, std::size_t> first;
  std::vector<double> seconds;
  for (const Trial& trial : fault.trials) {
    seconds.push_back(trial.detected ? trial.cpu_seconds : std::numeric_limits<double>::infinity());
    if (trial.detected) ++first[trial.oracle];
  }
  const auto most = std::max_element(first.begin(), first.end(),
                                     [](const auto& left, const auto& right) { return left.second < right.second; });
  if (most != first.end()) row.oracle = most->first;
  row.median_cpu_seconds = fuzz::selftest::median_interval(std::move(seconds)).median;
  return row;
}

}  // namespace

base::Result<std::vector<FaultRow>> read_selftest(std::string_view text, const std::string& file) {
  const auto score = fuzz::selftest::score_from_json(text, file);
  if (!score) return score.error();
  if (!score->valid()) {
    base::Error error = base::input_error("this score is not valid: a control speaks, or a fault could not be tried");
    error.file = file;
    return error;
  }
  std::vector<FaultRow> rows;
  for (const FaultScore& fault : score->faults) rows.push_back(row_of(fault));
  return rows;
}

}  // namespace assay::reports
