// PieceProof: statements that do k iterations of a loop at once.
//
// One iteration is given on symbols; so are the statements, among whose locals one is the number of iterations. Shown
// is:
//
//   emitted   they leave the state F(k) of k iterations, k being the value of that local
//   step      F(k + 1) is one iteration from F(k)
//   stays     no exit is taken in any iteration before
//
// F is, slot by slot, what fits: a sum of binomials of k that the first iterations suggest (a condition on the way is
// shown to be what it was at the start); what the statements themselves compute as a function of k; or a symbol for
// "the value after k iterations", where they compute it by doubling, or m iterations at a time and the rest by a loop.
//
// Tested by smt/test/loop_proof_test.cc and solved_classes_test.cc.
#pragma once

#include <optional>
#include <vector>

#include "core/ast/program.h"
#include "smt/companions.h"
#include "smt/doubling.h"
#include "smt/proving.h"
#include "smt/symbolic_run.h"

namespace assay::smt {

struct PieceTask {
  const ast::Program& program;  // that holds the statements
  const Iteration& iteration;
  Companions& companions;  // which are slots of the iteration too, behind those of the program
  SymbolicState state;     // before them: the slots are `iteration.start`
  std::vector<ast::NodeId> statements;
  std::vector<TermId> hypotheses;  // what holds before them
  // What the iteration that takes the exit does is among the statements.
  bool with_last = false;
  std::size_t slots = 0;
  std::vector<TermId> chosen;   // what else is known where these statements were chosen; seldom needed
  std::vector<TermId> initial;  // the slots where the iterations to be counted begin; empty: as before the statements
  TermId counted;               // with `initial`, of a fixed count: how many are left
  // The local that was tried as the count in vain: what it is shown to be did not fit the loop. Those behind are next.
  std::optional<ast::VarId> tried;
};

struct PieceResult {
  TermId count;       // iterations, in the symbols before the statements
  TermId symbol;      // what stands for it, or for a part of it, in `state`
  TermId definition;  // what that is
  // The local that was taken for it, where another could be.
  std::optional<ast::VarId> cut;
  SymbolicState state;  // behind the statements
  // Assertions, in each of which some contradict each other if no exit is taken before, and none behind.
  std::vector<std::vector<TermId>> stays;
  std::vector<std::vector<TermId>> left;
};

// False with a reason in `proving`. Everything but `stays` and `left` has been shown.
[[nodiscard]] bool prove_piece(Proving& proving, const PieceTask& task, PieceResult& result);

// Divisions by what is never zero: shown, and then known.
[[nodiscard]] bool never_traps(Proving& proving, const std::vector<TermId>& hypotheses, SymbolicState& state);

}  // namespace assay::smt
