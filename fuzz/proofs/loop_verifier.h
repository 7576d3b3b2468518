// LoopVerifier: every loop of a program that SCEV-Lite solves, taken out of it, solved again and proved.
//
// One way for all: `assay verify --scev`, the merge gate and campaigns.
//
// Tested by fuzz/proofs/test/loop_verifier_test.cc.
#pragma once

#include <functional>

#include "core/ast/program.h"
#include "core/opt/passes.h"
#include "smt/obligation.h"
#include "smt/solver.h"
#include "smt/theorems.h"

namespace assay::fuzz {

// The pass under proof: the project's own, or one that tests plant a fault in.
using LoopSolver = std::function<opt::PassResult(const ast::Program&)>;

// A loop alone, and what the pass makes of it.
struct SolvedLoop {
  ast::Program before;  // the variables of the loop that it does not declare itself are its slots
  ast::Program after;
  scev::LoopReport report;  // of the loop, not of those within it
};

[[nodiscard]] SolvedLoop solve_alone(const LoopSolver& solve_loops, const ast::Program& program, ast::NodeId loop);

struct VerifiedLoop {
  unsigned number = 0;  // in the order of the text, from 1
  ast::NodeId loop;     // in the program
  SolvedLoop solved;
  smt::Proof proof;         // where the loop is solved
  double milliseconds = 0;  // wall clock, of the proof
};

class LoopVerifier {
 public:
  LoopVerifier(LoopSolver solve_loops, const smt::ProofLimits& limits);
  LoopVerifier(const LoopVerifier&) = delete;
  LoopVerifier& operator=(const LoopVerifier&) = delete;

  // Tells of each loop, solved or not; or of the first one only, the outermost, where those within it are of no
  // interest for themselves.
  void verify(const ast::Program& program, const std::function<void(const VerifiedLoop&)>& each,
              bool first_only = false);

  [[nodiscard]] smt::Proof prove(const SolvedLoop& loop);

  // Proved once for all loops so far.
  [[nodiscard]] const std::vector<smt::Obligation>& theorems() const { return theorems_.obligations(); }

 private:
  LoopSolver solve_loops_;
  smt::ProofLimits limits_;
  smt::Solver solver_;
  smt::Theorems theorems_;
};

}  // namespace assay::fuzz
