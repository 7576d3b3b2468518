// Patterns: sequences that are no add recurrences and still have a closed form.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <cstddef>
#include <vector>

#include "core/scev/recurrence_finder.h"
#include "core/scev/system.h"

namespace assay::scev {

// What `equation`, the next value of variable number `variable`, is; Unsolved if no pattern fits.
[[nodiscard]] Sequence match_pattern(std::size_t variable, const Polynomial& equation,
                                     const std::vector<ast::VarId>& variables, Atoms& atoms, RecurrenceFinder& finder);

}  // namespace assay::scev
