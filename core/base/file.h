// Whole files in and out, safely: reads are bounded, writes are all or nothing.
//
// Tested by core/base/test/file_test.cc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace assay::base {

// The contents of a regular file of at most `limit` bytes; a larger one, a folder or an unreadable one is an input
// error.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t limit);

// Writes beside the target, flushes to the disk, then renames: after a crash at any moment the file is either absent
// (or as it was) or whole. A file that is replaced keeps its permissions. What is no regular file is written to as it
// stands, and a link is followed. A name that cannot be written is an input error, anything else a system error.
[[nodiscard]] Result<void> write_file_atomically(const std::string& name, std::string_view contents);

// What the system refused because of a name, an input error: it is a mistake in an argument. Anything else, such as a
// full disk, is a system error. `why` is an errno value.
[[nodiscard]] Error name_error(std::string message, int why);

// Whether something has that name; a link counts as what it leads to. An input error where that cannot be found out.
[[nodiscard]] Result<bool> is_there(const std::string& path);

// Makes the folder and those around it. A name that cannot be made is an input error, anything else a system error.
[[nodiscard]] Result<void> make_folders(const std::string& path);

// Flushes the names in the folder that holds `path` to the disk: what was renamed stays so after a power cut.
[[nodiscard]] Result<void> flush_name(const std::string& path);

}  // namespace assay::base
