// An independent check of an allocation: no two values that are alive together share a place.
//
// It knows nothing of intervals. Liveness is computed the textbook way, backwards over the control flow until nothing
// changes (Appel, "Modern Compiler Implementation", section 10.1), so that a mistake about loops in the allocator
// cannot repeat itself here. For tests: it is quadratic.
//
// Tested by core/jit/test/allocate_test.cc.
#pragma once

#include <string>

#include "core/jit/allocate.h"
#include "core/jit/lir.h"

namespace assay::jit {

// Empty when the allocation is sound, else a sentence that names the first conflict.
[[nodiscard]] std::string check_allocation(const LirProgram& lir, const Allocation& allocation);

}  // namespace assay::jit
