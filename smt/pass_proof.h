// PassProof: a program behaves as what a pass made of it: on every input, or as far as a bound reaches.
//
// Everything that can be observed is compared: how the run ends, every slot, the operand stack. At a trap the slots
// count too. Loops are run a few iterations only, and what that shows is Unknown, with the bound: never a proof.
//
// Tested by smt/test/pass_proof_test.cc.
#pragma once

#include "core/ast/program.h"
#include "smt/obligation.h"

namespace assay::smt {

// Both verified, with the same slots. Unknown, with the reason, where either has loops or prints.
[[nodiscard]] Proof prove_same_behaviour(const ast::Program& before, const ast::Program& after, Solver& solver,
                                         const ProofLimits& limits);

// Both verified, with the same slots; for programs with loops. Refuted by an input that running confirms; otherwise
// Unknown, with `bound` where nothing differs in runs that take no loop of either program more often than that.
[[nodiscard]] Proof compare_bounded(const ast::Program& before, const ast::Program& after, Solver& solver,
                                    const ProofLimits& limits);

}  // namespace assay::smt
