// Rewriter: building replacement expressions in the arena that is being edited.
//
// A replacement is written over the node it replaces, so that whoever refers to it need not be told.
//
// Tested by core/opt/test/simplify_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/builder.h"
#include "core/ast/program.h"

namespace assay::opt {

class Rewriter {
 public:
  explicit Rewriter(ast::Program& program) : program_(program), builder_(program) {}

  [[nodiscard]] const ast::Node& node(ast::NodeId id) const { return program_.node(id); }
  [[nodiscard]] bool is_constant(ast::NodeId id) const { return node(id).kind == ast::NodeKind::Int; }
  [[nodiscard]] bool is_constant(ast::NodeId id, std::uint64_t bits) const {
    return is_constant(id) && node(id).bits() == bits;
  }
  [[nodiscard]] bool is_operation(ast::NodeId id, ast::Op op) const;

  // `id` becomes what `replacement` is; the replacement's own node is dead then.
  void replace(ast::NodeId id, ast::NodeId replacement);
  void replace_by_constant(ast::NodeId id, std::uint64_t bits);

  ast::NodeId constant(ast::Type type, std::uint64_t bits) { return builder_.constant(type, bits); }
  ast::NodeId unary(ast::Op op, ast::NodeId operand) { return builder_.unary(op, operand); }
  ast::NodeId binary(ast::Op op, ast::NodeId left, ast::NodeId right) { return builder_.binary(op, left, right); }
  ast::NodeId binary(ast::Op op, ast::NodeId left, std::uint64_t right) {
    return builder_.binary(op, left, constant(node(left).type, right));
  }
  ast::NodeId compare(ast::Op op, ast::NodeId left, ast::NodeId right) { return builder_.compare(op, left, right); }
  ast::NodeId select(ast::NodeId condition, ast::NodeId if_true, ast::NodeId if_false) {
    return builder_.select(condition, if_true, if_false);
  }
  ast::NodeId convert(ast::Op op, ast::NodeId operand) { return builder_.convert(op, operand); }
  // Another load of the variable that `load` loads.
  ast::NodeId load_again(ast::NodeId load) { return builder_.load(node(load).variable()); }

  ast::Program& program() { return program_; }

 private:
  ast::Program& program_;
  ast::Builder builder_;
};

[[nodiscard]] constexpr std::uint64_t mask_of(ast::Type type) {
  return type == ast::Type::I32 ? 0xFFFF'FFFFU : ~std::uint64_t{0};
}

}  // namespace assay::opt
