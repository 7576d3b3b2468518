// Trip: how many full iterations a loop makes, or a part of them in which its closed forms hold.
//
// Tested by core/scev/test/trip_test.cc.
#pragma once

#include "core/scev/body.h"
#include "core/scev/system.h"

namespace assay::scev {

struct Trip {
  Polynomial count;    // full iterations, a natural number over initial values
  bool exact = false;  // the loop is left in the iteration behind these; otherwise it may go on
  bool phases = false;  // limited by something that is no exit: there may be more phases
  std::uint32_t classes = 0;
  Decline failure = Decline::None;
};

// `left`: of a counted loop, how many iterations are left.
[[nodiscard]] Trip find_trip(const Body& body, const System& system, const Polynomial& left, Atoms& atoms);

}  // namespace assay::scev
