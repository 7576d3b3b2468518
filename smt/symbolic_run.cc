// Running statements on terms; see symbolic_run.h. Tested by smt/test/pass_proof_test.cc.
#include "smt/symbolic_run.h"

#include <algorithm>
#include <utility>

#include "smt/meaning.h"

namespace assay::smt {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

namespace {
constexpr unsigned kEndedWidth = 8;
constexpr unsigned kDepthWidth = 16;
}  // namespace

SymbolicState SymbolicRun::start() {
  std::vector<TermId> variables;
  for (std::uint32_t i = 0; i < program_.variable_count(); ++i) {
    const ast::VarId variable{i};
    const unsigned width = ast::bit_width(program_.variable_type(variable));
    variables.push_back(program_.is_slot(variable) ? terms_.symbol(width, program_.variable_name(variable)) : TermId{});
  }
  return start_from(variables);
}

SymbolicState SymbolicRun::start_from(const std::vector<TermId>& variables) {
  SymbolicState state;
  state.variables = variables;
  state.variables.resize(program_.variable_count());
  state.live = terms_.truth(true);
  state.broken = terms_.truth(false);
  state.ended = terms_.constant(kEndedWidth, static_cast<std::uint64_t>(Ended::Completed));
  state.depth = terms_.constant(kDepthWidth, 0);
  return state;
}

bool SymbolicRun::run(NodeId first, SymbolicState& state) {
  for (NodeId id = first; id.valid(); id = program_.node(id).next) {
    if (!run_statement(id, state)) return false;
  }
  return true;
}

bool SymbolicRun::run_statement(NodeId id, SymbolicState& state) {
  const Node& node = program_.node(id);
  switch (node.kind) {
    case NodeKind::Let:
    case NodeKind::Store: {
      const TermId stored = value(node.child_b(), state);
      store(node.variable(), stored, state);
      return true;
    }
    case NodeKind::If:
      return branch(node, state);
    case NodeKind::Break:
      state.broken = terms_.ite(state.live, terms_.truth(true), state.broken);
      state.live = terms_.truth(false);
      return true;
    case NodeKind::Continue:
      state.live = terms_.truth(false);
      return true;
    case NodeKind::Push: {
      const TermId pushed = value(node.child_a(), state);
      push(pushed, state);
      return true;
    }
    case NodeKind::Return: {
      if (node.child_a().valid()) {
        const TermId returned = value(node.child_a(), state);
        push(returned, state);
      }
      end(Ended::Returned, terms_.truth(true), state);
      return true;
    }
    case NodeKind::Print:
      refusal_ = "the program prints";
      return false;
    default:
      if (bound_ != 0) return loop(node, state);
      if (loops_ != nullptr && (unroll(node, state) || loops_->run_loop(program_, id, state))) return true;
      refusal_ = "the program has a loop";
      return false;
  }
}

TermId SymbolicRun::completed(const SymbolicState& state) {
  return terms_.equal(state.ended, terms_.constant(kEndedWidth, static_cast<std::uint64_t>(Ended::Completed)));
}

bool SymbolicRun::loop(const Node& node, SymbolicState& state) {
  const TermId broken_before = state.broken;
  state.broken = terms_.truth(false);
  const bool counted = node.kind == NodeKind::Loop;
  const TermId count = counted ? value(node.child_a(), state) : TermId{};
  TermId left = terms_.truth(false);  // went on behind the loop
  for (unsigned done = 0;; ++done) {
    const TermId enters = counted ? terms_.binary(Kind::Ult, terms_.constant(terms_[count].width, done), count)
                                  : terms_.nonzero(value(node.child_a(), state));
    left = terms_.either(left, terms_.both(state.live, terms_.negation(enters)));
    state.live = terms_.both(state.live, enters);
    if (terms_.is_constant(state.live, 0)) break;
    if (done == bound_) {
      end(Ended::Beyond, terms_.truth(true), state);
      break;
    }
    const TermId entered = state.live;
    if (!run(node.child_b(), state)) return false;
    left = terms_.either(left, terms_.both(entered, state.broken));
    // A `continue` leaves no mark but that the run is not live; it has not ended.
    const TermId goes_on = completed(state);
    state.live = terms_.both(entered, terms_.both(terms_.negation(state.broken), goes_on));
  }
  state.live = left;
  state.broken = broken_before;
  return true;
}

// A few rounds, none of which is left early.
bool SymbolicRun::unroll(const Node& loop, SymbolicState& state) {
  constexpr std::uint64_t kMostRounds = 16;
  if (loop.kind != NodeKind::Loop) return false;
  SymbolicState inner = state;
  const TermId count = value(loop.child_a(), inner);
  if (!terms_.is_constant(count) || terms_[count].value > kMostRounds) return false;
  for (std::uint64_t i = 0; i < terms_[count].value; ++i) {
    if (!run(loop.child_b(), inner)) return false;
    if (inner.live != state.live || inner.broken != state.broken) return false;
  }
  state = std::move(inner);
  return true;
}

bool SymbolicRun::branch(const Node& node, SymbolicState& state) {
  const TermId condition = terms_.nonzero(value(node.child_a(), state));
  SymbolicState yes = state;
  SymbolicState no = state;
  if (!run(node.child_b(), yes) || !run(node.child_c(), no)) return false;
  state = joined(condition, yes, no);
  return true;
}

SymbolicState SymbolicRun::joined(TermId condition, const SymbolicState& yes, const SymbolicState& no) {
  SymbolicState result = yes;
  for (std::size_t i = 0; i < result.variables.size(); ++i) {
    // A local of one branch is not seen behind it.
    const bool known = yes.variables[i].valid() && no.variables[i].valid();
    result.variables[i] = known ? terms_.ite(condition, yes.variables[i], no.variables[i]) : TermId{};
  }
  result.live = terms_.ite(condition, yes.live, no.live);
  result.broken = terms_.ite(condition, yes.broken, no.broken);
  result.ended = terms_.ite(condition, yes.ended, no.ended);
  result.depth = terms_.ite(condition, yes.depth, no.depth);
  result.stack.clear();
  const TermId empty = terms_.constant(64, 0);
  for (std::size_t i = 0; i < std::max(yes.stack.size(), no.stack.size()); ++i) {
    const TermId left = i < yes.stack.size() ? yes.stack[i] : empty;
    const TermId right = i < no.stack.size() ? no.stack[i] : empty;
    result.stack.push_back(terms_.ite(condition, left, right));
  }
  return result;
}

void SymbolicRun::store(ast::VarId variable, TermId stored, SymbolicState& state) {
  TermId& place = state.variables[variable.value];
  // A local that is declared where the run has ended is never seen.
  place = place.valid() ? terms_.ite(state.live, stored, place) : stored;
}

void SymbolicRun::push(TermId pushed, SymbolicState& state) {
  const TermId cell = terms_.resize(Kind::ZeroExtend, 64, pushed);
  state.stack.push_back(terms_.constant(64, 0));
  for (std::size_t i = 0; i < state.stack.size(); ++i) {
    const TermId here = terms_.both(state.live, terms_.equal(state.depth, terms_.constant(kDepthWidth, i)));
    state.stack[i] = terms_.ite(here, cell, state.stack[i]);
  }
  const TermId deeper = terms_.add(state.depth, terms_.constant(kDepthWidth, 1));
  state.depth = terms_.ite(state.live, deeper, state.depth);
}

void SymbolicRun::end(Ended how, TermId when, SymbolicState& state) {
  const TermId now = terms_.both(state.live, when);
  state.ended = terms_.ite(now, terms_.constant(kEndedWidth, static_cast<std::uint64_t>(how)), state.ended);
  state.live = terms_.both(state.live, terms_.negation(when));
}

TermId SymbolicRun::value(NodeId id, SymbolicState& state) {
  const Node& node = program_.node(id);
  switch (node.kind) {
    case NodeKind::Int:
      return terms_.constant(ast::bit_width(node.type), node.bits());
    case NodeKind::Load:
      return state.variables[node.a];
    case NodeKind::Select: {
      const TermId condition = value(node.child_a(), state);
      const TermId yes = value(node.child_b(), state);
      const TermId no = value(node.child_c(), state);
      return terms_.ite(terms_.nonzero(condition), yes, no);
    }
    default: {
      const TermId left = value(node.child_a(), state);
      const bool two = node.kind == NodeKind::Binary || node.kind == NodeKind::Compare;
      const TermId right = two ? value(node.child_b(), state) : left;
      const Meaning result = meaning(terms_, node.op, left, right);
      end(Ended::DividedByZero, result.divides_by_zero, state);
      end(Ended::Overflowed, result.overflows, state);
      return result.value;
    }
  }
}

}  // namespace assay::smt
