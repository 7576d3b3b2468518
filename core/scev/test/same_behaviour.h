// Whether two programs end alike on edge inputs, for the solver's tests.
//
// Used by solve_test.cc and solve_random_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/program.h"
#include "core/base/rng.h"

namespace assay::scev {

// How many of `count` drawn inputs the first program finished within fuel and both agreed on. Fails the running test at
// the first that they do not agree on, and when `after` is no valid program.
unsigned agreed_runs(const ast::Program& before, const ast::Program& after, unsigned count, base::Rng& rng);

}  // namespace assay::scev
