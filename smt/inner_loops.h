// InnerLoops: a loop within a loop as the loop-free statements it equals.
//
// The summary comes from the loop solver, as any other hint: it is used only after it was proved to be the inner loop,
// for every state that loop could begin in. The loop around it is then a loop without one.
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
  void prove(const ast::Program& loop, Summary& summary);

  Proving& proving_;
  Solver& solver_;
  Theorems& theorems_;
  ProofLimits limits_;
  std::map<std::string, Summary> summaries_;  // by the text of the loop
};

}  // namespace assay::smt
