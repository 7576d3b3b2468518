// A campaign's configuration as JSON, as the store keeps it for `resume`.
//
// Tested by reports/store/test/store_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "fuzz/campaign/supervised.h"

namespace assay::reports {

// What the options of `assay campaign start` allow, and so what a configuration may say.
inline constexpr unsigned kMostJobs = 1024;
inline constexpr unsigned kMostBatch = 65536;
inline constexpr unsigned kMostMutateEvery = 1000;
inline constexpr unsigned kMostProofMilliseconds = 600'000;

[[nodiscard]] std::string print_configuration(const fuzz::SupervisedConfig& config);
// The findings folder is not part of it: it lies beside the store, wherever that was moved. An input error where a
// number is out of its range: a store may have been edited.
[[nodiscard]] base::Result<fuzz::SupervisedConfig> parse_configuration(std::string_view text);

}  // namespace assay::reports
