// Expressions and the types of literals; see parser.h.
//
// Tested by core/ast/test/text_test.cc and core/ast/test/text_errors_test.cc.
#include <algorithm>
#include <charconv>

#include "core/ast/limits.h"
#include "core/ast/names.h"
#include "core/ast/text/parser.h"

namespace assay::ast::text {
namespace {

// How a literal was spelled, kept in the node's field c until its type is settled.
constexpr std::uint32_t kNegative = 1;
constexpr std::uint32_t kHex = 2;

std::optional<Op> find_infix(const Token& token) {
  if (token.kind != TokenKind::Symbol) return std::nullopt;
  for (std::size_t i = 0; i < kOpCount; ++i) {
    const OpInfo& info = op_info(static_cast<Op>(i));
    if (info.level != 0 && info.infix == token.text) return static_cast<Op>(i);
  }
  return std::nullopt;
}

std::optional<Op> find_prefix(const Token& token) {
  if (token.kind != TokenKind::Symbol) return std::nullopt;
  for (std::size_t i = 0; i < kOpCount; ++i) {
    const OpInfo& info = op_info(static_cast<Op>(i));
    if (info.op_class == OpClass::Unary && info.infix == token.text) return static_cast<Op>(i);
  }
  return std::nullopt;
}

std::string range_of(Type type) {
  return type == Type::I32 ? "i32 (-2147483648 to 2147483647, or 0x0 to 0xffffffff)"
                           : "i64 (-9223372036854775808 to 9223372036854775807, or 0x0 to 0xffffffffffffffff)";
}

std::string text_of(Type type) { return std::string(type_name(type)); }

}  // namespace

bool Parser::parse_value(std::uint32_t depth, Expression& value) {
  statement_depth_ = depth;
  return parse_binary(1, depth, value);
}

// Precedence climbing; all infix operators associate to the left. `nesting` counts what is around, statements included.
bool Parser::parse_binary(std::uint8_t min_level, std::uint32_t nesting, Expression& value) {
  if (!parse_prefixed(nesting, value)) return false;
  while (true) {
    const Token where = token_;
    const std::optional<Op> op = find_infix(where);
    if (!op || op_info(*op).level < min_level) return true;
    advance();
    Expression right;
    if (!parse_binary(static_cast<std::uint8_t>(op_info(*op).level + 1), nesting, right)) return false;
    if (!apply_binary(*op, where, value, right, value)) return false;
  }
}

// Without recursion, because prefix operators nest without any bracket.
bool Parser::parse_prefixed(std::uint32_t nesting, Expression& value) {
  const std::size_t outer = prefixes_.size();
  while (find_prefix(token_)) {
    if (prefixes_.size() - outer == kMaxDepth) return too_deep(token_);
    prefixes_.push_back(token_);
    advance();
  }
  const bool negative =
      token_.kind == TokenKind::Number && prefixes_.size() > outer && prefixes_.back().text == op_info(Op::Neg).infix;
  if (negative) {
    const base::SourcePosition position = prefixes_.back().position;
    prefixes_.pop_back();
    if (!parse_literal(true, position, value)) return false;
  } else if (!parse_primary(nesting, value)) {
    return false;
  }
  while (prefixes_.size() > outer) {
    const Token where = prefixes_.back();
    prefixes_.pop_back();
    if (!apply_unary(*find_prefix(where), where, value)) return false;
  }
  return true;
}

bool Parser::parse_primary(std::uint32_t nesting, Expression& value) {
  if (token_.kind == TokenKind::Number) return parse_literal(false, token_.position, value);
  if (token_.kind == TokenKind::Name) return parse_name(nesting, value);
  if (!token_.is("(")) return unexpected("an expression");
  if (nesting >= kMaxDepth) return too_deep(token_);
  advance();
  return parse_binary(1, nesting + 1, value) && expect(")", "after the expression");
}

bool Parser::parse_name(std::uint32_t nesting, Expression& value) {
  const Token name = token_;
  const bool callable = name.text == "select" || find_op(name.text).has_value();
  if (is_reserved(name.text) && !callable) return unexpected("an expression");
  advance();
  if (callable) return parse_call(name, nesting, value);
  if (token_.is("(")) return fail(name.position, quoted(name.text) + " is not the name of an operator");
  VarId variable;
  if (!find_variable(name, variable) || !room_for_node(name.position)) return false;
  const NodeId id = builder_.load(variable);
  value = {id, program_.variable_type(variable), false, 1};
  program_.set_position(id, name.position);
  return finish_node(name, 1);
}

bool Parser::parse_call(const Token& name, std::uint32_t nesting, Expression& value) {
  const std::optional<Op> op = find_op(name.text);
  const OpClass op_class = op ? op_info(*op).op_class : OpClass::Unary;
  const bool two = op_class == OpClass::Binary || op_class == OpClass::Compare;
  const std::size_t count = !op ? 3 : two ? 2 : 1;
  if (nesting >= kMaxDepth) return too_deep(name);
  const std::size_t outer = arguments_.size();
  if (!parse_arguments(name, count, nesting + 1)) return false;
  const Expression* const arguments = &arguments_[outer];
  bool good = false;
  if (!op) {
    good = apply_select(name, arguments[0], arguments[1], arguments[2], value);
  } else if (two) {
    good = apply_binary(*op, name, arguments[0], arguments[1], value);
  } else {
    value = arguments[0];
    good = op_class == OpClass::Unary ? apply_unary(*op, name, value) : apply_convert(*op, name, value);
  }
  arguments_.resize(outer);
  return good;
}

// Leaves exactly `count` more expressions on `arguments_`.
bool Parser::parse_arguments(const Token& name, std::size_t count, std::uint32_t nesting) {
  const std::string operands = std::to_string(count) + (count == 1 ? " operand" : " operands");
  if (!token_.is("(")) return unexpected("'(' and " + operands + " after " + quoted(name.text));
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && !token_.is(",")) return unexpected("',' and another of the " + operands + " of " + quoted(name.text));
    advance();
    Expression argument;
    if (!parse_binary(1, nesting, argument)) return false;
    arguments_.push_back(argument);
  }
  if (!token_.is(")")) return unexpected("')' after the " + operands + " of " + quoted(name.text));
  advance();
  return true;
}

bool Parser::parse_literal(bool negative, base::SourcePosition position, Expression& value) {
  const Token number = token_;
  std::string_view digits = number.text;
  const bool is_i64 = digits.ends_with('L');
  if (is_i64) digits.remove_suffix(1);
  const bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
  if (hex) digits.remove_prefix(2);
  std::uint64_t magnitude = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, hex ? 16 : 10);
  if (read.ec != std::errc()) {
    return fail(position, "the number " + quoted(number.text) + " is outside the range of " + range_of(Type::I64));
  }
  if (!room_for_node(position)) return false;
  advance();
  const NodeId id = builder_.constant(Type::I64, magnitude);
  program_.node(id).type = Type::I32;
  program_.node(id).c = (negative ? kNegative : 0U) | (hex ? kHex : 0U);
  program_.set_position(id, position);
  value = {id, Type::I32, true, 1};
  return finish_node(number, 1) && (!is_i64 || settle(value, Type::I64));
}

// Called for each node that has been made: the tree it roots must fit below its statement.
bool Parser::finish_node(const Token& where, std::uint32_t height) {
  return height + statement_depth_ <= kMaxDepth || too_deep(where);
}

bool Parser::apply_unary(Op op, const Token& where, Expression& value) {
  if (result_type(op, Type::I64) != Type::I64 && !settle(value, Type::I32)) return false;
  if (!room_for_node(where.position)) return false;
  value.id = builder_.unary(op, value.id);
  value.type = program_.node(value.id).type;
  program_.set_position(value.id, where.position);
  return finish_node(where, ++value.height);
}

bool Parser::apply_binary(Op op, const Token& where, Expression left, Expression right, Expression& value) {
  const bool compares = op_info(op).op_class == OpClass::Compare;
  if (left.open && right.open) {
    if (compares && (!settle(left, Type::I32) || !settle(right, Type::I32))) return false;
  } else if (!settle(left, right.type) || !settle(right, left.type)) {
    return false;
  }
  if (left.type != right.type) {
    return fail(where.position, quoted(where.text) + " needs two operands of one type, found " + text_of(left.type) +
                                    " and " + text_of(right.type));
  }
  if (!room_for_node(where.position)) return false;
  const NodeId id = compares ? builder_.compare(op, left.id, right.id) : builder_.binary(op, left.id, right.id);
  value = {id, program_.node(id).type, left.open, std::max(left.height, right.height) + 1};
  program_.set_position(id, where.position);
  return finish_node(where, value.height);
}

bool Parser::apply_convert(Op op, const Token& where, Expression& value) {
  const TypeRule rule = op_info(op).operand;
  const Type wanted = rule == TypeRule::I64 ? Type::I64 : Type::I32;
  if (rule != TypeRule::Same && !settle(value, wanted)) return false;
  if (!accepts(op, value.type)) {
    return fail(where.position,
                quoted(where.text) + " needs an operand of type " + text_of(wanted) + ", found " + text_of(value.type));
  }
  if (!room_for_node(where.position)) return false;
  value.id = builder_.convert(op, value.id);
  value.type = program_.node(value.id).type;
  program_.set_position(value.id, where.position);
  return finish_node(where, ++value.height);
}

bool Parser::apply_select(const Token& where, Expression condition, Expression if_true, Expression if_false,
                          Expression& value) {
  if (!settle(condition, Type::I32)) return false;
  if (if_true.open != if_false.open && (!settle(if_true, if_false.type) || !settle(if_false, if_true.type))) {
    return false;
  }
  if (if_true.type != if_false.type) {
    return fail(where.position, "'select' needs two values of one type, found " + text_of(if_true.type) + " and " +
                                    text_of(if_false.type));
  }
  if (!room_for_node(where.position)) return false;
  const NodeId id = builder_.select(condition.id, if_true.id, if_false.id);
  value = {id, if_true.type, if_true.open, std::max({condition.height, if_true.height, if_false.height}) + 1};
  program_.set_position(id, where.position);
  return finish_node(where, value.height);
}

// Gives an open expression its type; others keep theirs. Each node is settled once.
bool Parser::settle(Expression& value, Type type) {
  if (!value.open) return true;
  value.open = false;
  value.type = type;
  return settle_node(value.id, type);
}

bool Parser::settle_node(NodeId id, Type type) {
  Node& node = program_.node(id);
  node.type = type;
  switch (node.kind) {
    case NodeKind::Int:
      return settle_literal(id, type);
    case NodeKind::Unary:
    case NodeKind::Convert:
      return settle_node(node.child_a(), type);
    case NodeKind::Binary:
      return settle_node(node.child_a(), type) && settle_node(node.child_b(), type);
    default:  // Select: its condition has been settled by itself
      return settle_node(node.child_b(), type) && settle_node(node.child_c(), type);
  }
}

bool Parser::settle_literal(NodeId id, Type type) {
  Node& node = program_.node(id);
  const std::uint64_t magnitude = node.bits();
  const bool negative = (node.c & kNegative) != 0;
  const std::uint64_t sign = std::uint64_t{1} << (bit_width(type) - 1);
  const bool whole_range = (node.c & kHex) != 0 && !negative;
  const std::uint64_t most = whole_range ? sign + (sign - 1) : negative ? sign : sign - 1;
  if (magnitude > most) {
    return fail(program_.position(id), "the number " + quoted((negative ? "-" : "") + std::to_string(magnitude)) +
                                           " is outside the range of " + range_of(type));
  }
  const std::uint64_t bits = negative ? ~magnitude + 1 : magnitude;
  node.a = static_cast<std::uint32_t>(bits);
  node.b = type == Type::I32 ? 0 : static_cast<std::uint32_t>(bits >> 32);
  node.c = NodeId::kNoneValue;
  return true;
}

}  // namespace assay::ast::text
