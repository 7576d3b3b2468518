// Witness: values of the symbols for which all assumptions of an obligation hold.
//
// An obligation whose assumptions contradict each other is proved whatever it claims. Small numbers and the edges of
// the widths are tried first, which mostly finds values without a solver.
//
// Tested by smt/test/witness_test.cc.
#pragma once

#include <vector>

#include "smt/terms.h"

namespace assay::smt {

// False where none was found, which says nothing.
[[nodiscard]] bool find_witness(const Terms& terms, const std::vector<TermId>& assumptions);

}  // namespace assay::smt
