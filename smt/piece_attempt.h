// PieceAttempt: one attempt at a counted piece (counted_piece.h), with one local of its statements as the number of
// iterations, or with the count of the loop itself.
//
// In the order in which it goes: the statements are run on symbols, the count cut out (piece_statements.cc); a form is
// chosen for every slot (piece_forms.cc); steps, exits, conditions and companions are shown (piece_steps.cc).
//
// Tested by smt/test/loop_proof_test.cc and solved_classes_test.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "smt/closed_form.h"
#include "smt/companion_steps.h"
#include "smt/count_code.h"
#include "smt/piece_proof.h"

namespace assay::smt {

// Iterations at a time, at most.
inline constexpr unsigned kMostRounds = 16;

class PieceAttempt {
 public:
  PieceAttempt(Proving& proving, const PieceTask& task, const ClosedForm& form, PieceResult& result)
      : proving_(proving),
        terms_(proving.terms),
        task_(task),
        form_(form),
        result_(result),
        supposed_(task.iteration),
        companions_(proving, task, form) {
    supposed_.next = form.next;
  }

  // With the value of `cut` as the number of iterations; without one the count of a counted loop.
  [[nodiscard]] bool attempt(std::optional<ast::VarId> cut);

  // A fixed number of iterations without an exit, so many at a time, of which the statements show nothing but the
  // result.
  [[nodiscard]] bool attempt_fixed(unsigned rounds);

 private:
  bool attempt_but_companions(std::optional<ast::VarId> cut);

  // The statements.
  bool run_statements();
  bool run_known_loop(ast::NodeId id, SymbolicState& state);
  DoublingTask doubling_task();
  bool name_opaque();
  bool run_rest(ast::NodeId loop, SymbolicState& state);
  bool leaves_rounds(ast::NodeId loop);

  // Forms.
  bool choose_forms();
  bool choose_untouched_forms();
  bool mentions_last_values(TermId term);
  bool own_start();
  bool forms_of_the_whole();
  bool follows(std::size_t slot);
  bool fits(const SymbolicState& state);
  TermId goal(std::size_t slot);
  bool leaves_forms();
  bool leaves_first_alone();

  // Comparing.
  bool same(TermId left, TermId right, const std::string& name, std::vector<Obligation>& obligations);
  TermId with_known_count(TermId term);
  [[nodiscard]] std::string slot_name(std::size_t slot) const;

  // Steps, exits, conditions and companions.
  [[nodiscard]] Terms::Replacements at_forms() const;
  TermId at(TermId term, TermId k);
  TermId at_next(TermId term, TermId k);
  [[nodiscard]] TermId total();
  [[nodiscard]] bool is_divided() const;
  TermId stays_at(TermId k);
  bool prove_own_steps();
  bool steps_by_identity(const std::string& name, TermId there_is_one, TermId behind, TermId stepped, TermId k);
  void say_exits();
  bool prove_conditions();
  bool conditions_stay();
  bool prove_companions();

  Proving& proving_;
  Terms& terms_;
  const PieceTask& task_;
  const ClosedForm& form_;
  PieceResult& result_;
  Iteration supposed_;  // with symbols for conditions that are supposed to stay
  std::optional<ast::VarId> cut_;
  TermId definition_;  // of the count, before it was cut
  TermId symbol_;
  TermId own_symbol_;      // k in forms that were made for a fixed count
  std::size_t first_ = 0;  // state in which the count is known
  std::vector<SymbolicState> states_;
  std::vector<TermId> forms_;
  std::vector<bool> opaque_;
  std::vector<bool> own_;  // F is what the statements compute
  PendingDoubling pending_;
  std::vector<TermId> left_over_;  // symbols for what parameters of doublings are in the end
  TermId rest_;                    // iterations done one by one behind the others
  bool behind_rest_ = false;
  std::uint64_t rounds_ = 1;  // iterations at a time
  std::vector<Obligation> emitted_;
  CountCode used_binomials_;
  CompanionSteps companions_;
};

}  // namespace assay::smt
