// The reference interpreter as an engine: what all the others are compared with.
//
// Tested by oracles/test/engines_test.cc.
#pragma once

#include "oracles/engine.h"

namespace assay::oracles {

class InterpreterEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "interp"; }
  [[nodiscard]] base::Result<void> run(std::span<const Case> cases, std::vector<Run>& runs) override;

  // Nodes executed by all runs so far.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  interp::Outcome outcome_;
  std::uint64_t steps_ = 0;
};

// An outcome in the terms of a Run; swaps the vectors to spare a copy.
void take_outcome(interp::Outcome& outcome, Run& run);

}  // namespace assay::oracles
