// Obligation: one thing that must be shown, as a script, and what the solvers said of it.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "smt/solver.h"

namespace assay::smt {

// Whether values were found for which everything holds that an obligation assumes; if there are none it says nothing.
enum class Witness : std::uint8_t { NotLookedFor, Found, None, Unknown };

struct Obligation {
  Obligation(std::string obligation_name, std::string smt_script, Strategy how, SolverReply z3 = {},
             std::optional<SolverReply> cvc5 = std::nullopt)
      : name(std::move(obligation_name)),
        script(std::move(smt_script)),
        strategy(how),
        first(std::move(z3)),
        second(std::move(cvc5)) {}

  std::string name;
  std::string script;
  Strategy strategy = Strategy::Bits;
  SolverReply first;                  // Z3
  std::optional<SolverReply> second;  // cvc5, where it was asked
  Witness witness = Witness::NotLookedFor;
  bool never_reached = false;  // the claim is that no run of those assumed gets to a place
  bool repeated = false;       // the same was proved before, in other words or for another loop
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
  bool find_witnesses = false;  // of what obligations assume
  unsigned nesting = 0;         // loops around the one that is being proved
};

// Asks the solvers. Proved only when every solver that was asked says so.
[[nodiscard]] Answer discharge(Solver& solver, Obligation& obligation, const ProofLimits& limits);

}  // namespace assay::smt
