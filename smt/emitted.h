// Emitted: the statements that replaced a loop, taken apart.
//
// The loop may stand behind them, for what they leave over, or in the other branch of a choice between them and it.
// They may themselves be a loop, each round of which does one phase of iterations or a single one. Only an exact copy
// of the loop counts as the loop.
//
// Tested by smt/test/loop_proof_test.cc and solved_classes_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"

namespace assay::smt {

struct Emitted {
  // In order; where a branch chooses between them and the loop, as if it always chose them. That they are right
  // whatever the choice proves more than is needed, and mostly holds.
  std::vector<ast::NodeId> statements;
  bool loop_follows = false;
  // The condition of that branch, if there is one, and how many of the statements stand before it.
  ast::NodeId guard;
  std::size_t before_guard = 0;
  ast::NodeId choice;  // the branch itself

  // `while (1) { if (EXIT) { break; } LETS if (PHASE) { MANY } else { ONE } }`, behind `statements`; the loop follows.
  ast::NodeId phases;
  ast::NodeId phases_guard;  // the condition of a branch around it, if there is one
  // Of a counted loop that follows: the local that holds the iterations left, which it takes as its count.
  ast::VarId remaining = ast::VarId::none();
};

// `before` is a single loop.
[[nodiscard]] Emitted read_emitted(const ast::Program& before, const ast::Program& after);

}  // namespace assay::smt
