// Random loops of the kinds that SCEV-Lite solves, and of kinds that are nearly so, as text.
//
// Tested by solve_random_test.cc, which is its user.
#pragma once

#include <string>

#include "core/base/rng.h"

namespace assay::scev {

// A program `program p(i32 n, i32 s, i32 k, i32 i, i32 a, i32 b, i32 c)` (i64 with a probability) with one loop.
[[nodiscard]] std::string random_loop(base::Rng& rng);

// The same in i64, but that `i` is an i32 with steps that wrap it soon, and its extended values are what is used.
[[nodiscard]] std::string random_loop_of_two_widths(base::Rng& rng);

}  // namespace assay::scev
