// Pieces of k iterations of one kind; see counted_piece.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/counted_piece.h"

#include <algorithm>
#include <string>
#include <utility>

#include "smt/closed_form.h"
#include "smt/companion_steps.h"
#include "smt/count_code.h"
#include "smt/count_shift.h"
#include "smt/named_end.h"
#include "smt/range_step.h"

namespace assay::smt {
namespace {

using ast::NodeId;
using ast::NodeKind;
using ast::VarId;

// Iterations at a time, at most.
constexpr unsigned kMostRounds = 16;

class Piece {
 public:
  Piece(Proving& proving, const PieceTask& task, const ClosedForm& form, PieceResult& result)
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
  bool attempt(std::optional<VarId> cut) { return attempt_but_companions(cut) && prove_companions(); }

  // A fixed number of iterations without an exit, so many at a time, of which the statements show nothing but the
  // result.
  bool attempt_fixed(unsigned rounds) {
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

 private:
  // All but the steps of companions.
  bool attempt_but_companions(std::optional<VarId> cut) {
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

  // --- running ---------------------------------------------------------------------------------------------------

  bool run_statements() {
    SymbolicRun run(terms_, task_.program, proving_.inner_loops);
    SymbolicState state = task_.state;
    for (const NodeId id : task_.statements) {
      const ast::Node& node = task_.program.node(id);
      const bool loop = node.kind == NodeKind::While || node.kind == NodeKind::Loop;
      if (!(loop && run_known_loop(id, state)) && !run.run_statement(id, state)) return false;
      if (!never_traps(proving_, task_.hypotheses, state)) return false;
      if (cut_ && node.kind == NodeKind::Let && node.variable() == *cut_) {
        TermId& place = state.variables[cut_->value];
        definition_ = place;
        symbol_ = terms_.symbol(terms_[place].width, "k");
        place = symbol_;
        first_ = states_.size();
      }
      if (pending_.pending) {
        const DoublingTask doubling = doubling_task();
        const std::size_t mark = proving_.mark();
        if (finish_doubling(proving_, doubling, pending_, state)) {
          pending_.pending = false;
        } else {
          proving_.take_back(mark);
        }
      }
      states_.push_back(state);
    }
    if (states_.empty()) states_.push_back(state);
    return symbol_.valid() && !pending_.pending && terms_.is_constant(state.depth, 0);
  }

  // A loop that computes by doubling, or does the iterations that are left over. False if it is neither.
  bool run_known_loop(NodeId id, SymbolicState& state) {
    if (!symbol_.valid()) return false;
    const bool named = !forms_.empty();
    if (task_.program.node(id).kind == NodeKind::Loop) {
      if (rest_.valid()) return false;
      if (run_rest(id, state)) return true;
      rest_ = {};
      rounds_ = 1;
    } else if (task_.initial.empty() && !rest_.valid() && name_opaque()) {
      const DoublingTask doubling = doubling_task();
      if (run_doubling(proving_, doubling, id, state, pending_)) return true;
    }
    if (!named) {
      forms_.clear();
      opaque_.clear();
    }
    return false;
  }

  // Supposed conditions stay symbols, in the statements too: by whatever a round is right for, it is for these.
  DoublingTask doubling_task() {
    Terms::Replacements conditions;
    for (const auto& [condition, symbol] : form_.conditions)
      conditions.emplace(form_.at_first(proving_, condition).value, symbol);
    const auto named = [this, conditions](TermId term) {
      return terms_.substitute(companions_.named_at_start(term), conditions);
    };
    return {task_.program, supposed_, forms_, opaque_, symbol_, named, left_over_};
  }

  // Slots without a form of their own stand for "the value after k iterations".
  bool name_opaque() {
    if (!forms_.empty()) return opaque_.size() == forms_.size();
    forms_ = form_.slots;
    opaque_.assign(forms_.size(), false);
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      if (forms_[i].valid()) continue;
      if (i >= task_.slots) return false;
      forms_[i] = terms_.symbol(terms_[task_.iteration.start[i]].width, "after k: " + slot_name(i));
      opaque_[i] = true;
    }
    return true;
  }

  // The statements so far did m iterations `symbol_` times; `loop (r)` does the r that are left.
  bool run_rest(NodeId loop, SymbolicState& state) {
    const Iteration body = run_iteration(terms_, task_.program, loop, proving_.inner_loops);
    if (!task_.initial.empty()) return false;
    if (!body.refusal.empty() || !terms_.is_constant(body.breaks, 0) || rest_.valid()) return false;
    Terms::Replacements same;
    for (std::size_t i = 0; i < task_.slots; ++i) same.emplace(body.start[i].value, task_.iteration.start[i]);
    for (std::size_t i = 0; i < task_.slots; ++i) {
      const TermId next = task_.companions.spelled(task_.iteration.next[i]);
      if (proving_.ring.normal(terms_.substitute(body.next[i], same)) != proving_.ring.normal(next)) return false;
    }
    SymbolicRun run(terms_, task_.program);
    rest_ = run.value(task_.program.node(loop).child_a(), state);
    const Term rest = terms_[rest_];
    if (rest.kind != Kind::URem || !terms_.is_constant(rest.arguments[1])) return false;
    rounds_ = terms_[rest.arguments[1]].value;
    if (rounds_ < 2 || rounds_ > kMostRounds || !is_divided()) return false;
    if (!leaves_rounds(loop) || !name_opaque()) return false;
    behind_rest_ = true;
    for (std::size_t i = 0; i < task_.slots; ++i) {
      // In terms of all iterations, which nothing behind mentions but by these values.
      state.variables[i] = forms_[i];
    }
    return true;
  }

  // What stands before the loop does m iterations at once, a number of times.
  bool leaves_rounds(NodeId loop) {
    const Iteration together = composed(terms_, task_.iteration, static_cast<unsigned>(rounds_));
    PieceTask rounds{task_.program, together,    task_.companions, task_.state, {}, task_.hypotheses,
                     false,         task_.slots, task_.chosen,     {},          {}, {}};
    for (const NodeId id : task_.statements) {
      if (id == loop) break;
      rounds.statements.push_back(id);
    }
    const std::size_t mark = proving_.mark();
    for (const bool supposing : {true, false}) {
      const ClosedForm form = find_closed_form(proving_, together, together.start, supposing);
      if (supposing && form.conditions.empty()) continue;
      PieceResult result;
      Piece piece(proving_, rounds, form, result);
      if (piece.attempt_but_companions(cut_)) {
        companions_.keep_claims_of(piece.companions_);  // of all iterations, as here
        return true;
      }
      proving_.take_back(mark);
    }
    return false;
  }

  // --- forms -----------------------------------------------------------------------------------------------------

  // Where slots have no form, the statements' own values as a function of k, after as many statements as fit.
  bool choose_forms() {
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
  bool choose_untouched_forms() {
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
  bool mentions_last_values(TermId term) {
    Terms::Ids values;
    for (const TermId value : left_over_) values.insert(value.value);
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      if (opaque_[i] && !own_[i]) values.insert(forms_[i].value);
    }
    return terms_.mentions(term, values);
  }

  // What the statements compute is, for no iterations, the state before them.
  bool own_start() {
    const TermId none = terms_.constant(terms_[symbol_].width, 0);
    for (std::size_t i = 0; i < task_.slots; ++i) {
      if (!own_[i]) continue;
      const TermId initial = task_.companions.spelled(form_.initial[i]);
      if (!proving_.equal("start: " + slot_name(i), {}, at(forms_[i], none), initial)) return false;
    }
    return true;
  }

  // Nothing stands for the count but itself. Of a fixed one the value is, from the first iteration on, that at the end.
  bool forms_of_the_whole() {
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
  bool follows(std::size_t slot) {
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
  bool fits(const SymbolicState& state) {
    std::vector<Obligation> unused;
    for (std::size_t i = 0; i < task_.slots; ++i) {
      if (form_.slots[i].valid() && !same(state.variables[i], form_.slots[i], "", unused)) return false;
    }
    return true;
  }

  // What the statements must leave if k is all iterations.
  TermId goal(std::size_t slot) {
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

  bool leaves_forms() {
    emitted_.clear();
    companions_.forget_claims();
    for (std::size_t i = 0; i < task_.slots; ++i) {
      if (!same(states_.back().variables[i], goal(i), "emitted: " + slot_name(i), emitted_)) return false;
    }
    return !companions_.supposes_another() || leaves_first_alone();
  }

  // The same for k = 0, with nothing claimed of companions.
  bool leaves_first_alone() {
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

  // --- comparing -------------------------------------------------------------------------------------------------

  bool same(TermId left, TermId right, const std::string& name, std::vector<Obligation>& obligations) {
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
  TermId with_known_count(TermId term) {
    return terms_.is_constant(symbol_) ? terms_.substitute(term, at_count(proving_, symbol_, used_binomials_)) : term;
  }

  std::string slot_name(std::size_t slot) const {
    return std::string(task_.program.variable_name(VarId{static_cast<std::uint32_t>(slot)}));
  }

  // --- steps and exits -------------------------------------------------------------------------------------------

  Terms::Replacements at_forms() const {
    Terms::Replacements values;
    for (std::size_t i = 0; i < forms_.size(); ++i) values.emplace(task_.iteration.start[i].value, forms_[i]);
    return values;
  }

  // With k as a number. In values that are not linear in it the higher binomials stay what they are, those of k.
  TermId at(TermId term, TermId k) {
    Terms::Replacements values;
    for (const BinomialAtoms* const atoms : {&proving_.atoms.narrow, &proving_.atoms.wide}) {
      values.emplace(atoms->atoms[0].value, proving_.resized(k, atoms->width));
    }
    const TermId own = own_symbol_.valid() ? own_symbol_ : symbol_;
    if (!rest_.valid() && terms_[own].kind == Kind::Symbol) values.emplace(own.value, k);
    return terms_.substitute(term, values);
  }

  // With k + 1 for k.
  TermId at_next(TermId term, TermId k) {
    Terms::Replacements values = one_further(proving_, k);
    const TermId own = own_symbol_.valid() ? own_symbol_ : symbol_;
    const TermId next = terms_.add(k, terms_.constant(terms_[k].width, 1));
    if (!rest_.valid() && terms_[own].kind == Kind::Symbol) values.emplace(own.value, next);
    return terms_.substitute(term, values);
  }

  [[nodiscard]] TermId total() { return rest_.valid() ? terms_[rest_].arguments[0] : definition_; }

  // Rounds are all iterations divided by the iterations in each.
  [[nodiscard]] bool is_divided() const {
    const Term rest = terms_[rest_];
    const Term rounds = terms_[definition_];
    return rounds.kind == Kind::UDiv && rounds.arguments == rest.arguments;
  }

  TermId stays_at(TermId k) {
    const TermId stays = terms_.both(task_.iteration.enters, terms_.negation(task_.iteration.breaks));
    return at(terms_.substitute(stays, at_forms()), k);
  }

  bool prove_own_steps() {
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
  bool steps_by_identity(const std::string& name, TermId there_is_one, TermId behind, TermId stepped, TermId k) {
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

  void say_exits() {
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
  bool prove_conditions() {
    if (!conditions_stay()) return false;
    if (!rest_.valid()) return true;
    // Whatever is divided.
    const TermId all = terms_.symbol(terms_[definition_].width, "all");
    const TermId by = terms_[rest_].arguments[1];
    const TermId rounds = terms_.mul(terms_.binary(Kind::UDiv, all, by), by);
    return proving_.equal("count: rounds and rest", {}, terms_.add(rounds, terms_.binary(Kind::URem, all, by)), all);
  }

  // What was supposed of conditions in the first iteration holds in all of them.
  bool conditions_stay() {
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
  bool prove_companions() {
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

  Proving& proving_;
  Terms& terms_;
  const PieceTask& task_;
  const ClosedForm& form_;
  PieceResult& result_;
  Iteration supposed_;  // with symbols for conditions that are supposed to stay
  std::optional<VarId> cut_;
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

}  // namespace

bool prove_counted_piece(Proving& proving, const PieceTask& task, PieceResult& result) {
  const std::size_t mark = proving.mark();
  const std::vector<TermId>& initial = task.initial.empty() ? task.iteration.start : task.initial;
  std::string reason;
  for (const bool supposing : {true, false}) {
    const ClosedForm form = find_closed_form(proving, task.iteration, initial, supposing);
    if (supposing && form.conditions.empty()) continue;
    std::vector<std::optional<VarId>> cuts;
    for (const NodeId id : task.statements) {
      const ast::Node& node = task.program.node(id);
      if (node.kind == NodeKind::Let) cuts.emplace_back(node.variable());
    }
    const auto tried = task.tried ? std::find(cuts.begin(), cuts.end(), task.tried) : cuts.end();
    if (tried != cuts.end()) cuts.erase(cuts.begin(), tried + 1);
    const bool whole = task.iteration.counted && task.with_last && (task.initial.empty() || task.counted.valid());
    if (whole) cuts.emplace_back(std::nullopt);
    for (const auto& cut : cuts) {
      PieceResult attempt;
      if (Piece(proving, task, form, attempt).attempt(cut)) {
        result = std::move(attempt);
        result.cut = cut;
        return true;
      }
      if (!proving.reason().empty()) reason = proving.reason();
      proving.take_back(mark);
    }
    const bool fixed =
        whole && task.initial.empty() && task.companions.empty() && proving.terms.is_constant(task.iteration.count);
    if (!fixed || !proving.terms.is_constant(task.iteration.breaks, 0)) continue;
    for (unsigned rounds = 2; rounds <= kMostRounds; ++rounds) {
      if (Piece(proving, task, form, result).attempt_fixed(rounds)) return true;
      proving.take_back(mark);
    }
  }
  if (reason.empty()) reason = "the statements are not seen to leave the state after k iterations";
  return proving.unknown(reason);
}

}  // namespace assay::smt
