// Progress: one line about a running campaign.
//
// Tested by fuzz/campaign/test/summary_test.cc.
#pragma once

#include <string>

#include "fuzz/campaign/summary.h"

namespace assay::fuzz {

// At most `width` columns, without a line break.
[[nodiscard]] std::string progress_line(const CampaignSummary& summary, std::size_t width);

}  // namespace assay::fuzz
