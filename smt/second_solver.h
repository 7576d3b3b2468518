// SecondSolver: cvc5, as a program, on the very script that Z3 answered.
//
// Solvers have bugs of their own; where the two disagree, or one does not know, nothing is proved. To start the program
// costs it more than most obligations do, so one process is given script after script, and forgets each behind it.
//
// Tested by smt/test/solver_test.cc.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "smt/answer.h"
#include "smt/solver_process.h"

namespace assay::smt {

// What to type before the name of a file with a script of that kind.
[[nodiscard]] std::string second_solver_command(Strategy strategy);

class SecondSolver {
 public:
  // Unknown with a reason when cvc5 is not installed, does not answer in time or does not know. No model.
  [[nodiscard]] SolverReply check(std::string_view script, Strategy strategy, unsigned limit_milliseconds);

 private:
  // A process for each way of asking: options are of the program.
  struct Asked {
    SolverProcess process;
    unsigned scripts = 0;
  };
  [[nodiscard]] static SolverReply ask(Asked& asked, std::string_view script, Strategy strategy,
                                       unsigned limit_milliseconds);

  std::array<Asked, 2> asked_;
};

}  // namespace assay::smt
