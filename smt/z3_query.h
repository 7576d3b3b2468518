// Z3Query: one Z3 context, used again for every script. The only door to z3++.h.
//
// Runs within the solver's own process (solver.h).
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <memory>

#include "smt/solver.h"

namespace assay::smt {

class Z3Query {
 public:
  Z3Query();
  ~Z3Query();
  Z3Query(const Z3Query&) = delete;
  Z3Query& operator=(const Z3Query&) = delete;

  [[nodiscard]] SolverReply check(const std::string& script, Strategy strategy, unsigned limit_milliseconds);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::smt
