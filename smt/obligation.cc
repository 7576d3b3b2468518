// Asking the solvers; see obligation.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/obligation.h"

#include "smt/second_solver.h"

namespace assay::smt {

Answer discharge(Solver& solver, Obligation& obligation, const ProofLimits& limits) {
  obligation.first = solver.check(obligation.script, obligation.strategy, limits.milliseconds);
  // What the first does not prove no second opinion makes a proof.
  if (!limits.second_solver || obligation.first.answer != Answer::Proved) return obligation.first.answer;
  obligation.second = check_with_cvc5(obligation.script, obligation.strategy, limits.milliseconds);
  return obligation.first.answer == obligation.second->answer ? obligation.first.answer : Answer::Unknown;
}

}  // namespace assay::smt
