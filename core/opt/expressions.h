// What the passes that move or copy expressions ask of them, and what they do with them.
//
// Expressions have no effect but a trap, so whether one may be evaluated elsewhere, more often or not at all comes down
// to whether it can trap and to what it reads. The copies here are what keeps the arena a tree.
//
// Tested by core/opt/test/expressions_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/op.h"
#include "core/ast/program.h"

namespace assay::opt {

// Whether the arena holds a node of that kind. Passes that have nothing to do without one ask before they copy.
[[nodiscard]] bool has_kind(const ast::Program& program, ast::NodeKind kind);

// Whether the operation at the top of `id` traps for some values of its operands; a constant divisor tells.
[[nodiscard]] bool operation_can_trap(const ast::Program& program, ast::NodeId id);

// Whether evaluating `id` can trap.
[[nodiscard]] bool can_trap(const ast::Program& program, ast::NodeId id);

// Number of nodes, but no more than `most` are looked at: a larger expression gives most + 1.
[[nodiscard]] std::uint32_t expression_size(const ast::Program& program, ast::NodeId id, std::uint32_t most);

// Levels of nodes above each other; 1 for a constant.
[[nodiscard]] std::uint32_t expression_height(const ast::Program& program, ast::NodeId id);

// Levels of statements and expressions from a statement down; 1 for a `break`.
[[nodiscard]] std::uint32_t statement_height(const ast::Program& program, ast::NodeId id);

// Of the highest one of a list; 0 of none.
[[nodiscard]] std::uint32_t block_height(const ast::Program& program, ast::NodeId first);

// Whether the operands may be exchanged.
[[nodiscard]] bool is_commutative(ast::Op op);

// Whether the variable is loaded in the expression.
[[nodiscard]] bool mentions(const ast::Program& program, ast::NodeId id, ast::VarId variable);

// A comparison of variables and of constants that an instruction can hold: where it decides something it is as quick as
// a test of its truth.
[[nodiscard]] bool is_quick_comparison(const ast::Program& program, ast::NodeId id);

// A tree of its own with the same value.
[[nodiscard]] ast::NodeId copy_expression(ast::Program& program, ast::NodeId id);

// Same tree.
[[nodiscard]] bool same_expression(const ast::Program& program, ast::NodeId left, ast::NodeId right);

// Names that no variable of the program has: the stem and the first free numbers. Names that a variable gets by other
// means after the first call are not known of.
class FreshNames {
 public:
  FreshNames(const ast::Program& program, std::string_view stem) : program_(program), stem_(stem) {}

  [[nodiscard]] std::string next();

 private:
  void find_taken();

  const ast::Program& program_;
  std::string stem_;
  std::vector<bool> taken_;  // by number; filled on first use
  std::uint32_t number_ = 0;
};

}  // namespace assay::opt
