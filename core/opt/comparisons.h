// Comparisons turned around: the same question with its operands or its answer exchanged.
//
// Tested by core/opt/test/comparisons_test.cc.
#pragma once

#include "core/ast/op.h"

namespace assay::opt {

// What holds exactly where `op` does not. Precondition, here and below: `op` is a comparison.
[[nodiscard]] ast::Op inverse_comparison(ast::Op op);

// What holds of b and a exactly where `op` holds of a and b.
[[nodiscard]] ast::Op mirrored_comparison(ast::Op op);

// The order of the same direction among natural numbers; what is no signed order, unchanged.
[[nodiscard]] ast::Op unsigned_comparison(ast::Op op);

// Whether it holds of a value and itself.
[[nodiscard]] bool holds_for_equal(ast::Op op);

}  // namespace assay::opt
