// What each slot is after k iterations of a piece; see piece_attempt.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/piece_attempt.h"

#include <algorithm>
#include <utility>

#include "smt/count_shift.h"

namespace assay::smt {

// Where slots have no form, the statements' own values as a function of k, after as many statements as fit.
bool PieceAttempt::choose_forms() {
  if (!forms_.empty()) return choose_untouched_forms() && leaves_forms() && own_start();
  forms_ = form_.slots;
  own_.assign(forms_.size(), false);
  const auto is_open = [](TermId form) { return !form.valid(); };
  if (std::any_of(forms_.begin() + static_cast<std::ptrdiff_t>(task_.slots), forms_.end(), is_open)) return false;
  if (std::none_of(forms_.begin(), forms_.end(), is_open)) return leaves_forms();
  if (!cut_) return forms_of_the_whole() && leaves_forms() && own_start();
  for (std::size_t last = states_.size(); last > first_; --last) {
    if (!fits(states_[last - 1])) continue;
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      own_[i] = !form_.slots[i].valid();
      if (own_[i]) forms_[i] = states_[last - 1].variables[i];
    }
    if (leaves_forms() && own_start()) return true;
  }
  return false;
}

// A symbol stands for each slot that has no form. Of those that no doubling computed the form is what the statements
// leave after all.
bool PieceAttempt::choose_untouched_forms() {
  own_.assign(forms_.size(), false);
  Terms::Replacements known;
  for (std::size_t i = 0; i < task_.slots; ++i) {
    const TermId end = states_.back().variables[i];
    const bool computed = std::any_of(states_.begin(), states_.end(),
                                      [&](const SymbolicState& state) { return state.variables[i] == forms_[i]; });
    if (!opaque_[i] || computed || !cut_) continue;
    own_[i] = true;
    known.emplace(forms_[i].value, end);
    forms_[i] = end;
  }
  for (TermId& form : forms_) form = terms_.substitute(form, known);
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (own_[i] && mentions_last_values(forms_[i])) return false;
  }
  for (TermId& variable : states_.back().variables) {
    if (variable.valid()) variable = terms_.substitute(variable, known);
  }
  return true;
}

// What a doubling left in slots and parameters, of which nothing says what it is one iteration later.
bool PieceAttempt::mentions_last_values(TermId term) {
  Terms::Ids values;
  for (const TermId value : left_over_) values.insert(value.value);
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    if (opaque_[i] && !own_[i]) values.insert(forms_[i].value);
  }
  return terms_.mentions(term, values);
}

// What the statements compute is, for no iterations, the state before them.
bool PieceAttempt::own_start() {
  const TermId none = terms_.constant(terms_[symbol_].width, 0);
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (!own_[i]) continue;
    const TermId initial = task_.companions.spelled(form_.initial[i]);
    if (!proving_.equal("start: " + slot_name(i), {}, at(forms_[i], none), initial)) return false;
  }
  return true;
}

// Nothing stands for the count but itself. Of a fixed one the value is, from the first iteration on, that at the end.
bool PieceAttempt::forms_of_the_whole() {
  own_symbol_ = terms_.symbol(terms_[symbol_].width, "k");
  const TermId none = terms_.equal(own_symbol_, terms_.constant(terms_[own_symbol_].width, 0));
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    if (forms_[i].valid()) continue;
    own_[i] = true;
    const TermId end = states_.back().variables[i];
    if (terms_.is_constant(symbol_) && follows(i)) continue;
    forms_[i] = terms_.is_constant(symbol_) ? terms_.ite(none, form_.initial[i], end)
                                            : terms_.substitute(end, {{symbol_.value, own_symbol_}});
  }
  return true;
}

// A slot that is only what others were in the last iteration, if these have forms, is that from the first on.
bool PieceAttempt::follows(std::size_t slot) {
  const TermId last = terms_.add(own_symbol_, terms_.constant(terms_[own_symbol_].width, ~std::uint64_t{0}));
  Terms::Replacements before;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const TermId start = task_.iteration.start[i];
    TermId value = form_.slots[i];
    if (!value.valid()) value = terms_.symbol(terms_[start].width, "unknown");
    before.emplace(start.value, terms_.substitute(value, one_before(proving_, last)));
  }
  const TermId next = form_.with_conditions_of_the_start(proving_, task_.companions.spelled(form_.next[slot]));
  const TermId value = proving_.ring.normal(terms_.substitute(next, before));
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const TermId start = task_.iteration.start[i];
    if (form_.slots[i].valid()) continue;
    const TermId unknown = before.at(start.value);
    if (terms_.substitute(value, {{unknown.value, terms_.constant(terms_[unknown].width, 0)}}) != value) return false;
  }
  const TermId none = terms_.equal(own_symbol_, terms_.constant(terms_[own_symbol_].width, 0));
  forms_[slot] = terms_.ite(none, form_.initial[slot], value);
  return true;
}

// The slots that have a form are at it.
bool PieceAttempt::fits(const SymbolicState& state) {
  std::vector<Obligation> unused;
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (form_.slots[i].valid() && !same(state.variables[i], form_.slots[i], "", unused)) return false;
  }
  return true;
}

// What the statements must leave if k is all iterations.
TermId PieceAttempt::goal(std::size_t slot) {
  if (!task_.with_last || terms_.is_constant(task_.iteration.breaks, 0)) return forms_[slot];
  const TermId left = terms_.substitute(task_.iteration.left[slot], at_forms());
  if (!task_.iteration.counted) {
    return terms_.ite(terms_.substitute(task_.iteration.enters, at_forms()), left, forms_[slot]);
  }
  // Behind the last of a fixed number there is none that could take the exit.
  const TermId all = task_.iteration.count;
  TermId count = rest_.valid() ? total() : symbol_;
  // The first iteration, done apart, is one more.
  if (!task_.initial.empty() && cut_) count = terms_.add(definition_, terms_.constant(terms_[definition_].width, 1));
  const bool same_width = terms_[count].width == terms_[all].width;
  const TermId done =
      same_width ? terms_.equal(count, all) : terms_.equal(proving_.resized(count, 64), proving_.resized(all, 64));
  return terms_.ite(done, forms_[slot], left);
}

bool PieceAttempt::leaves_forms() {
  emitted_.clear();
  companions_.forget_claims();
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (!same(states_.back().variables[i], goal(i), "emitted: " + slot_name(i), emitted_)) return false;
  }
  return !companions_.supposes_another() || leaves_first_alone();
}

// The same for k = 0, with nothing claimed of companions.
bool PieceAttempt::leaves_first_alone() {
  if (terms_.is_constant(symbol_)) return terms_[symbol_].value != 0;
  Terms::Replacements none = {{symbol_.value, terms_.constant(terms_[symbol_].width, 0)}};
  for (const BinomialAtoms* const atoms : {&proving_.atoms.narrow, &proving_.atoms.wide}) {
    for (const TermId atom : atoms->atoms) none.emplace(atom.value, terms_.constant(atoms->width, 0));
  }
  for (std::size_t i = 0; i < task_.slots; ++i) {
    const TermId left = terms_.substitute(states_.back().variables[i], none);
    const TermId wanted = form_.with_conditions_of_the_start(proving_, goal(i));
    const TermId right = task_.companions.spelled(terms_.substitute(wanted, none));
    if (left == right) continue;
    if (!proving_.same_in_ring(left, right, "emitted, none further: " + slot_name(i), emitted_)) return false;
  }
  return true;
}

}  // namespace assay::smt
