// Power sums: what iterations add up that are powers of a counter, by Faulhaber's formulas.
//
// Of a counter x that rises or falls by 1 the sum of x^m is written over y, what a sum of x itself grows by, and t = x
// (x - 1) at the start: a dozen to thirty operations, where coefficients of m + 1 binomials take m squared. The
// formulas are those of 0 + 1 + ... + (x - 1) in a = x (x - 1) / 2, taken at both ends, with no half left in the
// difference:
//
//   S3 = a^2, S5 = a^2 (4 a - 1) / 3, S7 = a^2 (6 a^2 - 4 a + 1) / 3,
//   S2 = a (2 x - 1) / 3, S4 = a (2 x - 1) (6 a - 1) / 15, S6 = a (2 x - 1) (12 a^2 - 6 a + 1) / 21.
//
// All divisors are odd, so that their inverses serve (Knuth, "Johann Faulhaber and sums of powers", Mathematics of
// Computation 61, 1993). Nothing is assumed of wraparound: these are identities of polynomials.
//
// Tested by core/scev/test/power_sums_test.cc.
#pragma once

#include <optional>

#include "core/scev/recurrence.h"

namespace assay::scev {

// `value_after`, written that way. None where the recurrence is no sum of powers from the third to the seventh, or the
// binomials are as short.
[[nodiscard]] std::optional<Polynomial> power_sum_after(Atoms& atoms, const AddRecurrence& recurrence,
                                                        const Polynomial& count);

}  // namespace assay::scev
