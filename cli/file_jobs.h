// FileJobs: the same work for many files, each in a process of its own, a few at once.
//
// A process each, because a judge is a set of worker processes around one thread: files are independent, so this is
// where more CPUs help, and no answer can depend on how many there are.
//
// Tested by cli/test/cli_test.sh.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace assay::cli {

struct JobAnswer {
  bool begun = false;               // not when interrupted before
  std::optional<std::string> text;  // none when the process died before it had an answer
};

// Calls `work(index)` for each index below `count`, at most `jobs` at once; answers are in the order of the indices.
// When `interrupted` becomes true the running ones get SIGTERM, which they should take as a request to finish.
[[nodiscard]] base::Result<std::vector<JobAnswer>> run_jobs(std::size_t count, unsigned jobs,
                                                            const std::function<std::string(std::size_t)>& work,
                                                            const std::atomic<bool>& interrupted);

}  // namespace assay::cli
