// Obligation: one thing that must be shown, as a script, and what the solvers said of it.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "smt/solver.h"

namespace assay::smt {

struct Obligation {
  std::string name;
  std::string script;
  Strategy strategy = Strategy::Bits;
  SolverReply first;                  // Z3
  std::optional<SolverReply> second;  // cvc5, where it was asked
};

struct Proof {
  Answer answer = Answer::Unknown;
  std::string reason;  // of an Unknown
  std::vector<Obligation> obligations;
  std::vector<std::uint64_t> counterexample;  // of a Refuted: a frame on which the two programs really differ
  // Not 0, of an Unknown: nothing differs in runs that take each loop at most so many times. That is no proof.
  unsigned bound = 0;
};

struct ProofLimits {
  unsigned milliseconds = 1000;  // for each obligation
  bool second_solver = false;
};

// Asks the solvers. Proved only when every solver that was asked says so.
[[nodiscard]] Answer discharge(Solver& solver, Obligation& obligation, const ProofLimits& limits);

}  // namespace assay::smt
