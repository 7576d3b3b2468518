// What an expression may do besides giving a value: trap, and nothing else.
//
// Tested by core/opt/test/dead_code_test.cc.
#pragma once

#include "core/ast/program.h"

namespace assay::opt {

// Whether the operator itself may trap, given its operands: a division, unless the divisor is a constant that rules it
// out.
[[nodiscard]] bool operator_may_trap(const ast::Program& program, const ast::Node& node);

// Whether it or anything within may trap.
[[nodiscard]] bool may_trap(const ast::Program& program, ast::NodeId expression);

}  // namespace assay::opt
