// The optimizer's own arithmetic: the value of an operator on constants.
//
// Written without a look at the interpreter, whose verdict on the optimizer would otherwise be its own.
//
// Tested by core/opt/test/evaluate_test.cc.
#pragma once

#include <cstdint>
#include <optional>

#include "core/ast/op.h"

namespace assay::opt {

// `type` is that of the operands; values are zero-extended. nullopt where the operation traps. Operators with one
// operand ignore `b`.
[[nodiscard]] std::optional<std::uint64_t> evaluate(ast::Op op, ast::Type type, std::uint64_t a, std::uint64_t b);

}  // namespace assay::opt
