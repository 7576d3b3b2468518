// Trip: how many full iterations a loop makes, or a part of them in which its closed forms hold.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/scev/body.h"
#include "core/scev/system.h"

namespace assay::scev {

struct Trip {
  // The least of these is how many: full iterations, natural numbers over initial values, perhaps of both types.
  std::vector<Polynomial> counts;
  Polynomial many;            // 0 or 1: whether there seem to be enough for a closed form that costs something
  bool exact = false;         // the loop is left in the iteration behind these; otherwise it may go on
  bool phases = false;        // limited by something that is no exit: there may be more phases
  bool short_phases = false;  // none of them is long
  std::uint32_t classes = 0;
  Decline failure = Decline::None;
};

// `left`: of a counted loop, how many iterations are left. `constant_starts`: of an inner loop, whose count is asked
// for in every round of the outer one, the variables that start with a constant: exits are then put so that they seldom
// change between rounds.
[[nodiscard]] Trip find_trip(const Body& body, const System& system, const Polynomial& left, Atoms& atoms,
                             const std::vector<ast::VarId>& constant_starts = {});

// The smaller of two natural numbers, in the wider of their types.
[[nodiscard]] Polynomial least(const Polynomial& left, const Polynomial& right, Atoms& atoms);

}  // namespace assay::scev
