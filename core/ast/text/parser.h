// Parser: recursive descent from tokens to a Program, with types worked out on the way.
//
// Types are needed while parsing, not after, because a literal without a suffix takes the type its context demands: an
// expression of such literals alone stays *open* until something decides, and is then settled. Every recursion is
// bounded before it happens: statements and expressions by kMaxDepth, and so are parentheses, which make no nodes.
//
// The first error ends the parse; functions return false then.
//
// Tested by core/ast/test/text_test.cc and core/ast/test/text_errors_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/program.h"
#include "core/ast/text/lexer.h"
#include "core/base/result.h"

namespace assay::ast::text {

// A parsed expression.
struct Expression {
  NodeId id;
  Type type = Type::I32;
  bool open = false;         // made of literals that wait for a type; `type` is i32 so far
  std::uint32_t height = 1;  // levels of nodes
};

class Parser {
 public:
  explicit Parser(std::string_view source) : lexer_(source), builder_(program_) {}

  [[nodiscard]] base::Result<Program> run();

 private:
  // parser.cc: the program and its statements.
  bool parse_file();
  bool parse_slots();
  bool parse_slot();
  bool parse_type(Type& type);
  bool parse_block(std::uint32_t depth, NodeId& first);
  bool parse_statements(std::uint32_t depth, NodeId& first);
  bool parse_statement(std::uint32_t depth, NodeId& id);
  bool parse_let(std::uint32_t depth, NodeId& id);
  bool parse_store(std::uint32_t depth, NodeId& id);
  bool parse_if(std::uint32_t depth, NodeId& id);
  bool parse_else(std::uint32_t depth, NodeId& first);
  bool parse_loop(NodeKind kind, std::uint32_t depth, NodeId& id);
  bool parse_jump(NodeKind kind, std::uint32_t depth, NodeId& id);
  bool parse_condition(std::uint32_t depth, Expression& condition);
  bool parse_assigned(VarId variable, std::uint32_t depth, Expression& value);
  bool check_new_name(const Token& name, std::uint32_t limit, const char* what);
  bool find_variable(const Token& name, VarId& variable);

  // expressions.cc
  bool parse_value(std::uint32_t depth, Expression& value);
  bool parse_binary(std::uint8_t min_level, std::uint32_t nesting, Expression& value);
  bool parse_prefixed(std::uint32_t nesting, Expression& value);
  bool parse_primary(std::uint32_t nesting, Expression& value);
  bool parse_name(std::uint32_t nesting, Expression& value);
  bool parse_call(const Token& name, std::uint32_t nesting, Expression& value);
  bool parse_arguments(const Token& name, std::size_t count, std::uint32_t nesting);
  bool parse_literal(bool negative, base::SourcePosition position, Expression& value);
  bool apply_unary(Op op, const Token& where, Expression& value);
  bool apply_binary(Op op, const Token& where, Expression left, Expression right, Expression& value);
  bool apply_convert(Op op, const Token& where, Expression& value);
  bool apply_select(const Token& where, Expression condition, Expression if_true, Expression if_false,
                    Expression& value);
  bool settle(Expression& value, Type type);
  bool settle_node(NodeId id, Type type);
  bool settle_literal(NodeId id, Type type);
  bool finish_node(const Token& where, std::uint32_t height);

  // Shared.
  void advance() { token_ = lexer_.next(); }
  bool expect(std::string_view symbol, const char* place);
  bool fail(base::SourcePosition position, std::string message);
  bool unexpected(const std::string& wanted);
  bool too_deep(const Token& where);
  bool room_for_node(base::SourcePosition position);

  Lexer lexer_;
  Program program_;
  Builder builder_;
  Token token_;  // the one to be parsed next
  // Ordered rather than hashed: no choice of names is slow.
  std::map<std::string_view, VarId> visible_;
  std::vector<std::string_view> scope_;  // the names in `visible_`, in order of declaration
  std::vector<Token> prefixes_;          // prefix operators that wait for their operand
  std::vector<Expression> arguments_;    // of the calls being parsed
  std::uint32_t loops_ = 0;              // around the statement being parsed
  std::uint32_t statement_depth_ = 0;    // of the statement whose expression is being parsed
  std::optional<base::Error> error_;
};

}  // namespace assay::ast::text
