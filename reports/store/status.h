// What a store says of its campaign, read while it runs or afterwards: for the status screen, the final summary and the
// AFL-compatible files.
//
// Tested by reports/store/test/store_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/campaign/summary.h"
#include "fuzz/campaign/supervised.h"

namespace assay::reports {

struct Sample {
  double at = 0;
  double run_seconds = 0;
  std::uint64_t programs = 0;
  std::uint64_t compared = 0;
  std::uint64_t findings = 0;
  std::uint64_t signatures = 0;
  std::uint64_t forms = 0;
};

struct CampaignStatus {
  fuzz::SupervisedConfig config;
  fuzz::CampaignSummary summary;  // of all segments together
  std::string state;              // "running", "stopped", "finished"
  std::string last_incident;
  double started = 0;    // seconds since 1970
  double last_seen = 0;  // of the last segment
  std::optional<double> last_new_signature;
  std::uint64_t batches = 0;
  std::uint64_t segments = 0;
  std::uint64_t segments_lost = 0;
  std::uint64_t workers_lost = 0;
  std::uint64_t hangs = 0;
};

[[nodiscard]] base::Result<CampaignStatus> read_status(const std::string& folder);
[[nodiscard]] base::Result<std::vector<Sample>> read_samples(const std::string& folder);

// About fifteen lines: rates, discards, coverage, findings by signature.
[[nodiscard]] std::string print_status(const CampaignStatus& status, double now);

// fuzzer_stats and plot_data, as afl-whatsup and afl-plot read them, rewritten as a whole.
[[nodiscard]] base::Result<void> write_afl_files(const std::string& folder, std::uint64_t supervisor, double now);

}  // namespace assay::reports
