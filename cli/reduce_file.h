// One finding made small, triaged and written, for the commands that do so.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <atomic>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"

namespace assay::cli {

// "x.nda" and "x" give "x.reduced.nda"; what is reduced already keeps its name.
[[nodiscard]] std::string reduced_name(const std::string& file);

// What became of it: file, status, signature, sizes, "written" where a file was. To be run in a process of its own
// (file_jobs.h).
[[nodiscard]] nlohmann::ordered_json reduce_file(const std::string& file, const std::string& output, double seconds,
                                                 const std::atomic<bool>& interrupted);

// The same of a file that could not be looked at.
[[nodiscard]] nlohmann::ordered_json not_reduced(const std::string& file, const base::Error& error);

}  // namespace assay::cli
