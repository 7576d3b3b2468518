// The verifier: the one gate between a Program as a container and a program of the language.
//
// It checks everything that the interpreter, the JIT and the proofs take for granted, so that none of them can fail on,
// loop in or read outside a program that passed: the arena is a tree (each node referred to once, no cycle, indices in
// range), expressions stand where expressions belong, types match ops.def, names are identifiers, not reserved and
// unique where visible, each local is declared by exactly one `let` and used only after it inside its block, locals are
// numbered in the order of their `let`, `break` and `continue` stand in a loop, `push` in none, and the limits of
// limits.h hold. So what passes can be printed and encoded, and reads back the same. Code that cannot be reached is
// legal.
//
// It takes linear time and, once warm, no memory of its own: every program of a campaign comes through here.
//
// Tested by core/ast/test/verify_test.cc.
#pragma once

#include "core/ast/program.h"
#include "core/base/result.h"

namespace assay::ast {

// The error carries the source position of the offending node where the program has positions.
[[nodiscard]] base::Result<void> verify(const Program& program);

// The most cells a run can push on the operand stack: pushes on the longest path, and one for a `return` with a value
// at its end. At most kMaxPushes. Precondition: verified.
[[nodiscard]] std::uint32_t max_pushes(const Program& program);

// Whether nothing in the statement list starting at `first` (and below it) is a `print`: the part of the language the
// JIT compiles.
[[nodiscard]] bool is_pure_scalar(const Program& program, NodeId first);

}  // namespace assay::ast
