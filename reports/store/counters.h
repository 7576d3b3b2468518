// Counters: the figures of a campaign under names, so that a store outlives the enumerations of the build that wrote
// it.
//
// One walk over all figures serves writing and reading alike: a figure cannot be written under one name and read under
// another.
//
// Tested by reports/store/test/store_test.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/campaign/figures.h"
#include "reports/store/database.h"

namespace assay::reports {

using CounterVisitor = std::function<void(std::string_view family, const std::string& name, std::uint64_t& value)>;

void for_each_counter(fuzz::BatchFigures& figures, const CounterVisitor& visit);

struct RecordedCoverage {
  fuzz::Coverage covered;
  std::optional<double> last_new;  // seconds since 1970
  std::string last_name;
};

// What programs covered, as far as this build knows it by that name.
[[nodiscard]] base::Result<RecordedCoverage> read_coverage(Database& database);

}  // namespace assay::reports
