// InnerLoop: a loop as one assignment, for the sake of the loop around it.
//
// Only loops whose closed form holds for every input are summarised: straight-line, without a guard, left at the head.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"
#include "core/scev/atoms.h"
#include "core/scev/loop_report.h"

namespace assay::scev {

struct InnerLoop {
  std::vector<ast::VarId> variables;  // that the loop assigns
  std::vector<Polynomial> values;     // of each behind the loop, over the values before it (Initial)
  std::uint32_t classes = 0;
  Decline failure = Decline::None;

  [[nodiscard]] bool failed() const { return failure != Decline::None; }
};

// `constant_starts`: variables of which the loop around it knows that they start with a constant; see find_trip.
[[nodiscard]] InnerLoop summarise(const ast::Program& program, ast::NodeId id, Atoms& atoms, unsigned nesting,
                                  const std::vector<ast::VarId>& constant_starts);

}  // namespace assay::scev
