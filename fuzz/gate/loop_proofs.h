// LoopProofs: the quick proofs of the gate: every loop of a program that SCEV-Lite solves.
//
// Tested by fuzz/gate/test/loop_proofs_test.cc.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/ast/program.h"
#include "core/opt/passes.h"
#include "fuzz/gate/report.h"
#include "smt/solver.h"
#include "smt/theorems.h"

namespace assay::fuzz {

// The pass under proof: the project's own, or one that tests plant a fault in.
using LoopSolver = std::function<opt::PassResult(const ast::Program&)>;

class LoopProver {
 public:
  explicit LoopProver(LoopSolver solve_loops, unsigned limit_milliseconds);

  // Counts what is proved, refuted and unknown; gives the texts of the loops that are refuted.
  [[nodiscard]] std::vector<std::string> prove(const ast::Program& program, GateProofs& counts);

 private:
  LoopSolver solve_loops_;
  smt::ProofLimits limits_;
  smt::Solver solver_;
  smt::Theorems theorems_;
};

}  // namespace assay::fuzz
