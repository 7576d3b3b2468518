// That a piece goes on as its forms say; see piece_attempt.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/piece_attempt.h"

#include <algorithm>
#include <utility>

#include "smt/count_shift.h"
#include "smt/named_end.h"
#include "smt/range_step.h"

namespace assay::smt {

Terms::Replacements PieceAttempt::at_forms() const {
  Terms::Replacements values;
  for (std::size_t i = 0; i < forms_.size(); ++i) values.emplace(task_.iteration.start[i].value, forms_[i]);
  return values;
}

// With k as a number. In values that are not linear in it the higher binomials stay what they are, those of k.
TermId PieceAttempt::at(TermId term, TermId k) {
  Terms::Replacements values;
  for (const BinomialAtoms* const atoms : {&proving_.atoms.narrow, &proving_.atoms.wide}) {
    values.emplace(atoms->atoms[0].value, proving_.resized(k, atoms->width));
  }
  const TermId own = own_symbol_.valid() ? own_symbol_ : symbol_;
  if (!rest_.valid() && terms_[own].kind == Kind::Symbol) values.emplace(own.value, k);
  return terms_.substitute(term, values);
}

// With k + 1 for k.
TermId PieceAttempt::at_next(TermId term, TermId k) {
  Terms::Replacements values = one_further(proving_, k);
  const TermId own = own_symbol_.valid() ? own_symbol_ : symbol_;
  const TermId next = terms_.add(k, terms_.constant(terms_[k].width, 1));
  if (!rest_.valid() && terms_[own].kind == Kind::Symbol) values.emplace(own.value, next);
  return terms_.substitute(term, values);
}

TermId PieceAttempt::total() { return rest_.valid() ? terms_[rest_].arguments[0] : definition_; }

// Rounds are all iterations divided by the iterations in each.
bool PieceAttempt::is_divided() const {
  const Term rest = terms_[rest_];
  const Term rounds = terms_[definition_];
  return rounds.kind == Kind::UDiv && rounds.arguments == rest.arguments;
}

TermId PieceAttempt::stays_at(TermId k) {
  const TermId stays = terms_.both(task_.iteration.enters, terms_.negation(task_.iteration.breaks));
  return at(terms_.substitute(stays, at_forms()), k);
}

bool PieceAttempt::prove_own_steps() {
  if (std::none_of(own_.begin(), own_.end(), [](bool own) { return own; })) return true;
  const TermId k = terms_.symbol(terms_[symbol_].width, "k");
  const TermId next_k = terms_.add(k, terms_.constant(terms_[k].width, 1));
  // Often it is enough that there is a next iteration at all.
  const std::vector<TermId> weak = {terms_.negation(terms_.equal(next_k, terms_.constant(terms_[k].width, 0)))};
  std::vector<TermId> hypotheses = task_.hypotheses;
  hypotheses.push_back(terms_.binary(Kind::Ult, k, definition_));
  hypotheses.push_back(stays_at(k));
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (!own_[i]) continue;
    // What is supposed of conditions is shown apart.
    const TermId next = terms_.substitute(task_.companions.spelled(form_.next[i]), at_forms());
    const TermId conditional = form_.with_conditions_of_the_start(proving_, next);
    const TermId stepped = at(task_.companions.spelled(conditional), k);
    const TermId behind = at_next(forms_[i], k);
    if (steps_by_identity("step: " + slot_name(i), weak[0], behind, stepped, k)) continue;
    const RangeStep range{"step: " + slot_name(i), behind, stepped, k, weak, hypotheses};
    if (const auto proved = prove_range_step(proving_, range)) {
      if (!*proved) return false;
      continue;
    }
    if (equal_by_named_end(proving_, "step: " + slot_name(i), weak, behind, stepped, k)) continue;
    if (!proving_.equal("step: " + slot_name(i), hypotheses, behind, stepped)) return false;
  }
  return true;
}

// Where there is a next iteration at all, mostly an identity.
bool PieceAttempt::steps_by_identity(const std::string& name, TermId there_is_one, TermId behind, TermId stepped,
                                     TermId k) {
  const auto known = assume(terms_, there_is_one);
  behind = terms_.substitute(behind, known);
  stepped = terms_.substitute(stepped, known);
  Terms::Replacements named;
  used_binomials_.name(proving_, k, behind, named);
  used_binomials_.name(proving_, k, stepped, named);
  std::vector<Obligation> identity;
  return proving_.same_in_ring(terms_.substitute(behind, named), terms_.substitute(stepped, named), name, identity) &&
         proving_.discharge_all(std::move(identity));
}

void PieceAttempt::say_exits() {
  result_.count = total();
  result_.symbol = symbol_;
  result_.definition = definition_;
  const TermId k = terms_.symbol(terms_[result_.count].width, "k");
  std::vector<TermId> exits = task_.hypotheses;
  exits.push_back(terms_.binary(Kind::Ult, k, result_.count));
  exits.push_back(terms_.negation(stays_at(k)));
  result_.stays.push_back(std::move(exits));
  std::vector<TermId> none = task_.hypotheses;
  none.push_back(stays_at(result_.count));
  result_.left.push_back(std::move(none));
}

// The number of all iterations is a number, and the conditions on the way are what they were at the start.
bool PieceAttempt::prove_conditions() {
  if (!conditions_stay()) return false;
  if (!rest_.valid()) return true;
  // Whatever is divided.
  const TermId all = terms_.symbol(terms_[definition_].width, "all");
  const TermId by = terms_[rest_].arguments[1];
  const TermId rounds = terms_.mul(terms_.binary(Kind::UDiv, all, by), by);
  return proving_.equal("count: rounds and rest", {}, terms_.add(rounds, terms_.binary(Kind::URem, all, by)), all);
}

// What was supposed of conditions in the first iteration holds in all of them.
bool PieceAttempt::conditions_stay() {
  const TermId k = terms_.symbol(terms_[result_.count].width, "k");
  const Terms::Replacements here = at_forms();
  for (const auto& [condition, symbol] : form_.conditions) {
    const TermId truth = task_.companions.spelled(condition);
    std::vector<TermId> assertions = task_.hypotheses;
    assertions.push_back(terms_.binary(Kind::Ult, k, result_.count));
    const TermId now = at(terms_.substitute(truth, here), k);
    const TermId then = form_.at_first(proving_, truth);
    assertions.push_back(
        terms_.either(terms_.both(now, terms_.negation(then)), terms_.both(then, terms_.negation(now))));
    if (!proving_.impossible("a condition does not change", assertions)) return false;
  }
  return true;
}

// What the forms take from companions, and conditions of the start do: not forms that are what the statements
// compute, which are shown without any.
bool PieceAttempt::prove_companions() {
  std::vector<TermId> asked;
  std::vector<TermId> asked_behind;
  for (const auto& [condition, symbol] : form_.conditions) asked.push_back(condition);
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (!own_[i] || rest_.valid()) asked.push_back(form_.next[i]);
    if (task_.with_last && !terms_.is_constant(task_.iteration.breaks, 0))
      asked_behind.push_back(task_.iteration.left[i]);
  }
  const auto at_k = [this](TermId term, TermId k) { return at(terms_.substitute(term, at_forms()), k); };
  return companions_.prove(result_.count, at_k, asked, asked_behind, used_binomials_);
}

}  // namespace assay::smt
