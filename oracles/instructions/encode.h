// The bytes of an instruction, from the assembler under test.
//
// A branch is given something to branch over, as semantics.h says: what it then does can be seen.
//
// Tested by oracles/instructions/test/encode_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "oracles/instructions/semantics.h"

namespace assay::oracles::instructions {

// Precondition: !why_not_run(instruction.form).
[[nodiscard]] std::vector<std::uint8_t> encode(const Instruction& instruction);

}  // namespace assay::oracles::instructions
