// Replacement: a solved loop as statements.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include "core/scev/emitter.h"
#include "core/scev/solution.h"

namespace assay::scev {

// Appends to the emitter's block what stands for the loop. False when the closed form is too large; what was appended
// is then to be thrown away.
[[nodiscard]] bool replace(Emitter& emitter, const Solution& solution);

}  // namespace assay::scev
