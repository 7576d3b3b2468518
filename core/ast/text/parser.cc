// Programs and statements; see parser.h and text.h.
//
// Tested by core/ast/test/text_test.cc and core/ast/test/text_errors_test.cc.
#include "core/ast/text/parser.h"

#include <utility>

#include "core/ast/limits.h"
#include "core/ast/names.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace text {

bool Parser::fail(base::SourcePosition position, std::string message) {
  error_ = base::input_error(std::move(message), position);
  return false;
}

bool Parser::unexpected(const std::string& wanted) {
  if (token_.kind == TokenKind::Bad) return fail(token_.position, lexer_.problem());
  return fail(token_.position, "expected " + wanted + ", found " + describe(token_));
}

bool Parser::expect(std::string_view symbol, const char* place) {
  if (!token_.is(symbol)) return unexpected("'" + std::string(symbol) + "' " + place);
  advance();
  return true;
}

bool Parser::too_deep(const Token& where) {
  return fail(where.position, "the program is nested deeper than " + std::to_string(kMaxDepth) + " levels");
}

bool Parser::room_for_node(base::SourcePosition position) {
  return program_.node_count() < kMaxNodes ||
         fail(position, "the program has more than " + std::to_string(kMaxNodes) + " nodes");
}

base::Result<Program> Parser::run() {
  advance();
  if (!parse_file()) return std::move(*error_);
  // The parser lets nothing through that the verifier would refuse; asking keeps that from resting on this file alone.
  if (auto verified = verify(program_); !verified) return verified.error();
  return std::move(program_);
}

bool Parser::parse_file() {
  if (const auto& line = lexer_.version_line(); line && (line->version == 0 || line->version > kTextVersion)) {
    return fail(line->position, "this file has a format version that this build cannot read: it reads version 1 to " +
                                    std::to_string(kTextVersion));
  }
  if (!expect("program", "at the start of the file")) return false;
  if (token_.kind != TokenKind::Name) return unexpected("the program's name");
  program_.set_name(token_.text);
  advance();
  if (!parse_slots()) return false;
  NodeId body;
  if (!parse_block(1, body)) return false;
  program_.set_body(body);
  return token_.kind == TokenKind::End || unexpected("the end of the file, which holds one program");
}

bool Parser::parse_slots() {
  if (!expect("(", "before the program's slots")) return false;
  if (!token_.is(")")) {
    if (!parse_slot()) return false;
    while (token_.is(",")) {
      advance();
      if (!parse_slot()) return false;
    }
  }
  return expect(")", "after the program's slots");
}

bool Parser::parse_slot() {
  Type type = Type::I32;
  if (!parse_type(type)) return false;
  if (!check_new_name(token_, kMaxSlots, "slots")) return false;
  visible_[token_.text] = builder_.slot(token_.text, type);
  advance();
  return true;
}

bool Parser::parse_type(Type& type) {
  if (!token_.is("i32") && !token_.is("i64")) return unexpected("a type, 'i32' or 'i64'");
  type = token_.is("i32") ? Type::I32 : Type::I64;
  advance();
  return true;
}

bool Parser::check_new_name(const Token& name, std::uint32_t limit, const char* what) {
  if (name.kind != TokenKind::Name) return unexpected("a variable's name");
  if (is_reserved(name.text)) {
    return fail(name.position, quoted(name.text) + " is a reserved word and cannot name a variable");
  }
  if (visible_.contains(name.text)) {
    return fail(name.position, "the name " + quoted(name.text) + " is already in use here");
  }
  return program_.variable_count() < limit ||
         fail(name.position, "the program has more than " + std::to_string(limit) + " " + what);
}

bool Parser::find_variable(const Token& name, VarId& variable) {
  const auto found = visible_.find(name.text);
  if (found == visible_.end()) {
    return fail(name.position, "the variable " + quoted(name.text) + " is not declared here");
  }
  variable = found->second;
  return true;
}

// `depth` is that of the statements inside.
bool Parser::parse_block(std::uint32_t depth, NodeId& first) {
  if (!expect("{", "before a block")) return false;
  const std::size_t outer = scope_.size();
  if (!parse_statements(depth, first)) return false;
  for (; scope_.size() > outer; scope_.pop_back()) visible_.erase(scope_.back());
  return expect("}", "at the end of a block");
}

bool Parser::parse_statements(std::uint32_t depth, NodeId& first) {
  NodeId last;
  while (!token_.is("}")) {
    NodeId id;
    if (!parse_statement(depth, id)) return false;
    if (last.valid()) {
      program_.node(last).next = id;
    } else {
      first = id;
    }
    last = id;
  }
  return true;
}

bool Parser::parse_statement(std::uint32_t depth, NodeId& id) {
  const base::SourcePosition position = token_.position;
  if (token_.kind != TokenKind::Name) return unexpected("a statement or '}'");
  if (depth > kMaxDepth) return too_deep(token_);
  bool good = false;
  if (token_.is("let")) {
    good = parse_let(depth, id);
  } else if (token_.is("if")) {
    good = parse_if(depth, id);
  } else if (token_.is("loop")) {
    good = parse_loop(NodeKind::Loop, depth, id);
  } else if (token_.is("while")) {
    good = parse_loop(NodeKind::While, depth, id);
  } else if (token_.is("break")) {
    good = parse_jump(NodeKind::Break, depth, id);
  } else if (token_.is("continue")) {
    good = parse_jump(NodeKind::Continue, depth, id);
  } else if (token_.is("return")) {
    good = parse_jump(NodeKind::Return, depth, id);
  } else if (token_.is("push")) {
    good = parse_jump(NodeKind::Push, depth, id);
  } else if (token_.is("print")) {
    good = parse_jump(NodeKind::Print, depth, id);
  } else if (!is_reserved(token_.text)) {
    good = parse_store(depth, id);
  } else {
    return unexpected("a statement or '}'");
  }
  if (!good) return false;
  program_.set_position(id, position);
  return true;
}

bool Parser::parse_let(std::uint32_t depth, NodeId& id) {
  advance();
  Type type = Type::I32;
  if (!parse_type(type)) return false;
  const Token name = token_;
  if (!check_new_name(name, kMaxVariables, "variables")) return false;
  advance();
  // Declared before its value is parsed, because the value's type is the variable's; visible only afterwards.
  const VarId variable = builder_.local(name.text, type);
  Expression value;
  if (!parse_assigned(variable, depth, value) || !room_for_node(name.position)) return false;
  visible_[name.text] = variable;
  scope_.push_back(name.text);
  id = builder_.let(variable, value.id);
  return expect(";", "after the value");
}

bool Parser::parse_store(std::uint32_t depth, NodeId& id) {
  const Token name = token_;
  VarId variable;
  if (!find_variable(name, variable)) return false;
  advance();
  Expression value;
  if (!parse_assigned(variable, depth, value) || !room_for_node(name.position)) return false;
  id = builder_.store(variable, value.id);
  return expect(";", "after the value");
}

bool Parser::parse_assigned(VarId variable, std::uint32_t depth, Expression& value) {
  if (!expect("=", "after the variable")) return false;
  const base::SourcePosition start = token_.position;
  if (!parse_value(depth, value)) return false;
  const Type type = program_.variable_type(variable);
  if (value.open) return settle(value, type);
  return value.type == type ||
         fail(start, quoted(program_.variable_name(variable)) + " is " + std::string(type_name(type)) +
                         " and cannot hold a value of type " + std::string(type_name(value.type)));
}

bool Parser::parse_condition(std::uint32_t depth, Expression& condition) {
  if (!expect("(", "before the condition or count")) return false;
  if (!parse_value(depth, condition) || !settle(condition, Type::I32)) return false;
  return expect(")", "after the condition or count");
}

bool Parser::parse_if(std::uint32_t depth, NodeId& id) {
  const base::SourcePosition position = token_.position;
  advance();
  Expression condition;
  NodeId then_block;
  NodeId else_block;
  if (!parse_condition(depth, condition) || !room_for_node(position)) return false;
  if (!parse_block(depth + 1, then_block)) return false;
  if (token_.is("else")) {
    advance();
    if (!parse_else(depth + 1, else_block)) return false;
  }
  if (!room_for_node(position)) return false;
  id = builder_.if_else(condition.id, then_block, else_block);
  return true;
}

bool Parser::parse_else(std::uint32_t depth, NodeId& first) {
  return token_.is("if") ? parse_statement(depth, first) : parse_block(depth, first);
}

bool Parser::parse_loop(NodeKind kind, std::uint32_t depth, NodeId& id) {
  const base::SourcePosition position = token_.position;
  advance();
  Expression condition;
  NodeId body;
  if (!parse_condition(depth, condition)) return false;
  ++loops_;
  if (!parse_block(depth + 1, body)) return false;
  --loops_;
  if (!room_for_node(position)) return false;
  id = kind == NodeKind::Loop ? builder_.loop(condition.id, body) : builder_.while_loop(condition.id, body);
  return true;
}

// break, continue, return, push and print: one word, for the last three with a value.
bool Parser::parse_jump(NodeKind kind, std::uint32_t depth, NodeId& id) {
  const Token word = token_;
  if (kind == NodeKind::Break || kind == NodeKind::Continue) {
    if (loops_ == 0) return fail(word.position, quoted(word.text) + " stands outside a loop");
  }
  if (kind == NodeKind::Push && loops_ != 0) {
    return fail(word.position, "'push' stands inside a loop, where the depth of the operand stack would not be known");
  }
  advance();
  const bool bare =
      kind == NodeKind::Break || kind == NodeKind::Continue || (kind == NodeKind::Return && token_.is(";"));
  Expression value;
  if (!bare && (!parse_value(depth, value) || !settle(value, Type::I32))) return false;
  if (!room_for_node(word.position)) return false;
  switch (kind) {
    case NodeKind::Break:
      id = builder_.break_loop();
      break;
    case NodeKind::Continue:
      id = builder_.continue_loop();
      break;
    case NodeKind::Return:
      id = bare ? builder_.return_nothing() : builder_.return_value(value.id);
      break;
    case NodeKind::Push:
      id = builder_.push(value.id);
      break;
    default:
      id = builder_.print(value.id);
      break;
  }
  return expect(";", bare ? "after the statement" : "after the value");
}

}  // namespace text

base::Result<Program> parse_program(std::string_view source, std::string_view file) {
  base::Result<Program> result =
      source.size() <= kMaxFileBytes
          ? text::Parser(source).run()
          : base::input_error("the program is larger than the limit of " + std::to_string(kMaxFileBytes) + " bytes",
                              {1, 1});
  if (result) return result;
  base::Error error = result.error();
  error.file = file;
  return error;
}

}  // namespace assay::ast
