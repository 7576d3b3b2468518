// Migrate: files of an older format version, written anew in the current one.
//
// Programs older than the version line carry none: that is the only older form there has been, and it is called version
// 0 here. It has the grammar of version 1, so readers take such a file as it is; what it lacks is the promise that a
// later reader still knows what it means. Migration is a chain of steps from each version to the next, each a change of
// text that keeps comments and header lines as they are, and its result must read as the same program before a file is
// replaced.
//
// Tested by fuzz/corpus/test/migrate_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace assay::fuzz {

struct Migration {
  std::uint32_t from = 0;  // the version that was found; the current one: nothing to do
  std::string text;        // in the current version
};

// The text of a program or a finding, in the current version; `file` names the input in errors. An input error for what
// cannot be read, newer versions included.
[[nodiscard]] base::Result<Migration> migrate_text(std::string_view text, std::string_view file = {});

// The same for a file, which is replaced as a whole, and left alone when it is current.
[[nodiscard]] base::Result<Migration> migrate_file(const std::string& path);

}  // namespace assay::fuzz
