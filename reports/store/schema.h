// Schema: the tables of a campaign store, and their version.
//
// The version is SQLite's own `user_version`. A store of a newer version is refused with a sentence instead of being
// half understood; an older one would be brought up to date here. Tables may join a version: a build adds those that it
// misses when it writes, and reads none where there is none.
//
// Tested by reports/store/test/store_test.cc.
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "reports/store/database.h"

namespace assay::reports {

inline constexpr std::uint64_t kStoreVersion = 1;

// For a new store: WAL, so that `status` reads while a campaign writes, and the tables.
[[nodiscard]] base::Result<void> create_schema(Database& database);

// Tables that joined the version after its first stores. A build that does not know them leaves them alone.
[[nodiscard]] base::Result<void> add_missing_tables(Database& database);

// Whether this build understands the store.
[[nodiscard]] base::Result<void> check_schema(Database& database);

}  // namespace assay::reports
