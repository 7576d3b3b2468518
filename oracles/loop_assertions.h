// LoopAssertions: a rewrite that must not change what a program does: behind a loop, its condition is false.
//
// `while (c) { ... }` without a break of its own is followed by `if (c) { trap }`. No run of the program gets there
// with a true condition, whatever the loop computes and however long it takes, so the rewritten program behaves as it
// did. A closed form that leaves a loop too early, or at all where the loop never ends, does not: that is seen without
// running the loop (rewrite_check.h).
//
// Tested by oracles/test/rewrite_check_test.cc.
#pragma once

#include <optional>

#include "core/ast/program.h"

namespace assay::oracles {

// None if the program has no such loop, or no slot.
[[nodiscard]] std::optional<ast::Program> with_loop_assertions(const ast::Program& program);

}  // namespace assay::oracles
