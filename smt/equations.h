// Equations: questions with an equation among their assertions, which is solved for one of its symbols.
//
// That i + k * s meets n is such an equation: n is i + k * s, and what the statements compute as the count, the
// distance n - i times the inverse of s, is then k as an identity of polynomials, where neither integers nor bits would
// see it. Of an even s the twos are shifted away first, which is a theorem (theorems.h). The extension of i + k * s is
// that of i, plus k * s, where the other assertions do not let i + k * s wrap. An equation that is an identity is true.
//
// Tested by smt/test/equations_test.cc.
#pragma once

#include <string>
#include <vector>

#include "smt/proving.h"

namespace assay::smt {

// The assertions, or others that can be true only if these can. Obligations for that are recorded.
[[nodiscard]] std::vector<TermId> solve_equations(Proving& proving, const std::string& name,
                                                  const std::vector<TermId>& assertions);

}  // namespace assay::smt
