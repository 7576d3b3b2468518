// SecondSolver: cvc5, as a program, on the very script that Z3 answered.
//
// Solvers have bugs of their own; where the two disagree, or one does not know, nothing is proved.
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <string_view>

#include "smt/solver.h"

namespace assay::smt {

// Unknown with a reason when cvc5 is not installed, does not answer in time or does not know. No model.
[[nodiscard]] SolverReply check_with_cvc5(std::string_view script, Strategy strategy, unsigned limit_milliseconds);

}  // namespace assay::smt
