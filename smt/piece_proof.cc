// Pieces of k iterations; see piece_proof.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/piece_proof.h"

#include <algorithm>
#include <string>
#include <utility>

#include "smt/counted_piece.h"

namespace assay::smt {
namespace {

using ast::NodeId;
using ast::NodeKind;

// `if (COUNT) { an iteration, and COUNT - 1 more at once }`, behind nothing but locals.
class PeeledPiece {
 public:
  PeeledPiece(Proving& proving, const PieceTask& task) : proving_(proving), terms_(proving.terms), task_(task) {}

  bool prove(PieceResult& result) {
    if (task_.statements.empty() || !task_.initial.empty()) return false;
    if (prove_fixed(result)) return true;
    const auto is_choice = [this](NodeId id) {
      const ast::Node& node = task_.program.node(id);
      return node.kind == NodeKind::If && !node.child_c().valid();
    };
    const auto choice = std::find_if(task_.statements.begin(), task_.statements.end(), is_choice);
    if (choice == task_.statements.end()) return false;
    PieceTask inner = task_;
    inner.statements.assign(task_.statements.begin(), choice);
    const std::vector<NodeId> last(choice + 1, task_.statements.end());
    SymbolicRun run(terms_, task_.program, proving_.inner_loops);
    SymbolicState before = task_.state;
    for (const NodeId id : inner.statements) {
      if (!run.run_statement(id, before) || !never_traps(proving_, task_.hypotheses, before)) return false;
    }
    const ast::Node& asked = task_.program.node(*choice);
    const TermId count = run.value(asked.child_a(), before);
    const TermId any = terms_.nonzero(count);
    for (NodeId id = asked.child_b(); id.valid(); id = task_.program.node(id).next) inner.statements.push_back(id);
    inner.statements.insert(inner.statements.end(), last.begin(), last.end());
    inner.hypotheses.push_back(any);
    inner.initial = task_.iteration.next;
    inner.tried.reset();
    if (!prove_counted_piece(proving_, inner, result)) return false;
    const TermId one = terms_.constant(terms_[result.count].width, 1);
    if (terms_.add(result.count, one) != count) return false;
    for (const NodeId id : last) {
      if (!run.run_statement(id, before)) return false;
    }
    if (!leaves_at_once(before, any)) return false;
    finish(count, any, before, result);
    return true;
  }

 private:
  // The same without a question, where the count is a number.
  bool prove_fixed(PieceResult& result) {
    const Term count = terms_[task_.iteration.count.valid() ? task_.iteration.count : task_.iteration.enters];
    if (!task_.iteration.counted || count.kind != Kind::Constant || count.value == 0) return false;
    if (task_.with_last && !terms_.is_constant(task_.iteration.breaks, 0)) return false;
    PieceTask inner = task_;
    inner.initial = task_.iteration.next;
    inner.tried.reset();
    inner.counted = terms_.constant(count.width, count.value - 1);
    const std::size_t mark = proving_.mark();
    if (prove_counted_piece(proving_, inner, result) && (!result.cut || result.definition == inner.counted)) {
      result.count = task_.iteration.count;
      result.cut.reset();
      return true;
    }
    proving_.take_back(mark);
    return false;
  }

  // Where there is no iteration, the statements behind are the one that takes the exit.
  bool leaves_at_once(const SymbolicState& behind, TermId any) {
    if (!terms_.is_constant(behind.live, 1) || !terms_.is_constant(behind.depth, 0)) return false;
    const TermId enters = task_.iteration.counted ? terms_.nonzero(task_.iteration.count) : task_.iteration.enters;
    for (std::size_t i = 0; i < task_.slots; ++i) {
      TermId wanted = task_.iteration.start[i];
      if (task_.with_last && !terms_.is_constant(task_.iteration.breaks, 0))
        wanted = terms_.ite(enters, task_.iteration.left[i], wanted);
      wanted = task_.companions.spelled(wanted);
      if (behind.variables[i] == wanted) continue;
      std::vector<TermId> none = task_.hypotheses;
      none.push_back(terms_.negation(any));
      if (!proving_.equal("no iteration", none, behind.variables[i], wanted)) return false;
    }
    return true;
  }

  void finish(TermId count, TermId any, const SymbolicState& before, PieceResult& result) {
    const TermId stays = terms_.both(task_.iteration.enters, terms_.negation(task_.iteration.breaks));
    std::vector<TermId> first = task_.hypotheses;
    first.push_back(any);
    first.push_back(terms_.negation(stays));
    result.stays.push_back(std::move(first));
    std::vector<TermId> none = task_.hypotheses;
    none.push_back(terms_.negation(any));
    none.push_back(stays);
    result.left.push_back(std::move(none));
    result.count = result.symbol = result.definition = count;
    result.cut.reset();
    for (std::size_t i = 0; i < result.state.variables.size(); ++i) {
      TermId& behind = result.state.variables[i];
      const bool both = behind.valid() && before.variables[i].valid();
      behind = both ? terms_.ite(any, behind, before.variables[i]) : TermId{};
    }
  }

  Proving& proving_;
  Terms& terms_;
  const PieceTask& task_;
};

// A few iterations without an exit, one by one.
bool prove_unrolled(Proving& proving, const PieceTask& task, PieceResult& result) {
  constexpr std::uint64_t kMostUnrolled = 64;
  Terms& terms = proving.terms;
  const Iteration& iteration = task.iteration;
  const bool fixed = iteration.counted && task.with_last && terms.is_constant(iteration.count) &&
                     terms.is_constant(iteration.breaks, 0);
  if (!fixed || terms[iteration.count].value == 0 || terms[iteration.count].value > kMostUnrolled) return false;
  SymbolicRun run(terms, task.program, proving.inner_loops);
  result.state = task.state;
  for (const NodeId id : task.statements) {
    if (!run.run_statement(id, result.state) || !never_traps(proving, task.hypotheses, result.state)) return false;
  }
  if (!terms.is_constant(result.state.depth, 0)) return false;
  Iteration plain = iteration;
  plain.start.resize(task.slots);
  plain.next.resize(task.slots);
  for (TermId& next : plain.next) next = task.companions.spelled(next);
  const Iteration all = composed(terms, plain, static_cast<unsigned>(terms[iteration.count].value));
  std::vector<Obligation> obligations;
  for (std::size_t i = 0; i < task.slots; ++i) {
    if (result.state.variables[i] == all.next[i]) continue;
    if (!proving.same_in_ring(result.state.variables[i], all.next[i], "unrolled", obligations)) return false;
  }
  result.count = iteration.count;
  return proving.discharge_all(std::move(obligations));
}

}  // namespace

// Divisions by what is never zero.
bool never_traps(Proving& proving, const std::vector<TermId>& hypotheses, SymbolicState& state) {
  Terms& terms = proving.terms;
  if (terms.is_constant(state.live, 1)) return true;
  std::vector<TermId> assertions = hypotheses;
  assertions.push_back(terms.negation(state.live));
  if (!proving.impossible("never traps", assertions)) return false;
  const auto known = assume(terms, state.live);
  for (TermId& variable : state.variables) {
    if (variable.valid()) variable = terms.substitute(variable, known);
  }
  state.live = terms.truth(true);
  state.ended = terms.substitute(state.ended, known);
  return true;
}

bool prove_piece(Proving& proving, const PieceTask& task, PieceResult& result) {
  const std::size_t mark = proving.mark();
  if (prove_counted_piece(proving, task, result)) return true;
  const std::string reason = proving.reason();
  proving.take_back(mark);
  if (PeeledPiece(proving, task).prove(result)) return true;
  proving.take_back(mark);
  result = {};
  if (prove_unrolled(proving, task, result)) return true;
  proving.take_back(mark);
  return proving.unknown(reason);
}

}  // namespace assay::smt
