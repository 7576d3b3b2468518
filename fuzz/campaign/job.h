// Job: one process of a campaign. Takes batches, generates their programs, judges them, writes findings, shows its
// figures.
//
// Tested by fuzz/campaign/test/campaign_test.cc.
#pragma once

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "fuzz/campaign/board.h"
#include "fuzz/campaign/config.h"
#include "fuzz/proofs/shape_set.h"

namespace assay::fuzz {

// Makes the compiler under test; called once in each job.
using BlockSourceFactory = std::function<std::unique_ptr<oracles::BlockSource>()>;

// Works until the control says stop or the programs are used up. `shapes` is shared by all jobs.
[[nodiscard]] base::Result<void> run_job(const CampaignConfig& config, const BlockSourceFactory& source,
                                         CampaignControl& control, JobBoard& board, ShapeSet& shapes);

}  // namespace assay::fuzz
