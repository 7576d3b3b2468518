// The statements of a piece, run on symbols; see piece_attempt.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/piece_attempt.h"

#include <algorithm>
#include <utility>

namespace assay::smt {
namespace {

using ast::NodeId;
using ast::NodeKind;

}  // namespace

bool PieceAttempt::run_statements() {
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
bool PieceAttempt::run_known_loop(NodeId id, SymbolicState& state) {
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
DoublingTask PieceAttempt::doubling_task() {
  Terms::Replacements conditions;
  for (const auto& [condition, symbol] : form_.conditions)
    conditions.emplace(form_.at_first(proving_, condition).value, symbol);
  const auto named = [this, conditions](TermId term) {
    return terms_.substitute(companions_.named_at_start(term), conditions);
  };
  return {task_.program, supposed_, forms_, opaque_, symbol_, named, left_over_};
}

// Slots without a form of their own stand for "the value after k iterations".
bool PieceAttempt::name_opaque() {
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
bool PieceAttempt::run_rest(NodeId loop, SymbolicState& state) {
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
bool PieceAttempt::leaves_rounds(NodeId loop) {
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
    PieceAttempt piece(proving_, rounds, form, result);
    if (piece.attempt_but_companions(cut_)) {
      companions_.keep_claims_of(piece.companions_);  // of all iterations, as here
      return true;
    }
    proving_.take_back(mark);
  }
  return false;
}

}  // namespace assay::smt
