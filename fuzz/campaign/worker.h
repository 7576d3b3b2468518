// Worker: one process of a supervised campaign. Takes tasks from a socket, gives back what became of them, keeps
// nothing.
//
// Tested by fuzz/campaign/test/supervised_test.cc.
#pragma once

#include "core/base/result.h"
#include "fuzz/campaign/config.h"
#include "fuzz/campaign/job.h"

namespace assay::fuzz {

// Works until the other end of the socket is closed. `shapes` is shared by all workers.
[[nodiscard]] base::Result<void> run_worker(const CampaignConfig& config, const BlockSourceFactory& source,
                                            ShapeSet& shapes, int socket);

}  // namespace assay::fuzz
