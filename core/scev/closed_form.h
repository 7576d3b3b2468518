// Closed forms: the value of a solved sequence after a number of iterations.
//
// Every form is the initial value when the number is 0.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <vector>

#include "core/scev/body.h"
#include "core/scev/system.h"

namespace assay::scev {

// The values of all variables but Linear ones (poisoned there), over initial values and `count`, a natural number.
[[nodiscard]] std::vector<Polynomial> final_values(const Body& body, const System& system, const Polynomial& count,
                                                   Atoms& atoms);

}  // namespace assay::scev
