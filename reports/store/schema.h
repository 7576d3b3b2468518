// Schema: the tables of a campaign store, and their version.
//
// The version is SQLite's own `user_version`. A store of a newer version is refused with a sentence instead of being
// half understood; an older one is brought up to date by whoever opens it. Tables are only added, so that a campaign
// that an older build is running meanwhile goes on. Tables may join a version: a build adds those that it misses when
// it writes, and reads none where there is none.
//
// Tested by reports/store/test/store_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "reports/store/database.h"

namespace assay::reports {

inline constexpr std::uint64_t kStoreVersion = 2;

// The tables of a new store.
[[nodiscard]] base::Result<void> create_schema(Database& database);

// From then on `status` reads while a campaign writes. The file has companions from then on, too, so this is for a
// store that has its name.
[[nodiscard]] base::Result<void> write_ahead(Database& database);

// Tables that joined the version after its first stores. A build that does not know them leaves them alone.
[[nodiscard]] base::Result<void> add_missing_tables(Database& database);

// Whether this build understands the store; brings an older one up to date. The database must not be open for reading
// only.
[[nodiscard]] base::Result<void> check_schema(Database& database);

// The store of a campaign's folder, with its schema checked. An input error where there is none.
[[nodiscard]] base::Result<Database> open_store(const std::string& folder, Database::Mode mode);

}  // namespace assay::reports
