// Every induction loop over a set of edge values, by number.
//
// Random programs meet the corner of a corner seldom: a bound of MAX with <=, a step of MIN, a start behind the bound,
// in the other statement order. Here all of them are, once: loop form x comparison x statement order x type x start x
// step x bound, the values small or at the edges of the type, so that runs are short or wrap around.
//
// Tested by fuzz/enumerate/test/exhaustive_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/program.h"

namespace assay::fuzz {

// How many programs there are.
[[nodiscard]] std::uint64_t induction_loop_count();

// Program number `index`; `program` is overwritten. One slot `sum` and one `i`, which hold what the loop leaves behind.
// Precondition: index < induction_loop_count().
void induction_loop(std::uint64_t index, ast::Program& program);

}  // namespace assay::fuzz
