// The supervised campaign: made to be left alone.
//
// One supervisor owns the ledger and gives tasks to J worker processes. A worker that dies is replaced and its task
// done again; one that hangs is killed and its task halved until the program is found, which then is a finding of its
// own ("harness/hang", "harness/crash"). When the supervisor dies, the workers die with it, and what was not recorded
// is done again by the next one. Findings never end a campaign, unless asked to.
//
// Tested by fuzz/campaign/test/supervised_test.cc and reports/store/test/kill_test.cc.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/result.h"
#include "fuzz/campaign/config.h"
#include "fuzz/campaign/job.h"
#include "fuzz/campaign/ledger.h"
#include "fuzz/campaign/libfuzzer.h"

namespace assay::fuzz {

struct SupervisedConfig {
  CampaignConfig campaign;                   // `seconds` limits this run, `programs` the campaign
  std::optional<std::uint64_t> findings;     // no new batch once so many are recorded
  double hang_seconds = 120;                 // a task that takes longer is taken away from its worker
  unsigned most_deaths = 3;                  // so many workers may die of one task before it is halved
  std::optional<LibFuzzerConfig> libfuzzer;  // of this run: a second, coverage-guided source
};

enum class EndReason : std::uint8_t { Programs, Seconds, Findings, Interrupted };
[[nodiscard]] std::string_view name(EndReason reason);

// Called about twenty times a second, between messages. An error ends the campaign.
using Tick = std::function<base::Result<void>()>;

// Runs until the budget is used up or `interrupted` is set; batches that were begun are finished first.
[[nodiscard]] base::Result<EndReason> run_supervised(const SupervisedConfig& config, const BlockSourceFactory& source,
                                                     Ledger& ledger, const Tick& tick,
                                                     const std::atomic<bool>& interrupted);

}  // namespace assay::fuzz
