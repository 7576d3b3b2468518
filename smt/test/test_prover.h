// TestProver: solvers, limits and theorems for tests that prove loops.
#pragma once

#include <string>
#include <string_view>

#include "smt/loop_proof.h"
#include "smt/test/parsed.h"

namespace assay::smt {

struct TestProver {
  Solver solver;
  ProofLimits limits{3000, false};  // twenty times what takes longest, for slow machines and sanitizers
  Theorems theorems{solver, limits};

  [[nodiscard]] Proof prove(const ast::Program& before, const ast::Program& after) {
    return prove_solved_loop(before, after, solver, theorems, limits);
  }
};

[[nodiscard]] inline ast::Program program_of(std::string_view slots, std::string_view body) {
  return parsed("program p(" + std::string(slots) + ") { " + std::string(body) + " }");
}

}  // namespace assay::smt
