// Compact: puts an edited program back in order.
//
// Passes, mutators and the reducer edit the tree by relinking it, which leaves dead nodes in the arena, and locals out
// of the order of their `let` or without one. The text and the binary form carry only what the tree says, so the
// verifier insists on the order, and this is the one place that restores it.
//
// Tested by core/ast/test/compact_test.cc.
#pragma once

#include "core/ast/program.h"

namespace assay::ast {

// Makes `to` (another object than `from`) the same program with live nodes only, in order of execution, and its locals
// numbered in the order of their `let`. What else is wrong with `from` stays wrong for the verifier to find; the copy
// ends at the limits of limits.h, so that a cycle ends too.
void compact(const Program& from, Program& to);

}  // namespace assay::ast
