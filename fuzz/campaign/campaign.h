// Campaign: J job processes, one supervisor, one summary.
//
// Jobs are processes and not threads because a job forks its workers, and because a job that dies must not take the
// others or the figures along. The set of programs is decided by seed and number alone, never by how many jobs share
// the work.
//
// Tested by fuzz/campaign/test/campaign_test.cc.
#pragma once

#include <atomic>
#include <functional>

#include "core/base/result.h"
#include "fuzz/campaign/config.h"
#include "fuzz/campaign/job.h"
#include "fuzz/campaign/summary.h"

namespace assay::fuzz {

// Called about ten times a second with the figures so far.
using ProgressCallback = std::function<void(const CampaignSummary&)>;

// Runs to the end of the budget, or until `interrupted` is set. Creates the findings folder. An error means that
// nothing was started; what goes wrong later is in the summary.
[[nodiscard]] base::Result<CampaignSummary> run_campaign(const CampaignConfig& config, const BlockSourceFactory& source,
                                                         const ProgressCallback& progress,
                                                         const std::atomic<bool>& interrupted);

}  // namespace assay::fuzz
