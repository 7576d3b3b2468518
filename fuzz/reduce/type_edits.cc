// Edits that make i64 into i32; see edits.h.
//
// A type cannot be changed in one place: a variable, everything stored to it and every operand beside it must have one
// type. So variables and expressions are put into classes of those that must agree, and a class is narrowed as a whole.
// Conversions are where classes meet; one that converts nothing any more gives way to its operand, so the result always
// verifies, and nothing but that is promised.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;
using ast::Type;
using ast::VarId;

namespace {

// Union-find over variables and, behind them, nodes.
class Classes {
 public:
  explicit Classes(const Program& program) : variables_(program.variable_count()) {
    parent_.resize(std::size_t{variables_} + program.node_count());
    std::iota(parent_.begin(), parent_.end(), 0U);
    for (std::uint32_t i = 0; i < program.node_count(); ++i) join_node(program, i);
  }

  [[nodiscard]] std::uint32_t of_variable(std::uint32_t variable) { return find(variable); }
  [[nodiscard]] std::uint32_t of_node(std::uint32_t node) { return find(variables_ + node); }

 private:
  void join_node(const Program& program, std::uint32_t i) {
    const Node& node = program.node(NodeId{i});
    switch (node.kind) {
      case NodeKind::Load:
        join(variables_ + i, node.a);
        break;
      case NodeKind::Let:
      case NodeKind::Store:
        join(variables_ + node.b, node.a);
        break;
      case NodeKind::Unary:
        if (ast::op_info(node.op).result == ast::TypeRule::Same) join(variables_ + i, variables_ + node.a);
        break;
      case NodeKind::Convert:
        if (program.node(node.child_a()).type == node.type) join(variables_ + i, variables_ + node.a);
        break;
      case NodeKind::Binary:
        join(variables_ + i, variables_ + node.a);
        join(variables_ + node.a, variables_ + node.b);
        break;
      case NodeKind::Compare:
        join(variables_ + node.a, variables_ + node.b);
        break;
      case NodeKind::Select:
        join(variables_ + i, variables_ + node.b);
        join(variables_ + node.b, variables_ + node.c);
        break;
      default:
        break;
    }
  }

  std::uint32_t find(std::uint32_t one) {
    while (parent_[one] != one) one = parent_[one] = parent_[parent_[one]];
    return one;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[find(a)] = find(b); }

  std::uint32_t variables_;
  std::vector<std::uint32_t> parent_;
};

// What is narrowed: one class, or all.
struct Narrowing {
  std::vector<bool> variables;
  std::vector<bool> nodes;
};

Type narrowed(Type type, bool narrow) { return narrow ? Type::I32 : type; }

Program retyped(const Program& old, const Narrowing& what) {
  Program program;
  program.set_name(old.name());
  for (std::uint32_t i = 0; i < old.variable_count(); ++i) {
    const std::string_view name = old.variable_name(VarId{i});
    const Type type = narrowed(old.variable_type(VarId{i}), what.variables[i]);
    static_cast<void>(i < old.slot_count() ? program.add_slot(name, type) : program.add_local(name, type));
  }
  for (std::uint32_t i = 0; i < old.node_count(); ++i) {
    Node node = old.node(NodeId{i});
    if (ast::is_expression(node.kind)) node.type = narrowed(node.type, what.nodes[i]);
    if (node.kind == NodeKind::Int && node.type == Type::I32) node.b = 0;
    program.add_node(node);
  }
  program.set_body(old.body());
  // Conversions whose operand or result is not of their type any more.
  Links links;
  links.find(program);
  for (const Link link : links.expressions) {
    NodeId id = target(program, link);
    while (program.node(id).kind == NodeKind::Convert) {
      const Node& node = program.node(id);
      const Type operand = program.node(node.child_a()).type;
      if (ast::accepts(node.op, operand) && ast::result_type(node.op, operand) == node.type) break;
      id = node.child_a();
    }
    set_target(program, link, id);
  }
  return program;
}

// By the number that find() gives a class; all of them without one.
Narrowing narrowing_of(const Program& program, std::optional<std::uint32_t> one) {
  Narrowing what;
  Classes classes(program);
  for (std::uint32_t i = 0; i < program.variable_count(); ++i) {
    what.variables.push_back(!one || classes.of_variable(i) == *one);
  }
  for (std::uint32_t i = 0; i < program.node_count(); ++i) what.nodes.push_back(!one || classes.of_node(i) == *one);
  return what;
}

void narrow(Edits& edits, std::optional<std::uint32_t> one) {
  edits.emplace_back([one](Finding& to) {
    // Worked out here and not where it is listed: a list of all classes would take the square of the program.
    const Narrowing what = narrowing_of(to.program, one);
    for (std::uint32_t slot = 0; slot < to.program.slot_count(); ++slot) {
      if (!what.variables[slot] || to.program.variable_type(VarId{slot}) == Type::I32) continue;
      for (oracles::Frame& input : to.inputs) input[slot] &= 0xFFFFFFFFU;
    }
    to.program = retyped(to.program, what);
  });
}

}  // namespace

void list_type_edits(const Finding& finding, Edits& edits) {
  const Program& program = finding.program;
  narrow(edits, std::nullopt);
  Classes classes(program);
  std::vector<bool> listed(std::size_t{program.variable_count()} + program.node_count(), false);
  const auto list_class = [&](std::uint32_t one) {
    if (listed[one]) return;
    listed[one] = true;
    narrow(edits, one);
  };
  for (std::uint32_t i = 0; i < program.variable_count(); ++i) {
    if (program.variable_type(VarId{i}) == Type::I64) list_class(classes.of_variable(i));
  }
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const Node& node = program.node(NodeId{i});
    if (ast::is_expression(node.kind) && node.type == Type::I64) list_class(classes.of_node(i));
  }
}

}  // namespace assay::fuzz
