// A `while` that counts: how many times it runs, as a difference of what it compares.
//
// It compares a variable with what does not change, and the only assignment of the variable moves it by 1 towards the
// bound in every run. Then it can neither jump over the bound nor wrap around before it, for signed and unsigned
// comparisons and for `!=` alike.
//
// Tested by core/opt/test/unroll_test.cc.
#pragma once

#include <optional>

#include "core/ast/program.h"

namespace assay::opt {

// Where the condition holds, `to - from` runs are left: a natural number.
struct Distance {
  ast::NodeId from;
  ast::NodeId to;
};

// `body` has no loops, and no break or continue of this one. None where the number is not known.
[[nodiscard]] std::optional<Distance> distance_to_bound(const ast::Program& program, ast::NodeId condition,
                                                        ast::NodeId body);

}  // namespace assay::opt
