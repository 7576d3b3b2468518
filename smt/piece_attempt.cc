// An attempt at a piece; see piece_attempt.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/piece_attempt.h"

#include <algorithm>
#include <utility>

#include "smt/count_shift.h"

namespace assay::smt {
namespace {

using ast::VarId;

}  // namespace

bool PieceAttempt::attempt(std::optional<VarId> cut) { return attempt_but_companions(cut) && prove_companions(); }

bool PieceAttempt::attempt_fixed(unsigned rounds) {
  const Term count = terms_[task_.iteration.count];
  symbol_ = definition_ = task_.iteration.count;
  if (!run_statements()) return false;
  symbol_ = terms_.constant(count.width, count.value / rounds);
  const Iteration together = composed(terms_, task_.iteration, rounds);
  const ClosedForm form = find_closed_form(proving_, together, together.start, false);
  std::vector<TermId> values = form.slots;
  if (std::any_of(values.begin(), values.end(), [](TermId value) { return !value.valid(); })) return false;
  for (std::uint64_t i = 0; i < count.value % rounds; ++i) {
    Terms::Replacements here;
    for (std::size_t j = 0; j < values.size(); ++j) here.emplace(task_.iteration.start[j].value, values[j]);
    for (std::size_t j = 0; j < values.size(); ++j) values[j] = terms_.substitute(task_.iteration.next[j], here);
  }
  for (std::size_t i = 0; i < task_.slots; ++i) {
    if (!same(states_.back().variables[i], values[i], "emitted: " + slot_name(i), emitted_)) return false;
  }
  result_.count = task_.iteration.count;
  result_.state = states_.back();
  return proving_.discharge_all(std::move(emitted_)) && form.prove_step(proving_) &&
         proving_.pascal(used_binomials_.list());
}

// All but the steps of companions.
bool PieceAttempt::attempt_but_companions(std::optional<VarId> cut) {
  cut_ = cut;
  if (!cut) definition_ = symbol_ = task_.counted.valid() ? task_.counted : task_.iteration.count;
  if (!run_statements() || !choose_forms()) return false;
  result_.state = states_.back();
  if (!proving_.discharge_all(std::move(emitted_))) return false;
  if (!form_.prove_step(proving_) || !prove_own_steps()) return false;
  if (!proving_.pascal(used_binomials_.list())) return false;
  say_exits();
  return prove_conditions();
}

bool PieceAttempt::same(TermId left, TermId right, const std::string& name, std::vector<Obligation>& obligations) {
  if (left == right) return true;
  left = companions_.named(left);
  right = form_.with_conditions_of_the_start(proving_, right);
  if (own_symbol_.valid()) right = terms_.substitute(right, {{own_symbol_.value, symbol_}});
  // Behind the rest the binomials are those of all iterations, not of `symbol_`.
  if (!behind_rest_) right = with_known_count(right);
  if (left == right) return true;
  Terms::Replacements named;
  if (!terms_.is_constant(symbol_) && !behind_rest_) {
    used_binomials_.name(proving_, symbol_, left, named);
    used_binomials_.name(proving_, symbol_, right, named);
  }
  left = terms_.substitute(left, named);
  right = terms_.substitute(right, named);
  return left == right || proving_.same_in_ring(left, right, name, obligations);
}

// Of a constant count, and of none at all, the atoms are numbers.
TermId PieceAttempt::with_known_count(TermId term) {
  return terms_.is_constant(symbol_) ? terms_.substitute(term, at_count(proving_, symbol_, used_binomials_)) : term;
}

std::string PieceAttempt::slot_name(std::size_t slot) const {
  return std::string(task_.program.variable_name(VarId{static_cast<std::uint32_t>(slot)}));
}

}  // namespace assay::smt
