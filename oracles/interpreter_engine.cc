// The interpreter as an engine; see interpreter_engine.h. Tested by oracles/test/engines_test.cc.
#include "oracles/interpreter_engine.h"

#include <utility>

#include "core/interp/interpreter.h"

namespace assay::oracles {

void take_outcome(interp::Outcome& outcome, Run& run) {
  run.reset();
  switch (outcome.end) {
    case interp::End::Completed:
    case interp::End::Returned:
      run.end = RunEnd::Finished;
      break;
    case interp::End::Trapped:
      run.end = RunEnd::Trapped;
      break;
    case interp::End::OutOfFuel:
      run.end = RunEnd::OutOfFuel;
      run.skip = SkipReason::OutOfFuel;
      break;
  }
  run.trap = outcome.trap;
  run.knows_returned = true;
  run.returned = outcome.end == interp::End::Returned;
  std::swap(run.frame, outcome.frame);
  std::swap(run.stack, outcome.stack);
  std::swap(run.printed, outcome.printed);
}

base::Result<void> InterpreterEngine::run(std::span<const Case> cases, std::vector<Run>& runs) {
  std::size_t index = 0;
  for (const Case& one : cases) {
    for (const Frame& input : one.inputs) {
      if (index == runs.size()) runs.emplace_back();
      interp::interpret(*one.program, input, one.fuel, outcome_);
      steps_ += outcome_.steps;
      take_outcome(outcome_, runs[index++]);
    }
  }
  return {};
}

}  // namespace assay::oracles
