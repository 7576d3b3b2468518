// Proving solved loops; see loop_proof.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/loop_proof.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "smt/companions.h"
#include "smt/counterexample.h"
#include "smt/emitted.h"
#include "smt/inner_loops.h"
#include "smt/iteration.h"
#include "smt/piece_proof.h"
#include "smt/proving.h"
#include "smt/script.h"
#include "smt/symbolic_run.h"

namespace assay::smt {
namespace {

using ast::NodeId;
using ast::NodeKind;

class LoopProver {
 public:
  LoopProver(const ast::Program& before, const ast::Program& after, Solver& solver, Theorems& theorems,
             const ProofLimits& limits)
      : before_(before),
        after_(after),
        proving_(before.name(), solver, theorems, limits),
        terms_(proving_.terms),
        inner_loops_(before, proving_, solver, theorems, limits),
        companions_(proving_) {
    proving_.inner_loops = &inner_loops_;
  }

  Proof prove() {
    Proof proof = proving_.finish(attempt());
    if (proof.answer == Answer::Proved) return proof;
    if (const auto frame = find_counterexample(before_, after_, frames_of_models())) {
      proof.answer = Answer::Refuted;
      proof.counterexample = *frame;
    }
    return proof;
  }

 private:
  // False, with a reason, at the first thing that is not proved.
  bool attempt() {
    const NodeId loop = before_.body();
    const bool is_loop =
        loop.valid() && (before_.node(loop).kind == NodeKind::Loop || before_.node(loop).kind == NodeKind::While);
    if (!is_loop || before_.node(loop).next.valid()) return proving_.unknown("more than one loop");
    iteration_ = run_iteration(terms_, before_, loop, &inner_loops_);
    if (!iteration_.refusal.empty())
      return !proving_.reason().empty() ? false : proving_.unknown(std::string(iteration_.refusal));
    one_ = iteration_.next;
    companions_.add_to(iteration_);
    emitted_ = read_emitted(before_, after_);
    if (iteration_.counted && emitted_.loop_follows && !emitted_.remaining.valid())
      return proving_.unknown("a counted loop that begins again behind its closed form");
    if (terms_.is_constant(iteration_.breaks, 1) && prove_once()) return true;
    return emitted_.phases.valid() ? prove_phases() : prove_whole();
  }

  // A body that always breaks is run once, or not at all.
  bool prove_once() {
    SymbolicRun run(terms_, after_, &inner_loops_);
    SymbolicState state = run.start_from(slots());
    const bool runs = !emitted_.loop_follows && run.run(after_.body(), state) && terms_.is_constant(state.live, 1) &&
                      terms_.is_constant(state.depth, 0);
    const TermId enters = iteration_.counted ? terms_.nonzero(iteration_.count) : iteration_.enters;
    for (std::size_t i = 0; runs && i < before_.slot_count(); ++i) {
      const TermId wanted = terms_.ite(enters, iteration_.left[i], iteration_.start[i]);
      if (state.variables[i] == wanted) continue;
      if (!proving_.equal("once", {}, state.variables[i], wanted)) return false;
    }
    return runs;
  }

  // The slots as in the models of what was not proved.
  std::vector<Frame> frames_of_models() const {
    std::vector<Frame> frames;
    for (const Proving::Model& model : proving_.models()) {
      Frame frame(before_.slot_count());
      for (std::size_t i = 0; i < std::min<std::size_t>(frame.size(), iteration_.start.size()); ++i) {
        for (const auto& [symbol, value] : model) {
          if (plain_name(symbol) == plain_name(terms_.symbol_name(iteration_.start[i]))) frame[i] = value;
        }
      }
      frames.push_back(std::move(frame));
    }
    return frames;
  }

  // All iterations at once; where that they are right whatever the choice is not proved, where they are chosen.
  bool prove_whole() {
    if (!guard_never_traps()) return proving_.unknown("the choice may trap");
    // What stands before the choice is done even if they are not chosen.
    const bool nothing_before = !emitted_.guard.valid() || guard_holds();
    if (prove_chosen(emitted_.statements, {}) && (nothing_before || prove_not_chosen())) return true;
    const std::string reason = proving_.reason();
    proving_.take_back(0);
    if (const auto guard = guard_holds()) {
      if (prove_chosen(emitted_.statements, {*guard})) return true;
      proving_.take_back(0);
    }
    if (emitted_.choice.valid() && emitted_.loop_follows) {
      const auto end = emitted_.statements.begin() + static_cast<std::ptrdiff_t>(emitted_.before_guard);
      std::vector<NodeId> whole(emitted_.statements.begin(), end);
      whole.push_back(emitted_.choice);
      if (prove_chosen(whole, {})) return true;
      proving_.take_back(0);
    }
    return proving_.unknown(reason);
  }

  // That the statements before the choice are iterations too, with the loop behind them.
  bool prove_not_chosen() {
    if (!emitted_.loop_follows) return proving_.unknown("statements before the choice");
    const auto end = emitted_.statements.begin() + static_cast<std::ptrdiff_t>(emitted_.before_guard);
    return prove_chosen({emitted_.statements.begin(), end}, {});
  }

  bool guard_never_traps() {
    if (!emitted_.guard.valid()) return true;
    SymbolicRun run(terms_, after_, &inner_loops_);
    SymbolicState state = run.start_from(slots());
    for (std::size_t i = 0; i < emitted_.before_guard; ++i) {
      if (!run.run_statement(emitted_.statements[i], state)) return false;
    }
    (void)run.value(emitted_.guard, state);
    return never_traps(state, terms_.truth(true));
  }

  // The condition under which the statements are chosen, if nothing changes before it.
  std::optional<TermId> guard_holds() {
    if (!emitted_.guard.valid()) return std::nullopt;
    SymbolicRun run(terms_, after_, &inner_loops_);
    SymbolicState state = run.start_from(slots());
    for (std::size_t i = 0; i < emitted_.before_guard; ++i) {
      if (!run.run_statement(emitted_.statements[i], state)) return std::nullopt;
    }
    const TermId guard = terms_.nonzero(run.value(emitted_.guard, state));
    for (std::size_t i = 0; i < before_.slot_count(); ++i) {
      if (state.variables[i] != iteration_.start[i]) return std::nullopt;
    }
    return terms_.is_constant(state.live, 1) ? std::optional(guard) : std::nullopt;
  }

  bool prove_chosen(const std::vector<NodeId>& statements, const std::vector<TermId>& hypotheses) {
    SymbolicRun run(terms_, after_);
    PieceTask task = task_of(run.start_from(slots()), statements, hypotheses);
    task.with_last = !emitted_.loop_follows;
    return prove_fitting_piece(std::move(task),
                               [&](const PieceResult& piece) { return fits_whole(piece, hypotheses); });
  }

  bool fits_whole(const PieceResult& piece, const std::vector<TermId>& hypotheses) {
    if (iteration_.counted) return prove_counted(piece, hypotheses);
    if (!takes_no_exit(piece)) return false;
    if (emitted_.loop_follows) return true;
    return std::all_of(piece.left.begin(), piece.left.end(), [&](const std::vector<TermId>& none_taken) {
      return proving_.impossible("leaves: an exit behind", none_taken);
    });
  }

  // A piece whose number of iterations is that of the loop. Where statements do nothing that depends on their number,
  // many a local may be taken for it.
  bool prove_fitting_piece(PieceTask task, const std::function<bool(const PieceResult&)>& fits) {
    const std::size_t mark = proving_.mark();
    std::string reason;
    while (true) {
      PieceResult piece;
      const bool found = prove_piece(proving_, task, piece);
      if (found && fits(piece)) return true;
      if (reason.empty()) reason = proving_.reason();
      if (!found || !piece.cut) return proving_.unknown(reason);
      proving_.take_back(mark);
      task.tried = piece.cut;
    }
  }

  // The slots of the program, without companions.
  std::vector<TermId> slots() const {
    return {iteration_.start.begin(), iteration_.start.begin() + before_.slot_count()};
  }

  PieceTask task_of(SymbolicState state, std::vector<NodeId> statements, std::vector<TermId> hypotheses) {
    PieceTask task{after_,
                   iteration_,
                   companions_,
                   std::move(state),
                   std::move(statements),
                   std::move(hypotheses),
                   false,
                   before_.slot_count(),
                   {},
                   {},
                   {},
                   {}};
    return task;
  }

  // Exit by exit: of each that those before it are not taken is known.
  bool takes_no_exit(const PieceResult& piece) {
    return std::all_of(piece.stays.begin(), piece.stays.end(), [&](std::vector<TermId> assertions) {
      const TermId stays = terms_.negation(assertions.back());
      assertions.pop_back();
      std::vector<TermId> open = {stays};
      while (!open.empty()) {
        const Term part = terms_[open.back()];
        if (part.kind == Kind::Both) {
          open.back() = part.arguments[1];
          open.push_back(part.arguments[0]);
          continue;
        }
        assertions.push_back(terms_.negation(open.back()));
        if (!proving_.impossible("stays: no exit before", assertions)) return false;
        assertions.back() = open.back();
        open.pop_back();
      }
      return true;
    });
  }

  // Of a loop with a count all iterations are done, or those before a break, or the loop follows with what is left.
  bool prove_counted(const PieceResult& piece, const std::vector<TermId>& hypotheses) {
    const auto never = [&](const std::string& name, std::initializer_list<TermId> assertions) {
      std::vector<TermId> all = hypotheses;
      all.insert(all.end(), assertions);
      return proving_.impossible(name, all);
    };
    const TermId all = proving_.resized(iteration_.count, 64);
    const TermId done = proving_.resized(piece.count, 64);
    const bool breaks = !terms_.is_constant(iteration_.breaks, 0);
    if (!emitted_.loop_follows && !breaks) return proving_.equal("count: every iteration", hypotheses, done, all);
    if (!never("count: no more than there are", {terms_.binary(Kind::Ult, all, done)})) return false;
    if (!takes_no_exit(piece)) return false;
    if (emitted_.loop_follows) {
      const TermId behind = piece.state.variables[emitted_.remaining.value];
      const TermId left = terms_.substitute(behind, {{piece.symbol.value, piece.definition}});
      const TermId wanted = terms_.sub(iteration_.count, proving_.resized(piece.count, terms_[left].width));
      return proving_.equal("count: the rest is left", hypotheses, left, wanted);
    }
    return std::all_of(piece.left.begin(), piece.left.end(), [&](std::vector<TermId> none_taken) {
      const TermId not_all = terms_.negation(terms_.equal(done, all));
      none_taken.insert(none_taken.end() - 1, not_all);
      return proving_.impossible("leaves: an exit behind", none_taken);
    });
  }

  // A round of the phases does one iteration or more, and takes no exit; the loop itself follows.
  bool prove_phases() {
    SymbolicRun run(terms_, after_, &inner_loops_);
    SymbolicState state = run.start_from(slots());
    for (const NodeId id : emitted_.statements) {
      if (!run.run_statement(id, state)) return proving_.unknown("statements before the phases");
    }
    for (std::size_t i = 0; i < before_.slot_count(); ++i) {
      if (state.variables[i] != iteration_.start[i]) return proving_.unknown("statements before the phases");
    }
    if (emitted_.phases_guard.valid()) (void)run.value(emitted_.phases_guard, state);
    if (!never_traps(state, terms_.truth(true))) return false;
    TermId left;
    if (emitted_.remaining.valid()) {
      TermId& place = state.variables[emitted_.remaining.value];
      if (!place.valid() || place != iteration_.count) return proving_.unknown("another count than the loop's");
      place = left = terms_.symbol(terms_[place].width, "remaining");
    }
    forget_locals(state);
    return prove_round(run, state, left);
  }

  // A round is any of them: what a local was given before the first is known in the others only if nothing of it
  // changes.
  void forget_locals(SymbolicState& state) {
    Terms::Ids changing;
    for (std::size_t i = 0; i < iteration_.start.size(); ++i) {
      if (iteration_.next[i] != iteration_.start[i]) changing.insert(iteration_.start[i].value);
    }
    for (std::uint32_t i = before_.slot_count(); i < state.variables.size(); ++i) {
      TermId& local = state.variables[i];
      if (!local.valid() || ast::VarId{i} == emitted_.remaining) continue;
      if (stores(after_.node(emitted_.phases).child_b(), ast::VarId{i}) || terms_.mentions(local, changing)) {
        local = terms_.symbol(terms_[local].width, "local");
      }
    }
  }

  bool stores(NodeId first, ast::VarId variable) const {
    for (NodeId id = first; id.valid(); id = after_.node(id).next) {
      const ast::Node& node = after_.node(id);
      if (node.kind == NodeKind::Store && node.variable() == variable) return true;
      const bool block = node.kind == NodeKind::If || node.kind == NodeKind::Loop || node.kind == NodeKind::While;
      if (block && stores(node.child_b(), variable)) return true;
      if (node.kind == NodeKind::If && stores(node.child_c(), variable)) return true;
    }
    return false;
  }

  bool prove_round(SymbolicRun& run, SymbolicState& state, TermId left) {
    std::vector<NodeId> statements;
    for (NodeId id = after_.node(emitted_.phases).child_b(); id.valid(); id = after_.node(id).next)
      statements.push_back(id);
    const auto odd = [&] { return proving_.unknown("a round of phases of another kind"); };
    TermId goes_on = terms_.truth(true);
    std::size_t first = 0;
    for (; first < statements.size() && only_breaks(statements[first]); ++first) {
      const TermId leaves = terms_.nonzero(run.value(after_.node(statements[first]).child_a(), state));
      if (!never_traps(state, goes_on)) return false;
      goes_on = terms_.both(goes_on, terms_.negation(leaves));
    }
    if (first == statements.size() || after_.node(statements.back()).kind != NodeKind::If) return odd();
    const ast::Node& choice = after_.node(statements.back());
    const std::vector<NodeId> lets(statements.begin() + static_cast<std::ptrdiff_t>(first), statements.end() - 1);

    // One iteration.
    SymbolicState one = state;
    for (const NodeId id : lets) {
      if (!run.run_statement(id, one)) return odd();
    }
    if (!never_traps(one, goes_on)) return false;
    const TermId many = terms_.nonzero(run.value(choice.child_a(), one));
    if (!run.run(choice.child_c(), one) || !ends_round(run, one, goes_on)) return odd();
    if (!terms_.is_constant(one.depth, 0)) return odd();
    const TermId stays =
        left.valid() ? terms_.nonzero(left) : terms_.both(iteration_.enters, terms_.negation(iteration_.breaks));
    if (!proving_.impossible("one: no exit", {goes_on, terms_.negation(stays)})) return false;
    if (!same_slots(one, one_, "one")) return false;
    if (left.valid() && !counts_down(one, left, terms_.constant(terms_[left].width, 1))) return odd();

    // Many.
    PieceTask task = task_of(state, lets, {goes_on});
    task.chosen = {many};
    for (NodeId id = choice.child_b(); id.valid(); id = after_.node(id).next) task.statements.push_back(id);
    return prove_fitting_piece(std::move(task),
                               [&](const PieceResult& piece) { return fits_round(piece, goes_on, many, left); });
  }

  bool fits_round(const PieceResult& piece, TermId goes_on, TermId many, TermId left) {
    const TermId none = terms_.constant(terms_[piece.count].width, 0);
    if (!proving_.impossible("many: at least one", {goes_on, many, terms_.equal(piece.count, none)})) return false;
    if (!takes_no_exit(piece)) return false;
    if (!left.valid()) return true;
    const TermId behind = piece.state.variables[emitted_.remaining.value];
    const TermId less = terms_.substitute(behind, {{piece.symbol.value, piece.definition}});
    const TermId wanted = terms_.sub(left, proving_.resized(piece.count, terms_[left].width));
    if (!proving_.equal("remaining", {}, less, wanted)) return proving_.unknown("a round of phases of another kind");
    const TermId all_left = proving_.resized(left, 64);
    const TermId more = terms_.binary(Kind::Ult, all_left, proving_.resized(piece.count, 64));
    return proving_.impossible("many: no more than are left", {goes_on, more});
  }

  // That an iteration ends there or by a `continue`, which is the end of the round too: its statements are the last.
  bool ends_round(SymbolicRun& run, SymbolicState& state, TermId hypothesis) {
    state.live = terms_.both(run.completed(state), terms_.negation(state.broken));
    return never_traps(state, hypothesis);
  }

  // `if (...) { break; }`
  bool only_breaks(NodeId id) const {
    const ast::Node& node = after_.node(id);
    if (node.kind != NodeKind::If || node.child_c().valid() || !node.child_b().valid()) return false;
    const ast::Node& taken = after_.node(node.child_b());
    return taken.kind == NodeKind::Break && !taken.next.valid();
  }

  bool never_traps(SymbolicState& state, TermId hypothesis) {
    if (terms_.is_constant(state.live, 1)) return true;
    if (!proving_.impossible("one: never traps", {hypothesis, terms_.negation(state.live)})) return false;
    const auto known = assume(terms_, state.live);
    for (TermId& variable : state.variables) {
      if (variable.valid()) variable = terms_.substitute(variable, known);
    }
    state.live = terms_.truth(true);
    state.ended = terms_.substitute(state.ended, known);
    return true;
  }

  bool same_slots(const SymbolicState& state, const std::vector<TermId>& wanted, const std::string& name) {
    std::vector<Obligation> obligations;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (state.variables[i] == wanted[i]) continue;
      if (!proving_.same_in_ring(state.variables[i], wanted[i], name, obligations))
        return proving_.unknown("a single iteration is another than the loop's");
    }
    return proving_.discharge_all(std::move(obligations));
  }

  bool counts_down(const SymbolicState& state, TermId left, TermId by) {
    std::vector<Obligation> obligations;
    const TermId behind = state.variables[emitted_.remaining.value];
    const TermId wanted = terms_.sub(left, proving_.resized(by, terms_[left].width));
    return proving_.same_in_ring(behind, wanted, "remaining", obligations) &&
           proving_.discharge_all(std::move(obligations));
  }

  const ast::Program& before_;
  const ast::Program& after_;
  Proving proving_;
  Terms& terms_;
  InnerLoops inner_loops_;
  Companions companions_;
  Iteration iteration_;
  std::vector<TermId> one_;  // what an iteration leaves, by slot, without companions
  Emitted emitted_;
};

}  // namespace

Proof prove_solved_loop(const ast::Program& before, const ast::Program& after, Solver& solver, Theorems& theorems,
                        const ProofLimits& limits) {
  return LoopProver(before, after, solver, theorems, limits).prove();
}

}  // namespace assay::smt
