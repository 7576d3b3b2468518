// Builder: writes programs in C++ the way the text form writes them, filling in types from the table.
//
// It does not check: the verifier does. Operators must be given operands they accept, or the verifier will say so
// later.
//
// Tested by core/ast/test/builder_test.cc.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "core/ast/program.h"

namespace assay::ast {

class Builder {
 public:
  // Appends to `program`, which must outlive the builder.
  explicit Builder(Program& program) : program_(program) {}

  VarId slot(std::string_view name, Type type) { return program_.add_slot(name, type); }
  VarId local(std::string_view name, Type type) { return program_.add_local(name, type); }

  NodeId constant(Type type, std::uint64_t bits);  // bits beyond the type's width are dropped
  NodeId i32(std::int32_t value) { return constant(Type::I32, static_cast<std::uint32_t>(value)); }
  NodeId i64(std::int64_t value) { return constant(Type::I64, static_cast<std::uint64_t>(value)); }
  NodeId load(VarId variable);
  NodeId unary(Op op, NodeId operand);
  NodeId binary(Op op, NodeId left, NodeId right);
  NodeId compare(Op op, NodeId left, NodeId right);
  NodeId convert(Op op, NodeId operand);
  NodeId select(NodeId condition, NodeId if_true, NodeId if_false);

  NodeId let(VarId variable, NodeId value);
  NodeId store(VarId variable, NodeId value);
  NodeId if_else(NodeId condition, NodeId then_block, NodeId else_block = NodeId::none());
  NodeId loop(NodeId count, NodeId body);
  NodeId while_loop(NodeId condition, NodeId body);
  NodeId break_loop();
  NodeId continue_loop();
  NodeId return_value(NodeId value);
  NodeId return_nothing();
  NodeId push(NodeId value);
  NodeId print(NodeId value);

  // Links the statements into a block and gives its first one; none for an empty list.
  NodeId block(std::span<const NodeId> statements);
  NodeId block(std::initializer_list<NodeId> statements) {
    return block(std::span(statements.begin(), statements.size()));
  }

  void body(std::initializer_list<NodeId> statements) { program_.set_body(block(statements)); }

 private:
  Program& program_;
};

}  // namespace assay::ast
