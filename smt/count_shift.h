// CountShift: binomials of k with another number for k: the one after it, the one before it, a constant.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include "smt/count_code.h"
#include "smt/proving.h"

namespace assay::smt {

// C(k + 1, j) is C(k, j) + C(k, j - 1).
[[nodiscard]] Terms::Replacements one_further(Terms& terms, const CountAtoms& atoms);

// The same where `k` is the number k.
[[nodiscard]] Terms::Replacements one_further(Proving& proving, TermId k);

// C(k - 1, j) is C(k, j) - C(k - 1, j - 1); `last` is the number k - 1.
[[nodiscard]] Terms::Replacements one_before(Proving& proving, TermId last);

// The code for the binomials of a count, which `used` remembers.
[[nodiscard]] Terms::Replacements at_count(Proving& proving, TermId count, CountCode& used);

}  // namespace assay::smt
