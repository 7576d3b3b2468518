// Which differences between the emulator and the CPU are known ones: the reviewed table of the emulator's defects
// (oracles/emulated/known_defects.def), asked about one instruction at a time.
//
// Only what a row describes is explained: the same symptom at another form stays a finding.
//
// Tested by oracles/instructions/test/known_test.cc.
#pragma once

#include <optional>

#include "oracles/emulated/known_defects.h"
#include "oracles/instructions/semantics.h"

namespace assay::oracles::instructions {

enum class Symptom : std::uint8_t {
  Refused,            // the emulator has no such instruction
  Died,               // its process died of the instruction, with an arithmetic fault
  UndefinedRegister,  // a register that the manual leaves undefined is not what AMD documents
};

// Precondition for Died: `before` is the state that the instruction started from.
[[nodiscard]] std::optional<emulated::Defect> explain(x64::Form form, Symptom symptom, const State& before);

}  // namespace assay::oracles::instructions
