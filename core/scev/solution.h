// Solution: everything that is known of a loop before a statement is written.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <vector>

#include "core/scev/body.h"
#include "core/scev/linear_system.h"
#include "core/scev/system.h"
#include "core/scev/trip.h"

namespace assay::scev {

// How a solved loop is written (replacement.h).
enum class Shape : std::uint8_t {
  Straight,  // the final values, and what the last, incomplete iteration still does
  Guarded,   // the iterations until the exit can first be met, then the loop for those that are left, which is mostly none
  Phased,    // a loop over phases, in each of which the conditions of the body keep their truth
};

struct Solution {
  Body body;
  System system;
  Trip trip;
  std::vector<LinearSystem> linear;
  Shape shape = Shape::Straight;
  std::uint32_t classes = 0;
  Decline failure = Decline::None;

  [[nodiscard]] bool failed() const { return failure != Decline::None; }
};

[[nodiscard]] Solution solve(const ast::Program& program, ast::NodeId loop, Atoms& atoms);

}  // namespace assay::scev
