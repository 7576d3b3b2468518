// Bits: parts of values as terms, simplified where that is plain.
//
// Code reads the low half of what it wrote to a whole register. If that is seen, the two sides of an obligation become
// one term and nothing is left for a solver to find out.
//
// Tested by smt/x86/test/step_test.cc.
#pragma once

#include "smt/terms.h"

namespace assay::smt::x86 {

// The low `width` bits.
[[nodiscard]] TermId low_bits(Terms& terms, unsigned width, TermId value);

// `whole` (64 bits) with its low bits replaced.
[[nodiscard]] TermId with_low_bits(Terms& terms, TermId whole, TermId low);

// Whether bit `number` is set.
[[nodiscard]] TermId has_bit(Terms& terms, TermId value, unsigned number);

}  // namespace assay::smt::x86
