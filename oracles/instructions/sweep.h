// Sweep: every form of the instruction table, run so many times in all, by several threads.
//
// Trial number n is drawn from the seed and n alone, so what is run does not depend on how many jobs share the work.
//
// Tested by oracles/instructions/test/sweep_test.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/x64/cpu_features.h"
#include "oracles/instructions/check.h"

namespace assay::oracles::instructions {

inline constexpr std::size_t kInputsPerTrial = 16;

struct SweepOptions {
  std::uint64_t runs = 3'000'000;  // rounded up to whole trials
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  // Called now and then, by any thread and one at a time, with the runs done so far.
  std::function<void(std::uint64_t)> progress;
};

struct NotRun {
  x64::Form form;
  std::string reason;
};

struct SweepReport {
  Tally tally;
  std::vector<NotRun> not_run;
  std::uint64_t runs = 0;

  [[nodiscard]] bool found_something() const;
  // Whether every form that was to be run was run, and there was one.
  [[nodiscard]] bool looked_at_everything() const;
};

// Forms that are not run on a CPU with these features, each with a reason, in the order of the table.
[[nodiscard]] std::vector<NotRun> forms_not_run(x64::CpuFeatures features);

// Precondition: at least one run and one job. An error means that the harness failed.
[[nodiscard]] base::Result<SweepReport> sweep_instructions(const SweepOptions& options,
                                                           const Judged& judged = the_product());

}  // namespace assay::oracles::instructions
