// Asking the solvers; see obligation.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/obligation.h"

#include <utility>

#include "smt/script.h"

namespace assay::smt {

Answer discharge(Solver& solver, Obligation& obligation, const ProofLimits& limits) {
  std::string question(without_comments(obligation.script));
  const auto known = solver.known().find(question);
  if (known != solver.known().end() && known->second.strategy == obligation.strategy &&
      (known->second.second || !limits.second_solver)) {
    obligation.repeated = true;
    obligation.first.answer = Answer::Proved;
    if (limits.second_solver) obligation.second = obligation.first;
    return Answer::Proved;
  }
  obligation.first = solver.check(obligation.script, obligation.strategy, limits.milliseconds);
  // What the first does not prove no second opinion makes a proof.
  if (obligation.first.answer != Answer::Proved) return obligation.first.answer;
  if (limits.second_solver) {
    obligation.second = solver.second().check(obligation.script, obligation.strategy, limits.milliseconds);
    if (obligation.second->answer != Answer::Proved) return Answer::Unknown;
  }
  solver.known()[std::move(question)] = {obligation.strategy, limits.second_solver};
  return Answer::Proved;
}

}  // namespace assay::smt
