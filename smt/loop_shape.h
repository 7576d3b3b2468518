// LoopShape: which loops are the same but for the names of their variables.
//
// A campaign meets the same loop again and again; proving it once is enough. Structure, operators, types and constants
// count; which variable it is counts only as far as it is the same one as elsewhere in the loop.
//
// Tested by smt/test/loop_shape_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/program.h"

namespace assay::smt {

// Equal for equal shapes. That different shapes have different numbers is likely, no more: who skips a loop because of
// its number loses a proof, never the truth of one.
[[nodiscard]] std::uint64_t loop_shape(const ast::Program& program, ast::NodeId loop);

}  // namespace assay::smt
