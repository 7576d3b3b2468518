// LoopProof: a loop that SCEV-Lite solved equals the statements that replaced it, for every input and every trip count.
//
// Nothing is taken from the solver but its statements. The prover runs one iteration of the original loop on symbols,
// guesses a closed form F(k) of its own in binomials of k from the first few iterations, and then shows:
//
//   start     F(0) is the state before the loop
//   step      F(k + 1) is one iteration of the loop from F(k)               for all k, as polynomials
//   code      what the statements compute for C(k, j) obeys Pascal's rule   once per width and degree
//   emitted   the statements leave F(n) behind, n being the count they compute
//   stays     no exit is taken in any iteration k < n                       as bit vectors
//   leaves    one is taken after n, unless the original loop follows
//
// By induction on k these make the equality. What does not fit is Unknown with a reason, never proved.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include "core/ast/program.h"
#include "smt/obligation.h"
#include "smt/theorems.h"

namespace assay::smt {

// `before` is a program whose only statement is a loop, `after` what the loop-solving pass made of it. Both verified.
[[nodiscard]] Proof prove_solved_loop(const ast::Program& before, const ast::Program& after, Solver& solver,
                                      Theorems& theorems, const ProofLimits& limits);

}  // namespace assay::smt
