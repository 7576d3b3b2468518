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
#include "reports/model/report.h"
#include "reports/store/groups.h"

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
  std::vector<GroupMember> not_looked_into;  // failures whose construct is not known (fuzz/triage/alike.h)
  fuzz::Coverage covered;                    // by some program
  std::optional<double> last_new_coverage;   // seconds since 1970
  std::string last_coverage;                 // what that was
  std::uint64_t corpus = 0;                  // entries
  std::optional<double> last_new_entry;      // of the corpus
  std::uint64_t imported = 0;                // programs of libFuzzer
  std::uint64_t mutants = 0;                 // batches of them
  std::uint64_t batches = 0;
  std::uint64_t segments = 0;
  std::uint64_t segments_lost = 0;
  std::uint64_t workers_lost = 0;
  std::uint64_t hangs = 0;
};

[[nodiscard]] base::Result<CampaignStatus> read_status(const std::string& folder);
[[nodiscard]] base::Result<std::vector<Sample>> read_samples(const std::string& folder);

// Rates, discards with reasons, coverage, solved loops, proofs, what was new last, findings in all. `now` decides how
// long ago things were.
[[nodiscard]] std::vector<StatusLine> status_lines(const CampaignStatus& status, double now);

// About twenty lines: these, and findings by signature.
[[nodiscard]] std::string print_status(const CampaignStatus& status, double now);

// fuzzer_stats and plot_data, as afl-whatsup and afl-plot read them, rewritten as a whole.
[[nodiscard]] base::Result<void> write_afl_files(const std::string& folder, std::uint64_t supervisor, double now);

}  // namespace assay::reports
