// Runs what the interpreter cannot afford on the CPU, in pairs: a program as it stands, and what its passes made of it.
//
// A program that ends just within the time of a run says little about how long another one may take: the other half of
// the pair may be compiled worse, or be interrupted more often. So a runaway whose partner ended is run again with ten
// times the time, in a worker of its own, before anybody calls it one.
//
// Tested by oracles/test/pass_oracle_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "oracles/engine.h"

namespace assay::oracles {

class LongRunEngine {
 public:
  // Cases 2k and 2k + 1 are a pair over the same inputs, compiled for System V. `engine` is a native engine of that
  // convention. `runs` is as `Engine::run` gives it.
  [[nodiscard]] base::Result<void> run(Engine& engine, std::span<const Case> cases, std::vector<Run>& runs);

  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const;

 private:
  [[nodiscard]] base::Result<void> run_patiently(const Case& one, std::size_t input, Run& run);

  std::unique_ptr<Engine> patient_;  // started when it is first needed
  std::vector<Run> patient_runs_;
};

}  // namespace assay::oracles
