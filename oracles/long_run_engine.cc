// Pairs of long runs; see long_run_engine.h. Tested by oracles/test/pass_oracle_test.cc.
#include "oracles/long_run_engine.h"

#include <utility>

#include "oracles/native/native_engine.h"

namespace assay::oracles {
namespace {

constexpr int kPatience = 10;

}  // namespace

base::Result<void> LongRunEngine::run(Engine& engine, std::span<const Case> cases, std::vector<Run>& runs) {
  if (auto done = engine.run(cases, runs); !done) return done;
  std::size_t first = 0;
  for (std::size_t pair = 0; pair + 1 < cases.size(); pair += 2) {
    const std::size_t inputs = cases[pair].inputs.size();
    for (std::size_t input = 0; input < inputs; ++input) {
      const RunEnd expected = runs[first + input].end;
      Run& got = runs[first + inputs + input];
      const bool ended = expected == RunEnd::Finished || expected == RunEnd::Trapped;
      if (!ended || got.end != RunEnd::Runaway) continue;
      if (auto done = run_patiently(cases[pair + 1], input, got); !done) return done;
    }
    first += 2 * inputs;
  }
  return {};
}

base::Result<void> LongRunEngine::run_patiently(const Case& one, std::size_t input, Run& run) {
  if (!patient_) {
    NativeOptions options;
    options.cpu_budget *= kPatience;
    auto engine = NativeEngine::create(jit::Convention::SystemV, options);
    if (!engine) return engine.error();
    patient_ = std::move(engine).value();
  }
  Case again = one;
  again.inputs = one.inputs.subspan(input, 1);
  if (auto done = patient_->run(std::span(&again, 1), patient_runs_); !done) return done;
  std::swap(run, patient_runs_[0]);
  return {};
}

std::uint64_t LongRunEngine::helper_cpu_nanoseconds() const {
  return patient_ ? patient_->helper_cpu_nanoseconds() : 0;
}

}  // namespace assay::oracles
