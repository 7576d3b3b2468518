// Body: one iteration of a loop as a system of equations.
//
// The body is executed once on symbols: what each variable holds after a full iteration, as a polynomial in what all
// held before it, and under which conditions the loop is left instead. Statement order is respected by construction,
// branches become selections, locals of the body vanish, and inner loops are replaced by their closed forms.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"
#include "core/scev/atoms.h"
#include "core/scev/loop_report.h"

namespace assay::scev {

// A way out of the loop.
struct Exit {
  ast::NodeId statement;  // the `if` with the break; none: the condition of the `while` itself
  Polynomial stays;       // 1 where the loop goes on, 0 where it is left
};

struct Body {
  ast::NodeId loop;
  bool counted = false;               // loop (n)
  Polynomial count;                   // of a counted loop: n
  std::vector<ast::VarId> variables;  // assigned in the loop, and declared outside
  std::vector<Polynomial> next;       // of each: its value after a full iteration
  std::vector<Exit> exits;            // in the order in which they are met
  std::uint32_t classes = 0;          // of inner loops
  bool nested = false;
  Decline failure = Decline::None;

  [[nodiscard]] bool failed() const { return failure != Decline::None; }
};

// `id` is a Loop or While. `nesting` counts the loops around it that are being read; deep nests are declined.
[[nodiscard]] Body read_body(const ast::Program& program, ast::NodeId id, Atoms& atoms, unsigned nesting = 0);

}  // namespace assay::scev
