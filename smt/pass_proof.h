// PassProof: a loop-free program behaves as what a pass made of it, on every input.
//
// Everything that can be observed is compared: how the run ends, every slot, the operand stack. At a trap the slots
// count too.
//
// Tested by smt/test/pass_proof_test.cc.
#pragma once

#include "core/ast/program.h"
#include "smt/obligation.h"

namespace assay::smt {

// Both verified, with the same slots. Unknown, with the reason, where either has loops or prints.
[[nodiscard]] Proof prove_same_behaviour(const ast::Program& before, const ast::Program& after, Solver& solver,
                                         const ProofLimits& limits);

}  // namespace assay::smt
