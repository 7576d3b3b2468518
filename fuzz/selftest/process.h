// Process: runs a program to its end, with its output and under limits that it cannot talk its way out of.
//
// A variant is a broken compiler inside a harness: it may hang or take the machine's memory. It runs in a process group
// of its own, so that its workers end with it.
//
// Tested by fuzz/selftest/test/process_test.cc.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace assay::fuzz::selftest {

struct ProcessLimits {
  double silent_seconds = 120;  // without a word on standard output
  double total_seconds = 3600;
};

struct ProcessEnd {
  int code = -1;        // exit code; -1 after a signal
  int signal = 0;       // that ended it; also when it was killed for its limits
  bool silent = false;  // killed because it said nothing for too long
  bool late = false;    // killed because it took too long altogether
  double seconds = 0;
  double cpu_seconds = 0;  // with those of its children that it waited for
  std::string output;      // of both streams, cut after one MiB

  [[nodiscard]] bool good() const { return code == 0; }
};

[[nodiscard]] base::Result<ProcessEnd> run_process(const std::vector<std::string>& command, const std::string& folder,
                                                   const ProcessLimits& limits);

}  // namespace assay::fuzz::selftest
