// ClosedForm: the state after k iterations in binomials of k, slot by slot, and the proof of its step.
//
// Tested by smt/test/loop_proof_test.cc and solved_classes_test.cc.
#pragma once

#include <utility>
#include <vector>

#include "smt/proving.h"

namespace assay::smt {

struct ClosedForm {
  std::vector<TermId> start;
  std::vector<TermId> initial;  // values for k = 0; mostly `start`
  std::vector<TermId> next;     // one iteration, with `conditions` as symbols
  std::vector<TermId> slots;    // an invalid id where there is no such form
  // Conditions within the iteration that depend on k, supposed to be what they are at the start: the condition, and the
  // symbol for its value. That they are is left to be shown.
  std::vector<std::pair<TermId, TermId>> conditions;

  // F(k + 1) is one iteration from F(k), in every slot that has a form.
  [[nodiscard]] bool prove_step(Proving& proving) const;
  // What a condition is before the first iteration.
  [[nodiscard]] TermId at_first(Proving& proving, TermId condition) const;
  // The term with the symbols for conditions as these are before the first iteration.
  [[nodiscard]] TermId with_conditions_of_the_start(Proving& proving, TermId term) const;
};

[[nodiscard]] ClosedForm find_closed_form(Proving& proving, const Iteration& iteration,
                                          const std::vector<TermId>& initial, bool suppose_conditions);

}  // namespace assay::smt
