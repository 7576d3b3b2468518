// Solution: everything that is known of a loop before a statement is written.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <utility>
#include <vector>

#include "core/scev/body.h"
#include "core/scev/linear_system.h"
#include "core/scev/system.h"
#include "core/scev/trip.h"

namespace assay::scev {

// How a solved loop is written (replacement.h).
enum class Shape : std::uint8_t {
  Straight,  // the final values, and what the last, incomplete iteration still does
  Choice,    // the same where there are many iterations, otherwise the loop
  Guarded,   // the iterations until the exit can first be met, then the loop for those that are left, which is mostly
             // none
  Phased,    // the same in phases, in each of which the conditions of the body keep their truth
};

struct Solution {
  Body body;
  System system;
  Trip trip;
  std::vector<LinearSystem> linear;
  std::vector<std::pair<ast::VarId, std::uint64_t>> known;  // assigned variables whose value before the loop is known
  Shape shape = Shape::Straight;
  std::uint32_t classes = 0;
  Decline failure = Decline::None;

  [[nodiscard]] bool failed() const { return failure != Decline::None; }
};

struct SolveOptions {
  // Leave runs of few iterations to the loop where the closed form costs more. Tests of the forms switch it off.
  bool spare_short_runs = true;
  // As if the loop stood in another that starts these variables with constants: the form that a proof of the other
  // needs.
  std::vector<ast::VarId> constant_starts = {};
};

[[nodiscard]] Solution solve(const ast::Program& program, ast::NodeId loop, Atoms& atoms, const SolveOptions& options);

}  // namespace assay::scev
