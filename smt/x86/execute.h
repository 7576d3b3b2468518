// Execute: machine code on terms, every way it can go.
//
// A branch whose condition is not decided by those before it splits the run in two. Code that does not end within a
// number of instructions and ways is refused, so loops are.
//
// Tested by smt/x86/test/step_test.cc and compiled_proof_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "smt/x86/machine.h"

namespace assay::smt::x86 {

struct Execution {
  std::vector<MachineState> exits;  // before each `ret` that was reached
  TermId faults;                    // see Machine
  TermId outside;
  std::string refusal;  // not empty: the code cannot be said in terms, and the rest says nothing
};

[[nodiscard]] Execution execute(Terms& terms, std::span<const std::uint8_t> code, const MachineState& start,
                                Machine& machine);

// What other terms are where `path` holds: its truths, and constants for what it says equals one.
[[nodiscard]] Terms::Replacements known_on(Terms& terms, TermId path);

}  // namespace assay::smt::x86
