// Questions about expressions; see expressions.h. Tested by core/opt/test/expressions_test.cc.
//
// Recursion is bounded by kMaxDepth.
#include "core/opt/expressions.h"

#include <algorithm>
#include <optional>

#include "core/ast/limits.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Type;
using ast::VarId;

// How many of a, b and c are operands.
unsigned operand_count(NodeKind kind) {
  switch (kind) {
    case NodeKind::Unary:
    case NodeKind::Convert:
      return 1;
    case NodeKind::Binary:
    case NodeKind::Compare:
      return 2;
    case NodeKind::Select:
      return 3;
    default:
      return 0;
  }
}

void count_nodes(const ast::Program& program, NodeId id, std::uint32_t most, std::uint32_t& count) {
  if (count > most) return;
  ++count;
  const Node& node = program.node(id);
  const unsigned operands = operand_count(node.kind);
  if (operands > 0) count_nodes(program, node.child_a(), most, count);
  if (operands > 1) count_nodes(program, node.child_b(), most, count);
  if (operands > 2) count_nodes(program, node.child_c(), most, count);
}

// The number that `name` is behind `stem`, spelled the way FreshNames does.
std::optional<std::uint32_t> number_behind(std::string_view name, std::string_view stem) {
  if (!name.starts_with(stem)) return std::nullopt;
  const std::string_view digits = name.substr(stem.size());
  constexpr std::size_t kMostDigits = 6;  // more than the number of variables has
  if (digits.empty() || digits.size() > kMostDigits || (digits[0] == '0' && digits.size() > 1)) return std::nullopt;
  std::uint32_t number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return number;
}

}  // namespace

bool has_kind(const ast::Program& program, NodeKind kind) {
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    if (program.node(NodeId{i}).kind == kind) return true;
  }
  return false;
}

bool operation_can_trap(const ast::Program& program, NodeId id) {
  const Node& node = program.node(id);
  if (node.kind != NodeKind::Binary || !ast::op_info(node.op).traps) return false;
  const Node& divisor = program.node(node.child_b());
  if (divisor.kind != NodeKind::Int || divisor.bits() == 0) return true;
  const std::uint64_t minus_one = divisor.type == Type::I32 ? 0xFFFFFFFFULL : ~0ULL;
  return node.op == Op::DivS && divisor.bits() == minus_one;
}

bool can_trap(const ast::Program& program, NodeId id) {
  if (operation_can_trap(program, id)) return true;
  const Node& node = program.node(id);
  const unsigned operands = operand_count(node.kind);
  return (operands > 0 && can_trap(program, node.child_a())) || (operands > 1 && can_trap(program, node.child_b())) ||
         (operands > 2 && can_trap(program, node.child_c()));
}

std::uint32_t expression_size(const ast::Program& program, NodeId id, std::uint32_t most) {
  std::uint32_t count = 0;
  count_nodes(program, id, most, count);
  return count;
}

std::uint32_t statement_height(const ast::Program& program, NodeId id) {
  const Node& node = program.node(id);
  const auto expression = [&program](NodeId value) { return value.valid() ? expression_height(program, value) : 0; };
  switch (node.kind) {
    case NodeKind::Let:
    case NodeKind::Store:
      return 1 + expression(node.child_b());
    case NodeKind::If:
      return 1 + std::max({expression(node.child_a()), block_height(program, node.child_b()),
                           block_height(program, node.child_c())});
    case NodeKind::Loop:
    case NodeKind::While:
      return 1 + std::max(expression(node.child_a()), block_height(program, node.child_b()));
    case NodeKind::Push:
    case NodeKind::Print:
    case NodeKind::Return:
      return 1 + expression(node.child_a());
    default:
      return 1;
  }
}

std::uint32_t block_height(const ast::Program& program, NodeId first) {
  std::uint32_t most = 0;
  for (NodeId id = first; id.valid(); id = program.node(id).next) most = std::max(most, statement_height(program, id));
  return most;
}

bool mentions(const ast::Program& program, NodeId id, ast::VarId variable) {
  const Node& node = program.node(id);
  switch (node.kind) {
    case NodeKind::Load:
      return node.variable() == variable;
    case NodeKind::Unary:
    case NodeKind::Convert:
      return mentions(program, node.child_a(), variable);
    case NodeKind::Binary:
    case NodeKind::Compare:
      return mentions(program, node.child_a(), variable) || mentions(program, node.child_b(), variable);
    case NodeKind::Select:
      return mentions(program, node.child_a(), variable) || mentions(program, node.child_b(), variable) ||
             mentions(program, node.child_c(), variable);
    default:
      return false;
  }
}

bool is_quick_comparison(const ast::Program& program, NodeId id) {
  const auto is_leaf = [&program](NodeId operand) {
    const Node& leaf = program.node(operand);
    if (leaf.kind == NodeKind::Load) return true;
    if (leaf.kind != NodeKind::Int) return false;
    const auto value = static_cast<std::int64_t>(leaf.bits());
    return leaf.type == Type::I32 || value == static_cast<std::int32_t>(value);
  };
  const Node& node = program.node(id);
  return node.kind == NodeKind::Compare && is_leaf(node.child_a()) && is_leaf(node.child_b());
}

bool is_commutative(ast::Op op) {
  switch (op) {
    case ast::Op::Add:
    case ast::Op::Mul:
    case ast::Op::And:
    case ast::Op::Or:
    case ast::Op::Xor:
    case ast::Op::Eq:
    case ast::Op::Ne:
      return true;
    default:
      return false;
  }
}

std::uint32_t expression_height(const ast::Program& program, NodeId id) {
  const Node& node = program.node(id);
  const unsigned operands = operand_count(node.kind);
  std::uint32_t below = 0;
  if (operands > 0) below = expression_height(program, node.child_a());
  if (operands > 1) below = std::max(below, expression_height(program, node.child_b()));
  if (operands > 2) below = std::max(below, expression_height(program, node.child_c()));
  return below + 1;
}

NodeId copy_expression(ast::Program& program, NodeId id) {
  Node fresh = program.node(id);
  const unsigned operands = operand_count(fresh.kind);
  if (operands > 0) fresh.a = copy_expression(program, fresh.child_a()).value;
  if (operands > 1) fresh.b = copy_expression(program, fresh.child_b()).value;
  if (operands > 2) fresh.c = copy_expression(program, fresh.child_c()).value;
  const NodeId copy = program.add_node(fresh);
  if (program.position(id).known()) program.set_position(copy, program.position(id));
  return copy;
}

bool same_expression(const ast::Program& program, NodeId left, NodeId right) {
  const Node& one = program.node(left);
  const Node& other = program.node(right);
  if (one.kind != other.kind || one.type != other.type) return false;
  if (one.kind == NodeKind::Int) return one.bits() == other.bits();
  if (one.kind == NodeKind::Load) return one.a == other.a;
  if (one.kind != NodeKind::Select && one.op != other.op) return false;
  const unsigned operands = operand_count(one.kind);
  return (operands < 1 || same_expression(program, one.child_a(), other.child_a())) &&
         (operands < 2 || same_expression(program, one.child_b(), other.child_b())) &&
         (operands < 3 || same_expression(program, one.child_c(), other.child_c()));
}

std::string FreshNames::next() {
  if (taken_.empty()) find_taken();
  while (number_ == taken_.size() || taken_[number_]) {
    if (number_ < taken_.size()) {
      ++number_;
      continue;
    }
    // Only after more names than there can be variables at a time.
    stem_ += '_';
    number_ = 0;
    find_taken();
  }
  taken_[number_] = true;
  return stem_ + std::to_string(number_++);
}

void FreshNames::find_taken() {
  taken_.assign(ast::kMaxVariables, false);
  for (std::uint32_t i = 0; i < program_.variable_count(); ++i) {
    const auto number = number_behind(program_.variable_name(VarId{i}), stem_);
    if (number && *number < taken_.size()) taken_[*number] = true;
  }
}

}  // namespace assay::opt
