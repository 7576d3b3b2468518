// Driver: builds the variants, tries each with every seed, and keeps the score.
//
// A fault of the product is tried with the fuzzer: the probe (probe.cc), one process for each seed. A fault of an
// oracle, of a proof or of another part that the fuzzer relies on is tried with that part's own tests, linked with the
// variant; those have fixed seeds, so they are tried once. Variants that nobody detects are compared with the code as
// it stands: byte for byte the same is an equivalent fault.
//
// Faults of the passes and of the loop solver are put before the prover as well (prover.cc), for the trials in which
// the campaign found nothing: "smt". A trial's CPU time is then shared: a third for the campaign, the rest for the
// prover.
//
// A process that dies or says nothing for `hang_seconds` is started again; after three times it counts as detected, by
// "harness". That is the rule of `assay campaign` (fuzz/campaign/supervised.h), which names the program that does so.
//
// Tested by fuzz/selftest/test/driver_test.cc.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/selftest/catalogue.h"
#include "fuzz/selftest/score.h"

namespace assay::fuzz::selftest {

struct DriverConfig {
  std::string build;   // a build folder of CMake and Ninja, with assay_selftest_probe and the tests built
  std::string source;  // the folder of the sources
  std::uint64_t seeds = 20;
  double cpu_seconds = 60;  // of a trial
  double hang_seconds = 120;
  unsigned jobs = 1;
  std::vector<std::string> without;
  bool naive = false;  // programs of the naive generator (fuzz/gen/swarm.h)
  bool keep_variants = false;
  std::string command;  // for the record
};

// Called after every fault with the score so far; an error ends the run.
using ScoreCallback = std::function<base::Result<void>(const Score& score, const FaultScore& latest)>;

[[nodiscard]] base::Result<Score> run_selftest(const DriverConfig& config, const std::vector<Fault>& faults,
                                               const ScoreCallback& progress);

// Names that `without` may hold.
[[nodiscard]] bool is_oracle(std::string_view name);

// What the tests of a GoogleTest binary that failed are called, the first one first; empty when none did.
[[nodiscard]] std::string first_failed_test(std::string_view output);

}  // namespace assay::fuzz::selftest
