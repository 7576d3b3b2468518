// Selection of expressions; see select.h. Tested by core/jit/test/operators_test.cc.
#include <limits>
#include <optional>

#include "core/jit/select.h"

namespace assay::jit {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using x64::Cond;

// The constant as an immediate of an instruction of that width, where it fits: 32 bits, sign-extended to 64.
std::optional<std::int64_t> immediate_of(const Node& node) {
  if (node.kind != NodeKind::Int) return std::nullopt;
  if (node.type == ast::Type::I32) return std::int64_t{static_cast<std::int32_t>(node.a)};
  const auto value = static_cast<std::int64_t>(node.bits());
  if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max())
    return std::nullopt;
  return value;
}

LirOp binary_op(Op op) {
  switch (op) {
    case Op::Add:
      return LirOp::Add;
    case Op::Sub:
      return LirOp::Sub;
    case Op::Mul:
      return LirOp::Mul;
    case Op::And:
      return LirOp::And;
    case Op::Or:
      return LirOp::Or;
    case Op::Xor:
      return LirOp::Xor;
    case Op::Shl:
      return LirOp::Shl;
    case Op::ShrS:
      return LirOp::ShrS;
    case Op::ShrU:
      return LirOp::ShrU;
    case Op::Rotl:
      return LirOp::Rotl;
    case Op::Rotr:
      return LirOp::Rotr;
    case Op::DivS:
      return LirOp::DivS;
    case Op::DivU:
      return LirOp::DivU;
    case Op::RemS:
      return LirOp::RemS;
    default:
      return LirOp::RemU;
  }
}

LirOp unary_op(Op op) {
  switch (op) {
    case Op::Clz:
      return LirOp::Clz;
    case Op::Ctz:
      return LirOp::Ctz;
    case Op::Popcnt:
      return LirOp::Popcnt;
    case Op::Neg:
      return LirOp::Neg;
    case Op::Not:
      return LirOp::Not;
    default:
      return LirOp::Abs;
  }
}

Cond condition_of(Op op) {
  switch (op) {
    case Op::Eq:
      return Cond::E;
    case Op::Ne:
      return Cond::Ne;
    case Op::LtS:
      return Cond::L;
    case Op::LtU:
      return Cond::B;
    case Op::GtS:
      return Cond::G;
    case Op::GtU:
      return Cond::A;
    case Op::LeS:
      return Cond::Le;
    case Op::LeU:
      return Cond::Be;
    case Op::GeS:
      return Cond::Ge;
    default:
      return Cond::Ae;
  }
}

}  // namespace

std::uint8_t Selector::width_of(NodeId id) const { return static_cast<std::uint8_t>(ast::bit_width(node(id).type)); }

void Selector::branch_imm(Cond cond, VReg a, std::int64_t imm, std::uint8_t width, std::uint32_t label) {
  Lir& lir = append(LirOp::Branch, width);
  lir.cond = cond;
  lir.a = a;
  lir.imm = imm;
  lir.label = label;
}

VReg Selector::constant(std::uint8_t width, std::uint64_t bits, VReg into) {
  const VReg dst = target(into, width);
  Lir& lir = append(LirOp::Constant, width);
  lir.dst = dst;
  lir.imm = static_cast<std::int64_t>(bits);
  return dst;
}

VReg Selector::value(NodeId id, VReg into) {
  const Node& one = node(id);
  switch (one.kind) {
    case NodeKind::Int:
      return constant(width_of(id), one.bits(), into);
    case NodeKind::Load: {
      if (const NodeId asked = condition_at(id); asked != id) return value(asked, into);
      const VReg variable = variables_[one.variable().value];
      if (!into.valid() || into == variable) return variable;
      Lir& lir = append(LirOp::Move, width_of(id));
      lir.dst = into;
      lir.a = variable;
      return into;
    }
    default:
      break;
  }
  const std::uint32_t outer = current_node_;
  const VReg result = operation(id, into);
  current_node_ = outer;
  return result;
}

VReg Selector::operation(NodeId id, VReg into) {
  switch (node(id).kind) {
    case NodeKind::Unary:
      return unary(id, into);
    case NodeKind::Binary:
      return ast::op_info(node(id).op).traps ? division(id, into) : binary(id, into);
    case NodeKind::Compare:
      return compare(id, into);
    case NodeKind::Convert:
      return convert(id, into);
    default:
      return select_value(id, into);
  }
}

void Selector::second_operand(NodeId id, Lir& lir) {
  if (const auto immediate = immediate_of(node(id))) {
    lir.imm = *immediate;
  } else {
    lir.b = value(id);
  }
}

VReg Selector::unary(NodeId id, VReg into) {
  const Node& one = node(id);
  const std::uint8_t width = width_of(one.child_a());
  const VReg a = value(one.child_a());
  current_node_ = id.value;
  const bool is_eqz = one.op == Op::Eqz;
  const VReg dst = target(into, width_of(id));
  Lir& lir = append(is_eqz ? LirOp::SetCondition : unary_op(one.op), width);
  lir.dst = dst;
  lir.a = a;
  lir.cond = Cond::E;  // of SetCondition, against the immediate 0
  return dst;
}

// 2, 4 or 8 if the node is something times that, as an address can have it; else 0.
std::int64_t Selector::scale_of(const Node& one) const {
  if (one.kind != NodeKind::Binary) return 0;
  const Node& right = node(one.child_b());
  if (right.kind != NodeKind::Int) return 0;
  const std::uint64_t bits = right.bits();
  if (one.op == Op::Shl) return bits >= 1 && bits <= 3 ? std::int64_t{1} << bits : 0;
  if (one.op == Op::Mul) return bits == 2 || bits == 4 || bits == 8 ? static_cast<std::int64_t>(bits) : 0;
  return 0;
}

VReg Selector::binary(NodeId id, VReg into) {
  const Node& one = node(id);
  Lir lir;
  lir.op = binary_op(one.op);
  // x & ~y is one instruction where the CPU has it, and so is x + y * 8 on any.
  const Node& right = node(one.child_b());
  const bool and_not = one.op == Op::And && right.kind == NodeKind::Unary && right.op == Op::Not;
  lir.a = value(one.child_a());
  if (and_not) {
    lir.op = LirOp::AndNot;
    lir.b = value(right.child_a());
  } else if (const std::int64_t scale = one.op == Op::Add ? scale_of(right) : 0; scale != 0) {
    lir.op = LirOp::AddScaled;
    lir.b = value(right.child_a());
    lir.imm = scale;
  } else {
    second_operand(one.child_b(), lir);
  }
  current_node_ = id.value;
  lir.width = width_of(id);
  lir.node = id.value;
  lir.dst = target(into, lir.width);
  lir_->code.push_back(lir);
  return lir.dst;
}

VReg Selector::compare(NodeId id, VReg into) {
  const Node& one = node(id);
  Lir lir;
  lir.op = LirOp::SetCondition;
  lir.cond = condition_of(one.op);
  lir.a = value(one.child_a());
  second_operand(one.child_b(), lir);
  current_node_ = id.value;
  lir.width = width_of(one.child_a());
  lir.node = id.value;
  lir.dst = target(into, 32);
  lir_->code.push_back(lir);
  return lir.dst;
}

VReg Selector::convert(NodeId id, VReg into) {
  const Node& one = node(id);
  const VReg a = value(one.child_a());
  current_node_ = id.value;
  LirOp op = LirOp::Move;  // wrap and extend_u: a 32-bit move clears the high half
  std::uint8_t width = 32;
  switch (one.op) {
    case Op::Extend8S:
      op = LirOp::SignExtend8;
      width = width_of(id);
      break;
    case Op::Extend16S:
      op = LirOp::SignExtend16;
      width = width_of(id);
      break;
    case Op::ExtendS:
    case Op::Extend32S:
      op = LirOp::SignExtend32;
      width = 64;
      break;
    default:
      break;
  }
  const VReg dst = target(into, width_of(id));
  Lir& lir = append(op, width);
  lir.dst = dst;
  lir.a = a;
  return dst;
}

VReg Selector::select_value(NodeId id, VReg into) {
  const Node& one = node(id);
  const NodeId condition_id = condition_at(one.child_a());
  const Node& condition = node(condition_id);
  const bool compares = condition.kind == NodeKind::Compare;
  Lir lir;
  lir.width = width_of(id);
  if (compares) {
    lir.op = LirOp::SelectIf;
    lir.cond = condition_of(condition.op);
    lir.condition_width = width_of(condition.child_a());
    lir.a = value(condition.child_a());
    second_operand(condition.child_b(), lir);
    lir.c = value(one.child_b());
    lir.d = value(one.child_c());
  } else {
    lir.op = LirOp::Select;
    lir.condition_width = width_of(one.child_a());
    lir.c = value(one.child_a());
    lir.a = value(one.child_b());
    if (node(one.child_c()).kind == NodeKind::Int) {
      lir.imm = static_cast<std::int64_t>(node(one.child_c()).bits());
    } else {
      lir.b = value(one.child_c());
    }
  }
  current_node_ = id.value;
  lir.node = id.value;
  lir.dst = target(into, lir.width);
  lir_->code.push_back(lir);
  return lir.dst;
}

VReg Selector::division(NodeId id, VReg into) {
  const Node& one = node(id);
  const std::uint8_t width = width_of(id);
  const VReg dividend = value(one.child_a());
  const VReg divisor = value(one.child_b());
  current_node_ = id.value;
  check_divisor(one, dividend, divisor);
  const VReg dst = target(into, width);
  const auto append_division = [&] {
    Lir& lir = append(binary_op(one.op), width);
    lir.dst = dst;
    lir.a = dividend;
    lir.b = divisor;
  };
  if (one.op != Op::RemS) {
    append_division();
    return dst;
  }
  // MIN rem -1 is 0, but idiv would fault on it. Anything rem -1 is 0.
  const std::uint32_t minus_one = new_label();
  const std::uint32_t end = new_label();
  branch_imm(Cond::E, divisor, -1, width, minus_one);
  append_division();
  jump(end);
  place(minus_one);
  constant(width, 0, dst);
  place(end);
  return dst;
}

void Selector::check_divisor(const Node& one, VReg dividend, VReg divisor) {
  const std::uint8_t width = width_of(one.child_a());
  const auto trap_if_equal = [&](ast::TrapKind kind, VReg a, VReg b, std::int64_t imm) {
    Lir& lir = append(LirOp::TrapIf, width);
    lir.cond = Cond::E;
    lir.a = a;
    lir.b = b;
    lir.imm = imm;
    lir.label = static_cast<std::uint32_t>(kind);
  };
  trap_if_equal(ast::TrapKind::DivideByZero, divisor, VReg::none(), 0);
  if (one.op != Op::DivS) return;
  const std::uint32_t fits = new_label();
  branch_imm(Cond::Ne, divisor, -1, width, fits);
  if (width == 32) {
    trap_if_equal(ast::TrapKind::IntegerOverflow, dividend, VReg::none(), std::numeric_limits<std::int32_t>::min());
  } else {
    // 2^63 is no 32-bit immediate.
    const VReg least = constant(64, std::uint64_t{1} << 63);
    trap_if_equal(ast::TrapKind::IntegerOverflow, dividend, least, 0);
  }
  place(fits);
}

bool Selector::is_zero(NodeId id) const { return node(id).kind == NodeKind::Int && node(id).bits() == 0; }

bool Selector::can_trap(NodeId id) const {
  const Node& one = node(id);
  switch (one.kind) {
    case NodeKind::Unary:
    case NodeKind::Convert:
      return can_trap(one.child_a());
    case NodeKind::Binary:
    case NodeKind::Compare:
      return ast::op_info(one.op).traps || can_trap(one.child_a()) || can_trap(one.child_b());
    case NodeKind::Select:
      return can_trap(one.child_a()) || can_trap(one.child_b()) || can_trap(one.child_c());
    default:
      return false;
  }
}

void Selector::branch(NodeId condition, bool when, std::uint32_t label) {
  condition = condition_at(condition);
  const Node& one = node(condition);
  if (one.kind == NodeKind::Int) {
    if ((one.bits() != 0) == when) jump(label);
    return;
  }
  if (one.kind == NodeKind::Compare) {
    Lir lir;
    lir.op = LirOp::Branch;
    lir.cond = when ? condition_of(one.op) : x64::invert(condition_of(one.op));
    lir.a = value(one.child_a());
    second_operand(one.child_b(), lir);
    lir.width = width_of(one.child_a());
    lir.node = condition.value;
    lir.label = label;
    lir_->code.push_back(lir);
    return;
  }
  // Both must hold. What the first answers alone needs no second, unless that is where the program would trap.
  if (one.kind == NodeKind::Select && is_zero(one.child_c()) && !can_trap(one.child_b())) {
    const std::uint32_t fails = when ? new_label() : label;
    branch_unless(one.child_a(), fails);
    branch(one.child_b(), when, label);
    if (when) place(fails);
    return;
  }
  const bool is_eqz = one.kind == NodeKind::Unary && one.op == Op::Eqz;
  const NodeId tested = is_eqz ? one.child_a() : condition;
  const VReg a = value(tested);
  branch_imm(is_eqz == when ? Cond::E : Cond::Ne, a, 0, width_of(tested), label);
}

}  // namespace assay::jit
