// LastStore: which statement gave a slot the value it ended with.
//
// When a pass changed what a program computes, the two last stores to the slot that differs are where to look: one in
// the program, one in what the pass made of it. The last, not the first that differs, because a pass may drop and move
// stores that nobody sees.
//
// Tested by fuzz/triage/test/last_store_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/ast/program.h"

namespace assay::fuzz {

// Runs the program from the frame, up to its end, a trap, or out of fuel. None when the slot was never stored to.
// Precondition: verified.
[[nodiscard]] std::optional<ast::NodeId> last_store(const ast::Program& program, std::span<const std::uint64_t> frame,
                                                    std::uint64_t fuel, ast::VarId slot);

}  // namespace assay::fuzz
