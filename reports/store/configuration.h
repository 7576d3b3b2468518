// A campaign's configuration as JSON, as the store keeps it for `resume`.
//
// Tested by reports/store/test/store_test.cc.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "fuzz/campaign/supervised.h"

namespace assay::reports {

[[nodiscard]] std::string print_configuration(const fuzz::SupervisedConfig& config);
// The findings folder is not part of it: it lies beside the store, wherever that was moved.
[[nodiscard]] base::Result<fuzz::SupervisedConfig> parse_configuration(std::string_view text);

}  // namespace assay::reports
