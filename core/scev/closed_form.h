// Closed forms: the value of a solved sequence after a number of iterations.
//
// Every form is the initial value when the number is 0.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/scev/body.h"
#include "core/scev/system.h"

namespace assay::scev {

// What the values are for: as polynomials in what they depend on they can be analysed further, power sums
// (power_sums.h) only be written.
enum class ValuesFor : std::uint8_t { Analysis, Emission };

// The values of all variables but Linear ones (poisoned there), over initial values and `count`, a natural number.
[[nodiscard]] std::vector<Polynomial> final_values(const Body& body, const System& system, const Polynomial& count,
                                                   Atoms& atoms, ValuesFor use);

}  // namespace assay::scev
