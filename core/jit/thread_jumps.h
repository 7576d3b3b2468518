// Jump threading: a jump to a jump goes where that one goes.
//
// Selection writes loops and branches one by one, so the end of a branch that ends a loop's body jumps to the jump to
// the loop's head. Done behind register allocation: every value has one place for as long as it lives, and what lives
// at the last target lives at all the jumps on the way.
//
// Tested by core/jit/test/thread_jumps_test.cc.
#pragma once

#include "core/jit/lir.h"

namespace assay::jit {

void thread_jumps(LirProgram& lir);

}  // namespace assay::jit
