// Selection: from the AST to LIR.
//
// Comparisons that feed a branch become compare-and-branch; constants that fit become immediates; everything that can
// trap is checked by explicit branches, so that a division that reaches the CPU cannot fault.
//
// Tested by core/jit/test/statements_test.cc and operators_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"
#include "core/jit/lir.h"

namespace assay::jit {

// Reusable: keeps its memory between programs.
class Selector {
 public:
  // Precondition: verified and scalar. `lir` is overwritten.
  void select(const ast::Program& program, LirProgram& lir);

 private:
  // Where `break` and `continue` of the innermost loop go.
  struct LoopTargets {
    std::uint32_t break_label;
    std::uint32_t continue_label;
  };

  // Statements (select_statements.cc).
  void block(ast::NodeId first);
  void statement(ast::NodeId id);
  void push(ast::NodeId id);
  void if_else(const ast::Node& node);
  void counted_loop(const ast::Node& node);
  void branch_block(const ast::Node& branch);
  // `begins_true`: the condition is known to hold before the first round.
  void while_loop(const ast::Node& node, bool begins_true);
  [[nodiscard]] bool follows(ast::NodeId from, ast::NodeId condition) const;
  [[nodiscard]] bool is_asked_once(const ast::Node& let) const;
  // Whether a variable that the expression reads is wanted.
  template <class Wanted>
  [[nodiscard]] bool reads(ast::NodeId expression, const Wanted& wanted) const;

  // Expressions (select_expressions.cc). `into` asks for the value in that register; none leaves the choice to
  // selection.
  VReg value(ast::NodeId id, VReg into = VReg::none());
  VReg operation(ast::NodeId id, VReg into);
  VReg unary(ast::NodeId id, VReg into);
  VReg binary(ast::NodeId id, VReg into);
  VReg compare(ast::NodeId id, VReg into);
  VReg convert(ast::NodeId id, VReg into);
  VReg select_value(ast::NodeId id, VReg into);
  VReg division(ast::NodeId id, VReg into);
  void check_divisor(const ast::Node& node, VReg dividend, VReg divisor);
  void branch_unless(ast::NodeId condition, std::uint32_t label) { branch(condition, false, label); }
  void branch_if(ast::NodeId condition, std::uint32_t label) { branch(condition, true, label); }
  // Jumps where the condition's truth is `when`.
  void branch(ast::NodeId condition, bool when, std::uint32_t label);
  // The comparison that the variable there stands for, or the condition itself.
  [[nodiscard]] ast::NodeId condition_at(ast::NodeId id) const;
  [[nodiscard]] bool is_zero(ast::NodeId id) const;
  [[nodiscard]] bool can_trap(ast::NodeId id) const;
  [[nodiscard]] std::int64_t scale_of(const ast::Node& node) const;
  // Sets b, or imm when the node is a constant that fits.
  void second_operand(ast::NodeId id, Lir& lir);

  // Building blocks.
  VReg new_vreg(std::uint8_t width);
  std::uint32_t new_label() { return lir_->label_count++; }
  Lir& append(LirOp op, std::uint8_t width);
  void place(std::uint32_t label) { append(LirOp::Label, 32).label = label; }
  void jump(std::uint32_t label) { append(LirOp::Jump, 32).label = label; }
  void branch_imm(x64::Cond cond, VReg a, std::int64_t imm, std::uint8_t width, std::uint32_t label);
  VReg constant(std::uint8_t width, std::uint64_t bits, VReg into = VReg::none());
  VReg target(VReg into, std::uint8_t width) { return into.valid() ? into : new_vreg(width); }
  [[nodiscard]] std::uint8_t width_of(ast::NodeId id) const;
  [[nodiscard]] const ast::Node& node(ast::NodeId id) const { return program_->node(id); }

  const ast::Program* program_ = nullptr;
  LirProgram* lir_ = nullptr;
  std::vector<VReg> variables_;
  std::vector<LoopTargets> loops_;
  std::uint32_t current_node_ = 0xFFFFFFFFU;
  std::vector<ast::NodeId> asked_;  // by variable: the comparison that it is, which has no place of its own
};

}  // namespace assay::jit
