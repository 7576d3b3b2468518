// The value of every operator, written from WebAssembly's definitions.
//
// WebAssembly Core Specification 2.0, section 4.3.2 "Integer Operations"; `neg`, `not` and `abs`, which it lacks, are 0
// - x, x xor -1, and x or 0 - x by the sign. Values are bit patterns, zero-extended to 64 bits; each function computes
// at the width of its type parameter. Nothing outside this folder computes with these functions.
//
// Tested by core/interp/test/operators_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/op.h"
#include "core/ast/trap.h"

namespace assay::interp {

struct Value {
  std::uint64_t bits = 0;
  ast::TrapKind trap = ast::TrapKind::None;
};

// `type` is that of the operands. Unary operators and conversions ignore `b`.
[[nodiscard]] Value apply(ast::Op op, ast::Type type, std::uint64_t a, std::uint64_t b);

}  // namespace assay::interp
