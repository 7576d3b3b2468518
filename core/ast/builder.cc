// Programs written in C++; see builder.h. Tested by core/ast/test/builder_test.cc.
#include "core/ast/builder.h"

namespace assay::ast {
namespace {

Node statement(NodeKind kind, std::uint32_t a = NodeId::kNoneValue, std::uint32_t b = NodeId::kNoneValue,
               std::uint32_t c = NodeId::kNoneValue) {
  Node node;
  node.kind = kind;
  node.a = a;
  node.b = b;
  node.c = c;
  return node;
}

Node expression(NodeKind kind, Type type, std::uint32_t a, std::uint32_t b = NodeId::kNoneValue,
                std::uint32_t c = NodeId::kNoneValue) {
  Node node = statement(kind, a, b, c);
  node.type = type;
  return node;
}

}  // namespace

NodeId Builder::constant(Type type, std::uint64_t bits) {
  const auto high = type == Type::I32 ? 0U : static_cast<std::uint32_t>(bits >> 32);
  return program_.add_node(expression(NodeKind::Int, type, static_cast<std::uint32_t>(bits), high));
}

NodeId Builder::load(VarId variable) {
  return program_.add_node(expression(NodeKind::Load, program_.variable_type(variable), variable.value));
}

NodeId Builder::unary(Op op, NodeId operand) {
  Node node = expression(NodeKind::Unary, result_type(op, program_.node(operand).type), operand.value);
  node.op = op;
  return program_.add_node(node);
}

NodeId Builder::binary(Op op, NodeId left, NodeId right) {
  Node node = expression(NodeKind::Binary, result_type(op, program_.node(left).type), left.value, right.value);
  node.op = op;
  return program_.add_node(node);
}

NodeId Builder::compare(Op op, NodeId left, NodeId right) {
  Node node = expression(NodeKind::Compare, Type::I32, left.value, right.value);
  node.op = op;
  return program_.add_node(node);
}

NodeId Builder::convert(Op op, NodeId operand) {
  Node node = expression(NodeKind::Convert, result_type(op, program_.node(operand).type), operand.value);
  node.op = op;
  return program_.add_node(node);
}

NodeId Builder::select(NodeId condition, NodeId if_true, NodeId if_false) {
  return program_.add_node(
      expression(NodeKind::Select, program_.node(if_true).type, condition.value, if_true.value, if_false.value));
}

NodeId Builder::let(VarId variable, NodeId value) {
  return program_.add_node(statement(NodeKind::Let, variable.value, value.value));
}
NodeId Builder::store(VarId variable, NodeId value) {
  return program_.add_node(statement(NodeKind::Store, variable.value, value.value));
}
NodeId Builder::if_else(NodeId condition, NodeId then_block, NodeId else_block) {
  return program_.add_node(statement(NodeKind::If, condition.value, then_block.value, else_block.value));
}
NodeId Builder::loop(NodeId count, NodeId body) {
  return program_.add_node(statement(NodeKind::Loop, count.value, body.value));
}
NodeId Builder::while_loop(NodeId condition, NodeId body) {
  return program_.add_node(statement(NodeKind::While, condition.value, body.value));
}
NodeId Builder::break_loop() { return program_.add_node(statement(NodeKind::Break)); }
NodeId Builder::continue_loop() { return program_.add_node(statement(NodeKind::Continue)); }
NodeId Builder::return_value(NodeId value) { return program_.add_node(statement(NodeKind::Return, value.value)); }
NodeId Builder::return_nothing() { return program_.add_node(statement(NodeKind::Return)); }
NodeId Builder::push(NodeId value) { return program_.add_node(statement(NodeKind::Push, value.value)); }
NodeId Builder::print(NodeId value) { return program_.add_node(statement(NodeKind::Print, value.value)); }

NodeId Builder::block(std::span<const NodeId> statements) {
  for (std::size_t i = 1; i < statements.size(); ++i) program_.node(statements[i - 1]).next = statements[i];
  return statements.empty() ? NodeId::none() : statements.front();
}

}  // namespace assay::ast
