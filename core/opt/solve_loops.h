// The loop-solving pass with options, for its tests and for explanations; the pipeline calls it without (passes.h).
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include "core/opt/passes.h"
#include "core/scev/solution.h"

namespace assay::opt {

[[nodiscard]] PassResult solve_loops(const ast::Program& program, const scev::SolveOptions& options);

}  // namespace assay::opt
