// Closed forms in binomials; see closed_form.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/closed_form.h"

#include <algorithm>
#include <string>

#include "smt/count_shift.h"

namespace assay::smt {
namespace {

using Ids = Terms::Ids;

bool chooses(const Terms& terms, TermId id) {
  const Term& term = terms[id];
  if (term.kind == Kind::Ite) return true;
  return std::any_of(term.arguments.begin(), term.arguments.end(),
                     [&](TermId argument) { return argument.valid() && chooses(terms, argument); });
}

// Conditions of choices that mention what changes, but nothing without a form.
void find_conditions(const Terms& terms, TermId id, const Ids& changing, const Ids& formless, Ids& seen,
                     std::vector<TermId>& found) {
  if (!seen.insert(id.value).second) return;
  const Term& term = terms[id];
  if (term.kind == Kind::Ite && terms.mentions(term.arguments[0], changing) &&
      !terms.mentions(term.arguments[0], formless)) {
    // Of a condition that itself chooses by another, the other.
    const std::size_t before = found.size();
    find_conditions(terms, term.arguments[0], changing, formless, seen, found);
    const bool known = std::find(found.begin(), found.end(), term.arguments[0]) != found.end();
    if (!known && found.size() == before && !chooses(terms, term.arguments[0])) found.push_back(term.arguments[0]);
  }
  for (const TermId argument : term.arguments) {
    if (argument.valid()) find_conditions(terms, argument, changing, formless, seen, found);
  }
}

}  // namespace

ClosedForm find_closed_form(Proving& proving, const Iteration& iteration, const std::vector<TermId>& initial,
                            bool suppose_conditions) {
  Terms& terms = proving.terms;
  ClosedForm form;
  form.start = iteration.start;
  form.initial = initial;
  form.next = iteration.next;
  form.slots = guess_closed_form(terms, proving.ring, iteration, initial, proving.atoms);
  if (!suppose_conditions) return form;
  Ids changing;
  Ids formless;
  for (std::size_t i = 0; i < form.slots.size(); ++i) {
    if (!form.slots[i].valid()) formless.insert(form.start[i].value);
    if (form.next[i] != form.start[i]) changing.insert(form.start[i].value);
  }
  std::vector<TermId> found;
  Ids seen;
  for (const TermId next : form.next) find_conditions(terms, next, changing, formless, seen, found);
  if (formless.empty() || found.empty()) return form;
  Terms::Replacements supposed;
  for (const TermId condition : found) {
    const TermId symbol = terms.symbol(0, "condition");
    form.conditions.emplace_back(condition, symbol);
    supposed.emplace(condition.value, symbol);
  }
  Iteration fixed = iteration;
  for (TermId& next : fixed.next) next = terms.substitute(next, supposed);
  form.next = fixed.next;
  form.slots = guess_closed_form(terms, proving.ring, fixed, initial, proving.atoms);
  return form;
}

bool ClosedForm::prove_step(Proving& proving) const {
  Terms& terms = proving.terms;
  const Terms::Replacements forward = one_further(terms, proving.atoms);
  Terms::Replacements here;
  for (std::size_t i = 0; i < start.size(); ++i) {
    // What has no form may be anything after k iterations.
    const TermId anything = terms.symbol(terms[start[i]].width, "anything");
    here.emplace(start[i].value, slots[i].valid() ? slots[i] : anything);
  }
  std::vector<Obligation> obligations;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (!slots[i].valid() || next[i] == start[i]) continue;
    const TermId behind = terms.substitute(slots[i], forward);
    const TermId stepped = terms.substitute(next[i], here);
    if (!proving.same_in_ring(behind, stepped, "step: slot " + std::to_string(i), obligations))
      return proving.unknown("the step is not an identity");
  }
  return proving.discharge_all(std::move(obligations));
}

TermId ClosedForm::at_first(Proving& proving, TermId condition) const {
  Terms::Replacements values;
  for (std::size_t i = 0; i < start.size(); ++i) values.emplace(start[i].value, initial[i]);
  return proving.terms.substitute(condition, values);
}

TermId ClosedForm::with_conditions_of_the_start(Proving& proving, TermId term) const {
  if (conditions.empty()) return term;
  Terms::Replacements values;
  for (const auto& [condition, symbol] : conditions) values.emplace(symbol.value, at_first(proving, condition));
  return proving.terms.substitute(term, values);
}

}  // namespace assay::smt
