// Selection of statements; see select.h. Tested by core/jit/test/statements_test.cc.
#include "core/ast/verify.h"
#include "core/jit/select.h"
#include "core/jit/variables.h"

namespace assay::jit {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

void LirProgram::clear() {
  code.clear();
  vregs.clear();
  label_count = 0;
  stack_base = VReg::none();
  stack_index = VReg::none();
}

void Selector::select(const ast::Program& program, LirProgram& lir) {
  program_ = &program;
  lir_ = &lir;
  lir.clear();
  loops_.clear();
  asked_.assign(program.variable_count(), NodeId::none());
  current_node_ = 0xFFFFFFFFU;
  pre_register_variables(program, lir, variables_);
  lir.stack_index = new_vreg(64);
  if (ast::max_pushes(program) != 0) lir.stack_base = new_vreg(64);
  block(program.body());
  current_node_ = 0xFFFFFFFFU;
  append(LirOp::Leave, 64);
}

VReg Selector::new_vreg(std::uint8_t width) {
  VRegInfo info;
  info.width = width;
  info.weight = loop_weight(static_cast<std::uint32_t>(loops_.size()));
  lir_->vregs.push_back(info);
  return VReg{static_cast<std::uint32_t>(lir_->vregs.size() - 1)};
}

Lir& Selector::append(LirOp op, std::uint8_t width) {
  Lir& lir = lir_->code.emplace_back();
  lir.op = op;
  lir.width = width;
  lir.node = current_node_;
  return lir;
}

void Selector::block(NodeId first) {
  for (NodeId id = first; id.valid(); id = node(id).next) statement(id);
}

void Selector::statement(NodeId id) {
  current_node_ = id.value;
  const Node& one = node(id);
  switch (one.kind) {
    case NodeKind::Let:
      if (is_asked_once(one)) {
        asked_[one.variable().value] = one.child_b();
        break;
      }
      [[fallthrough]];
    case NodeKind::Store:
      value(one.child_b(), variables_[one.variable().value]);
      break;
    case NodeKind::If:
      if_else(one);
      break;
    case NodeKind::Loop:
      counted_loop(one);
      break;
    case NodeKind::While:
      while_loop(one, false);
      break;
    case NodeKind::Break:
      jump(loops_.back().break_label);
      break;
    case NodeKind::Continue:
      jump(loops_.back().continue_label);
      break;
    case NodeKind::Return:
      if (one.child_a().valid()) push(id);
      append(LirOp::Leave, 64);
      break;
    case NodeKind::Push:
      push(id);
      break;
    default:
      break;  // print is not scalar, and expressions are no statements
  }
}

template <class Wanted>
bool Selector::reads(NodeId expression, const Wanted& wanted) const {
  const Node& one = node(expression);
  switch (one.kind) {
    case NodeKind::Load:
      return wanted(one.variable());
    case NodeKind::Unary:
    case NodeKind::Convert:
      return reads(one.child_a(), wanted);
    case NodeKind::Binary:
    case NodeKind::Compare:
      return reads(one.child_a(), wanted) || reads(one.child_b(), wanted);
    case NodeKind::Select:
      return reads(one.child_a(), wanted) || reads(one.child_b(), wanted) || reads(one.child_c(), wanted);
    default:
      return false;
  }
}

// Whether a comparison is bound for one use, with nothing but other locals bound in between: it is the same there, and
// needs no place of its own. None of what it compares may be such a one itself: selecting them would nest as deep as
// there are locals.
bool Selector::is_asked_once(const Node& let) const {
  constexpr int kMostStatements = 4;
  if (node(let.child_b()).kind != NodeKind::Compare || can_trap(let.child_b())) return false;
  if (lir_->vregs[variables_[let.variable().value].value].loads != 1) return false;
  if (reads(let.child_b(), [this](ast::VarId operand) { return asked_[operand.value].valid(); })) return false;
  const auto is_bound = [&let](ast::VarId read) { return read == let.variable(); };
  NodeId id = let.next;
  for (int i = 0; i < kMostStatements && id.valid(); ++i) {
    const Node& one = node(id);
    switch (one.kind) {
      case NodeKind::Let:
        if (reads(one.child_b(), is_bound)) return true;
        break;
      case NodeKind::Store:
        return reads(one.child_b(), is_bound);
      case NodeKind::If:
        return reads(one.child_a(), is_bound);
      default:
        return false;
    }
    id = one.next;
  }
  return false;
}

NodeId Selector::condition_at(NodeId id) const {
  const Node& one = node(id);
  if (one.kind != NodeKind::Load) return id;
  const NodeId asked = asked_[one.variable().value];
  return asked.valid() ? asked : id;
}

void Selector::push(NodeId id) {
  const NodeId pushed = node(id).child_a();
  const VReg a = value(pushed);
  current_node_ = id.value;
  append(LirOp::Push, width_of(pushed)).a = a;
}

void Selector::if_else(const Node& one) {
  // A branch that is nothing but a jump is a jump under the condition.
  const NodeId first = one.child_b();
  if (first.valid() && !node(first).next.valid() && !one.child_c().valid()) {
    const NodeKind kind = node(first).kind;
    if (kind == NodeKind::Break || kind == NodeKind::Continue) {
      const LoopTargets& targets = loops_.back();
      branch_if(one.child_a(), kind == NodeKind::Break ? targets.break_label : targets.continue_label);
      return;
    }
  }
  const std::uint32_t else_label = new_label();
  branch_unless(one.child_a(), else_label);
  if (!one.child_c().valid()) {
    branch_block(one);
    place(else_label);
    return;
  }
  const std::uint32_t end = new_label();
  append(LirOp::FirstBranch, 32);
  branch_block(one);
  jump(end);
  append(LirOp::SecondBranch, 32);
  place(else_label);
  block(one.child_c());
  append(LirOp::BranchesEnd, 32);
  place(end);
}

// A loop that stands first in a branch finds what led there true, and need not ask for it before its first round.
void Selector::branch_block(const Node& branch) {
  const NodeId first = branch.child_b();
  if (!first.valid() || node(first).kind != NodeKind::While || !follows(branch.child_a(), node(first).child_a())) {
    block(first);
    return;
  }
  current_node_ = first.value;
  while_loop(node(first), true);
  block(node(first).next);
}

// Whether the condition is the other one, or one of those that must all hold for it.
bool Selector::follows(NodeId from, NodeId condition) const {
  const Node& one = node(from);
  if (one.kind == NodeKind::Select && is_zero(one.child_c())) {
    return follows(one.child_a(), condition) || follows(one.child_b(), condition);
  }
  const Node& other = node(condition);
  const auto same = [this](NodeId left, NodeId right) {
    const Node& l = node(left);
    const Node& r = node(right);
    if (l.kind != r.kind || l.type != r.type) return false;
    if (l.kind == NodeKind::Int) return l.bits() == r.bits();
    return l.kind == NodeKind::Load && l.variable() == r.variable();
  };
  return one.kind == NodeKind::Compare && other.kind == NodeKind::Compare && one.op == other.op &&
         same(one.child_a(), other.child_a()) && same(one.child_b(), other.child_b());
}

// The count lives in a register of its own: the program's variables may change while the loop runs.
void Selector::counted_loop(const Node& one) {
  const std::uint32_t loop_node = current_node_;
  const std::uint8_t width = width_of(one.child_a());
  const std::uint32_t body = new_label();
  const LoopTargets targets{new_label(), new_label()};
  loops_.push_back(targets);  // the counter weighs as what is used in the loop
  const VReg counter = new_vreg(width);
  loops_.pop_back();
  value(one.child_a(), counter);
  branch_imm(x64::Cond::E, counter, 0, width, targets.break_label);
  append(LirOp::LoopBegin, 32);
  place(body);
  loops_.push_back(targets);
  block(one.child_b());
  loops_.pop_back();
  current_node_ = loop_node;
  place(targets.continue_label);
  Lir& decrement = append(LirOp::Sub, width);
  decrement.dst = counter;
  decrement.a = counter;
  decrement.imm = 1;
  branch_imm(x64::Cond::Ne, counter, 0, width, body);
  append(LirOp::LoopEnd, 32);
  place(targets.break_label);
}

// The condition stands behind the body, so that a round takes one jump, as it does where there is none to ask.
void Selector::while_loop(const Node& one, bool begins_true) {
  const Node& condition = node(one.child_a());
  const bool endless = condition.kind == NodeKind::Int && condition.bits() != 0;
  const std::uint32_t loop_node = current_node_;
  const std::uint32_t body = new_label();
  const LoopTargets targets{new_label(), endless ? body : new_label()};
  append(LirOp::LoopBegin, 32);
  if (!endless && !begins_true) jump(targets.continue_label);
  place(body);
  loops_.push_back(targets);
  block(one.child_b());
  current_node_ = loop_node;
  if (!endless) place(targets.continue_label);
  branch_if(one.child_a(), body);
  loops_.pop_back();
  current_node_ = loop_node;
  append(LirOp::LoopEnd, 32);
  place(targets.break_label);
}

}  // namespace assay::jit
