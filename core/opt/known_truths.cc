// Learning from conditions; see known_truths.h. Tested by core/opt/test/common_subexpressions_test.cc.
#include "core/opt/known_truths.h"

#include "core/opt/comparisons.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;

constexpr unsigned kMostDepth = 4;

bool is_zero(const Node& node) { return node.kind == NodeKind::Int && node.bits() == 0; }

// Whether x op c is false for x = 0, whatever else: then x is not 0 where it holds.
bool fails_for_zero(Op op, const Node& constant) {
  if (constant.kind != NodeKind::Int) return false;
  const bool negative = (constant.bits() >> (ast::bit_width(constant.type) - 1)) != 0;
  const bool zero = constant.bits() == 0;
  switch (op) {
    case Op::Ne:
      return zero;
    case Op::Eq:
    case Op::GeU:
      return !zero;
    case Op::GtU:
      return true;
    case Op::GtS:
      return !negative;
    case Op::GeS:
      return !negative && !zero;
    case Op::LtS:
      return negative || zero;
    case Op::LeS:
      return negative;
    default:
      return false;
  }
}

}  // namespace

KnownTruths::Facts KnownTruths::facts(const ast::Program& program, NodeId condition, bool truth) {
  Facts result;
  collect(program, condition, truth, 0, result);
  return result;
}

void KnownTruths::collect(const ast::Program& program, NodeId id, bool truth, unsigned depth, Facts& facts) {
  const Node& node = program.node(id);
  if (node.kind == NodeKind::Int || depth == kMostDepth) return;
  facts.add(numbers_.of(id), truth);
  if (node.kind == NodeKind::Compare) {
    collect_comparison(program, id, truth, facts);
  } else if (node.kind == NodeKind::Unary && node.op == Op::Eqz) {
    collect(program, node.child_a(), !truth, depth + 1, facts);
  } else if (node.kind == NodeKind::Select && truth && is_zero(program.node(node.child_c()))) {
    collect(program, node.child_a(), true, depth + 1, facts);
    collect(program, node.child_b(), true, depth + 1, facts);
  } else if (node.kind == NodeKind::Select && truth && is_zero(program.node(node.child_b()))) {
    collect(program, node.child_a(), false, depth + 1, facts);
    collect(program, node.child_c(), true, depth + 1, facts);
  } else if (node.kind == NodeKind::Binary && ((node.op == Op::And && truth) || (node.op == Op::Or && !truth))) {
    collect(program, node.child_a(), truth, depth + 1, facts);
    collect(program, node.child_b(), truth, depth + 1, facts);
  }
}

void KnownTruths::collect_comparison(const ast::Program& program, NodeId id, bool truth, Facts& facts) {
  const Node& node = program.node(id);
  const Op holds = truth ? node.op : inverse_comparison(node.op);
  facts.add(numbers_.of_comparison(program, id, inverse_comparison(node.op)), !truth);
  if (fails_for_zero(holds, program.node(node.child_b()))) facts.add(numbers_.of(node.child_a()), true);
  if (holds == Op::Eq && is_zero(program.node(node.child_b()))) facts.add(numbers_.of(node.child_a()), false);
}

void KnownTruths::learn(const Facts& facts) {
  for (std::size_t i = 0; i < facts.count; ++i) {
    const auto [number, truth] = facts.all[i];
    if (number >= truths_.size()) truths_.resize(numbers_.count(), Truth::Unknown);
    undo_.push_back({number, truths_[number]});
    truths_[number] = truth ? Truth::True : Truth::False;
  }
}

void KnownTruths::forget(std::size_t mark) {
  for (; undo_.size() > mark; undo_.pop_back()) truths_[undo_.back().number] = undo_.back().truth;
}

}  // namespace assay::opt
