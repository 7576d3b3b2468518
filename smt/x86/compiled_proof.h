// CompiledProof: machine code does what its program means, for every frame and every value of every register at entry.
//
// The code is executed on terms (machine.h), the program is run on terms (symbolic_run.h), and on every way through the
// code these must be equal: what is returned, every cell of the frame to the last bit, the registers the calling
// convention keeps, and the stack pointer. That no division faults is shown too. Most pairs are one term in the arena,
// which needs no solver; the others are obligations.
//
// A refutation is a frame on which the model of the machine, with numbers instead of symbols, ends differently from the
// interpreter; a solver's model that this does not confirm is none.
//
// Tested by smt/x86/test/compiled_proof_test.cc.
#pragma once

#include <cstdint>
#include <span>

#include "core/ast/program.h"
#include "core/jit/convention.h"
#include "smt/obligation.h"

namespace assay::smt::x86 {

// Precondition: `program` is verified, prints nothing and pushes nothing.
[[nodiscard]] Proof prove_compiled(const ast::Program& program, std::span<const std::uint8_t> code,
                                   jit::Convention convention, Solver& solver, const ProofLimits& limits);

// Whether the model of the machine, run on that frame, ends as the interpreter does. None if it cannot be run.
[[nodiscard]] std::optional<bool> agrees_on(const ast::Program& program, std::span<const std::uint8_t> code,
                                            jit::Convention convention, std::span<const std::uint64_t> frame);

}  // namespace assay::smt::x86
