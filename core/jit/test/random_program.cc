// The generator; see random_program.h. Tested by core/jit/test/random_test.cc.
#include "core/jit/test/random_program.h"

#include <algorithm>
#include <array>
#include <string>

namespace assay::jit::test {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::OpClass;
using ast::Type;
using ast::VarId;

std::uint64_t RandomProgram::value() {
  constexpr std::array<std::uint64_t, 16> kEdges = {
      0, 1, 2, 3, 7, 31, 32, 63, 64, 127, 128, 0x7FFFFFFF, 0x80000000U, 0xFFFFFFFFU, 1ULL << 63U, (1ULL << 63U) - 1};
  const std::uint64_t bits = rng_.next();
  switch (rng_.below(4)) {
    case 0:
      return bits;
    case 1:
      return bits >> rng_.below(64);
    case 2:
      return ~kEdges[bits % kEdges.size()] + rng_.below(2);
    default:
      return kEdges[bits % kEdges.size()];
  }
}

void RandomProgram::make(const RandomOptions& options, ast::Program& program) {
  options_ = options;
  program.clear();
  program_ = &program;
  visible_.clear();
  Builder builder(program);
  const std::uint32_t slots = rng_.between(1, options.most_slots);
  for (std::uint32_t i = 0; i < slots; ++i) visible_.push_back(builder.slot("s" + std::to_string(i), type()));
  program.set_body(block(builder, options.nesting, false));
}

NodeId RandomProgram::block(Builder& builder, std::uint32_t nesting, bool in_loop) {
  const std::size_t outer = visible_.size();
  std::vector<NodeId> statements;
  const std::uint32_t most = nesting == options_.nesting ? options_.statements : 4;
  const std::uint32_t count = rng_.between(1, most);
  for (std::uint32_t i = 0; i < count; ++i) statements.push_back(statement(builder, nesting, in_loop));
  visible_.resize(outer);
  return builder.block(statements);
}

NodeId RandomProgram::statement(Builder& builder, std::uint32_t nesting, bool in_loop) {
  const std::uint32_t kind = rng_.below(nesting == 0 ? 12 : 18);
  if (kind < 6) {
    const VarId variable = visible_[rng_.below(static_cast<std::uint32_t>(visible_.size()))];
    return builder.store(variable, expression(builder, program_->variable_type(variable), options_.depth));
  }
  if (kind < 9) {
    const Type chosen = type();
    const NodeId initial = expression(builder, chosen, options_.depth);
    const VarId variable = builder.local("v" + std::to_string(program_->variable_count()), chosen);
    visible_.push_back(variable);
    return builder.let(variable, initial);
  }
  if (kind < 12) {
    if (in_loop) {
      // Not always, or loops would hardly ever reach their second statement.
      const NodeId leave = rng_.chance(1, 2) ? builder.break_loop() : builder.continue_loop();
      return builder.if_else(condition(builder),
                             rng_.chance(1, 8) ? builder.return_value(leaf(builder, type())) : leave);
    }
    if (rng_.chance(1, 8))
      return rng_.chance(1, 2) ? builder.return_value(leaf(builder, type())) : builder.push(leaf(builder, type()));
    return builder.push(expression(builder, type(), options_.depth));
  }
  if (kind < 15) {
    const NodeId chosen = condition(builder);
    const NodeId then_block = block(builder, nesting - 1, in_loop);
    return builder.if_else(chosen, then_block,
                           rng_.chance(1, 2) ? block(builder, nesting - 1, in_loop) : NodeId::none());
  }
  if (kind < 17) {
    const Type counter = type();
    const NodeId mask = builder.constant(counter, 7);
    const NodeId count = builder.binary(Op::And, expression(builder, counter, 2), mask);
    return builder.loop(count, block(builder, nesting - 1, true));
  }
  const NodeId chosen = condition(builder);
  return builder.while_loop(chosen, block(builder, nesting - 1, true));
}

NodeId RandomProgram::condition(Builder& builder) {
  const Type operand = type();
  if (rng_.chance(1, 4)) return expression(builder, operand, 2);
  const NodeId left = expression(builder, operand, 2);
  const NodeId right = expression(builder, operand, 1);
  const auto op = static_cast<Op>(static_cast<std::uint32_t>(Op::Eq) + rng_.below(10));
  return builder.compare(op, left, right);
}

NodeId RandomProgram::expression(Builder& builder, Type type, std::uint32_t depth) {
  return depth == 0 || rng_.chance(1, 4) ? leaf(builder, type) : operation(builder, type, depth - 1);
}

NodeId RandomProgram::leaf(Builder& builder, Type type) {
  if (rng_.chance(2, 3)) {
    const auto count = static_cast<std::uint32_t>(visible_.size());
    const std::uint32_t start = rng_.below(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const VarId variable = visible_[(start + i) % count];
      if (program_->variable_type(variable) == type) return builder.load(variable);
    }
  }
  return builder.constant(type, value());
}

NodeId RandomProgram::operation(Builder& builder, Type type, std::uint32_t depth) {
  if (rng_.chance(1, 16)) {
    const NodeId chosen = condition(builder);
    const NodeId if_true = expression(builder, type, depth);
    return builder.select(chosen, if_true, expression(builder, type, depth));
  }
  while (true) {
    const auto op = static_cast<Op>(rng_.below(ast::kOpCount));
    const Type operand = this->type();
    if (!ast::accepts(op, operand) || ast::result_type(op, operand) != type) continue;
    const ast::OpInfo& info = ast::op_info(op);
    // Most random divisions trap, which would end most programs at their first.
    if (info.traps && !rng_.chance(1, 4)) continue;
    const NodeId a = expression(builder, operand, depth);
    if (info.op_class == OpClass::Unary) return builder.unary(op, a);
    if (info.op_class == OpClass::Convert) return builder.convert(op, a);
    NodeId b = expression(builder, operand, depth);
    if (info.traps && rng_.chance(3, 4)) b = builder.binary(Op::Or, b, builder.constant(operand, 1));
    return info.op_class == OpClass::Binary ? builder.binary(op, a, b) : builder.compare(op, a, b);
  }
}

}  // namespace assay::jit::test
