// InnerLoops: a loop within a loop as the loop-free statements it equals.
//
// There is a summary for each set of variables that begin with a constant: it is used where they do, and puts exits as
// SCEV-Lite puts them there, although it holds for every state. The summary comes from the loop solver, as any other
// hint: it is used only after it was proved to be the inner loop, for every state that loop could begin in. The loop
// around it is then a loop without one.
//
// Tested by smt/test/nested_test.cc.
#pragma once

#include <map>
#include <string>

#include "smt/proving.h"
#include "smt/symbolic_run.h"

namespace assay::smt {

class InnerLoops : public LoopRunner {
 public:
  // `whole` is a program of one loop: loops within it are of interest, and copies of these.
  InnerLoops(const ast::Program& whole, Proving& proving, Solver& solver, Theorems& theorems,
             const ProofLimits& limits);

  [[nodiscard]] bool run_loop(const ast::Program& program, ast::NodeId loop, SymbolicState& state) override;

 private:
  struct Summary {
    bool tried = false;
    bool proved = false;
    ast::Program program;
  };
  void prove(const ast::Program& loop, const std::vector<ast::VarId>& constant_starts, Summary& summary);

  Proving& proving_;
  Solver& solver_;
  Theorems& theorems_;
  ProofLimits limits_;
  using Summaries = std::map<std::vector<ast::VarId>, Summary>;
  std::map<std::string, Summaries> summaries_;  // by the text of the loop, then by what begins with a constant
};

}  // namespace assay::smt
