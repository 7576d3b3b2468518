// Generation of expressions; see writer.h. Tested by fuzz/gen/test/generator_test.cc.
#include "fuzz/gen/constants.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::OpClass;
using ast::Type;
using ast::VarId;

namespace {

constexpr std::size_t index_of(Type type) { return static_cast<std::size_t>(type); }
constexpr std::array kTypes = {Type::I32, Type::I64};

bool is_shift(Op op) { return op == Op::Shl || op == Op::ShrS || op == Op::ShrU || op == Op::Rotl || op == Op::Rotr; }

}  // namespace

void Writer::list_choices() {
  for (auto& list : choices_) list.clear();
  for (std::size_t i = 0; i < ast::kOpCount; ++i) {
    const auto op = static_cast<Op>(i);
    if (!config_->ops[i]) continue;
    for (const Type operand : kTypes) {
      if (ast::accepts(op, operand)) choices_[index_of(ast::result_type(op, operand))].push_back({op, operand});
    }
  }
}

NodeId Writer::leaf(Type type) {
  Builder build(*program_);
  if (!rng_->chance(config_->constant_percent, 100)) {
    const VarId variable = any_variable(type);
    if (variable.valid()) return build.load(variable);
  }
  return build.constant(type, config_->plain ? fit(type, rng_->next()) : draw_constant(*rng_, type));
}

NodeId Writer::expression(Type type, std::uint32_t depth) {
  if (depth == 0 || out_of_nodes() || rng_->chance(1, 6)) return leaf(type);
  return operation(type, depth);
}

NodeId Writer::operation(Type type, std::uint32_t depth) {
  Builder build(*program_);
  if (config_->selects && rng_->chance(1, 12)) {
    const NodeId chosen = condition();
    const NodeId if_true = expression(type, depth - 1);
    const NodeId if_false = expression(type, depth - 1);
    return build.select(chosen, if_true, if_false);
  }
  if (!config_->plain && rng_->chance(1, 8)) {
    if (const NodeId whole = idiom(type); whole.valid()) return whole;
  }
  const auto& choices = choices_[index_of(type)];
  if (choices.empty()) return leaf(type);
  const Choice choice = choices[rng_->below(static_cast<std::uint32_t>(choices.size()))];
  switch (ast::op_info(choice.op).op_class) {
    case OpClass::Unary:
      return build.unary(choice.op, expression(choice.operand, depth - 1));
    case OpClass::Convert:
      return build.convert(choice.op, expression(choice.operand, depth - 1));
    case OpClass::Binary:
    case OpClass::Compare:
      return binary(choice.op, choice.operand, depth);
  }
  return leaf(type);
}

NodeId Writer::binary(Op op, Type operand, std::uint32_t depth) {
  Builder build(*program_);
  const NodeId left = expression(operand, depth - 1);
  const NodeId right = second_operand(op, left, operand, depth - 1);
  return ast::op_info(op).op_class == OpClass::Binary ? build.binary(op, left, right) : build.compare(op, left, right);
}

NodeId Writer::second_operand(Op op, NodeId left, Type type, std::uint32_t depth) {
  Builder build(*program_);
  if (config_->plain) return expression(type, depth);
  if (ast::op_info(op).traps) return divisor(type, depth);
  if (is_shift(op) && rng_->chance(1, 2)) return build.constant(type, draw_shift_count(*rng_, type));
  // Operands that have to do with each other: the same variable twice, neighbouring constants.
  if (rng_->chance(1, 8)) {
    const ast::Node& other = program_->node(left);
    if (other.kind == ast::NodeKind::Load) return build.load(other.variable());
    if (other.kind == ast::NodeKind::Int) return build.constant(type, fit(type, other.bits() + rng_->below(3) - 1));
  }
  return expression(type, depth);
}

NodeId Writer::divisor(Type type, std::uint32_t depth) {
  Builder build(*program_);
  if (rng_->chance(config_->trap_percent, 100)) return expression(type, depth);
  if (rng_->chance(1, 2)) {
    const std::uint64_t bits = draw_constant(*rng_, type);
    // MIN / -1 traps as well, so -1 is left to the divisors that may be anything.
    const bool risky = bits == 0 || bits == fit(type, ~std::uint64_t{0});
    return build.constant(type, risky ? 3 : bits);
  }
  // Odd and positive: 1 to MAX.
  const NodeId value = expression(type, depth);
  const std::uint64_t most = fit(type, ~std::uint64_t{0}) >> 1;
  const NodeId positive = build.binary(Op::And, value, build.constant(type, most));
  return build.binary(Op::Or, positive, build.constant(type, 1));
}

NodeId Writer::condition() {
  Builder build(*program_);
  if (rng_->chance(1, 5)) return expression(draw_type(), 1);
  const Type type = draw_type();
  // Comparisons are the rows between the first and the last one of the table.
  constexpr auto kFirst = static_cast<std::uint32_t>(Op::Eq);
  constexpr auto kLast = static_cast<std::uint32_t>(Op::GeU);
  const auto op = static_cast<Op>(rng_->between(kFirst, kLast));
  const NodeId left = expression(type, 1);
  const NodeId right = second_operand(op, left, type, 1);
  return build.compare(op, left, right);
}

NodeId Writer::convert_to(Type type, NodeId value) {
  Builder build(*program_);
  const Type from = program_->node(value).type;
  if (from == type) return value;
  return build.convert(type == Type::I32 ? Op::Wrap : rng_->chance(1, 2) ? Op::ExtendS : Op::ExtendU, value);
}

}  // namespace assay::fuzz
