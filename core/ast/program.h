// Program: a whole program in one arena of nodes that refer to each other by index.
//
// Trees of a compiler are made and thrown away by the million here, so a node is 20 bytes in one vector, with no
// pointer and no allocation of its own, and a Program can be cleared and filled again. A statement list is linked
// through `next`, which makes insertion and deletion by passes, mutators and the reducer a matter of two assignments.
//
// A Program is only a container: `verify` (verify.h) says whether it is a valid one, and everything behind the verifier
// may rely on that. Nodes that nothing refers to may be left in the arena.
//
// Tested by core/ast/test/program_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/op.h"
#include "core/ast/type.h"
#include "core/base/error.h"
#include "core/base/typed_index.h"

namespace assay::ast {

struct NodeTag;
struct VarTag;
using NodeId = base::TypedIndex<NodeTag>;
using VarId = base::TypedIndex<VarTag>;

// The meaning of the three operand fields depends on the kind:
//
//   Int               the value's low and high 32 bits in a and b (high half 0 for an i32)
//   Load              a = variable
//   Unary, Convert    a = operand
//   Binary, Compare   a, b = operands
//   Select            a = condition, b = value if it is not 0, c = value if it is 0
//   Let, Store        a = variable, b = value
//   If                a = condition, b = first statement of the then-block, c = of the else-block (none when empty)
//   Loop              a = count, b = first statement of the body
//   While             a = condition, b = first statement of the body
//   Return            a = value; none in a bare `return`, which pushes nothing
//   Push, Print       a = value
//   Break, Continue   nothing
struct Node {
  NodeKind kind = NodeKind::Int;
  Op op = Op::Add;        // Unary, Binary, Compare and Convert only
  Type type = Type::I32;  // of an expression's value; unused in statements
  std::uint32_t a = NodeId::kNoneValue;
  std::uint32_t b = NodeId::kNoneValue;
  std::uint32_t c = NodeId::kNoneValue;
  NodeId next;  // statements: the following one in the same block

  [[nodiscard]] NodeId child_a() const { return NodeId{a}; }
  [[nodiscard]] NodeId child_b() const { return NodeId{b}; }
  [[nodiscard]] NodeId child_c() const { return NodeId{c}; }
  [[nodiscard]] VarId variable() const { return VarId{a}; }
  // Of an Int: the value zero-extended to 64 bits.
  [[nodiscard]] std::uint64_t bits() const { return std::uint64_t{a} | (std::uint64_t{b} << 32); }
};

struct Variable {
  std::uint32_t name_offset = 0;
  std::uint16_t name_length = 0;
  Type type = Type::I32;
};

class Program {
 public:
  // Forgets everything but keeps the memory.
  void clear();

  [[nodiscard]] const std::string& name() const { return name_; }
  void set_name(std::string_view name) { name_ = name; }

  // Variables: the frame's slots first, in frame order, then the locals in the order of their `let` in the text (a
  // program that was edited can be put back in order by `compact`, compact.h).
  [[nodiscard]] std::uint32_t slot_count() const { return slot_count_; }
  [[nodiscard]] std::uint32_t variable_count() const { return static_cast<std::uint32_t>(variables_.size()); }
  [[nodiscard]] bool is_slot(VarId id) const { return id.value < slot_count_; }
  [[nodiscard]] const Variable& variable(VarId id) const { return variables_[id.value]; }
  [[nodiscard]] Type variable_type(VarId id) const { return variables_[id.value].type; }
  [[nodiscard]] std::string_view variable_name(VarId id) const;
  // Slots must all be added before the first local.
  VarId add_slot(std::string_view name, Type type);
  VarId add_local(std::string_view name, Type type);
  void set_variable_name(VarId id, std::string_view name);

  [[nodiscard]] std::uint32_t node_count() const { return static_cast<std::uint32_t>(nodes_.size()); }
  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id.value]; }
  [[nodiscard]] Node& node(NodeId id) { return nodes_[id.value]; }
  NodeId add_node(const Node& node);
  // Makes room for so many nodes in all.
  void reserve_nodes(std::size_t count) { nodes_.reserve(count); }

  // The first statement; none in an empty program.
  [[nodiscard]] NodeId body() const { return body_; }
  void set_body(NodeId first) { body_ = first; }

  // Where a node stood in the text it was parsed from; unknown for generated programs.
  [[nodiscard]] base::SourcePosition position(NodeId id) const;
  void set_position(NodeId id, base::SourcePosition position);

 private:
  VarId add_variable(std::string_view name, Type type);

  std::string name_ = "program";
  std::string names_;  // of the variables, one behind the other; a name that was replaced stays in it
  std::vector<Variable> variables_;
  std::uint32_t slot_count_ = 0;
  std::vector<Node> nodes_;
  std::vector<base::SourcePosition> positions_;  // empty, or one per node
  NodeId body_;
};

// Same name, variables and tree; the order of nodes in the arena, dead nodes and source positions do not count.
[[nodiscard]] bool same_program(const Program& left, const Program& right);

}  // namespace assay::ast
