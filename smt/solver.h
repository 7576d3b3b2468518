// Solver: Z3 behind three answers.
//
// It lives in a process of its own, because its time limits are soft: a query that does not come back is ended with the
// process, and the answer is Unknown. An answer that is not `unsat` is never called a proof.
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "smt/answer.h"
#include "smt/second_solver.h"
#include "smt/solver_process.h"

namespace assay::smt {

// "4.8.12.0"
[[nodiscard]] std::string z3_version();

class Solver {
 public:
  // Checks an SMT-LIB 2 script of bit vectors and truths. The process is started when it is first needed and after it
  // was lost.
  [[nodiscard]] SolverReply check(std::string_view script, Strategy strategy, unsigned limit_milliseconds);

  // Asked what this one proved.
  [[nodiscard]] SecondSolver& second() { return second_; }

  // Scripts that were proved, without their comments, so that what is asked again need not be answered again. `second`:
  // by cvc5 too.
  struct Known {
    Strategy strategy = Strategy::Bits;
    bool second = false;
  };
  [[nodiscard]] std::unordered_map<std::string, Known>& known() { return known_; }

  [[nodiscard]] std::uint64_t queries() const { return queries_; }

 private:
  // Starts the process and waits until Z3 is set up: that is not charged to the query which comes first.
  [[nodiscard]] bool start();

  SolverProcess process_;
  SecondSolver second_;
  std::uint64_t queries_ = 0;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace assay::smt
