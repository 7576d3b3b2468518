// The arena of a program; see program.h. Tested by core/ast/test/program_test.cc.
#include "core/ast/program.h"

#include <algorithm>

namespace assay::ast {

void Program::clear() {
  name_ = "program";
  names_.clear();
  variables_.clear();
  slot_count_ = 0;
  nodes_.clear();
  positions_.clear();
  body_ = NodeId::none();
}

std::string_view Program::variable_name(VarId id) const {
  const Variable& variable = variables_[id.value];
  return std::string_view(names_).substr(variable.name_offset, variable.name_length);
}

VarId Program::add_variable(std::string_view name, Type type) {
  variables_.push_back({0, 0, type});
  const VarId id{static_cast<std::uint32_t>(variables_.size() - 1)};
  set_variable_name(id, name);
  return id;
}

void Program::set_variable_name(VarId id, std::string_view name) {
  Variable& variable = variables_[id.value];
  variable.name_offset = static_cast<std::uint32_t>(names_.size());
  // A name beyond the field is beyond kMaxNameBytes too: the verifier refuses it, cut or not.
  variable.name_length = static_cast<std::uint16_t>(std::min<std::size_t>(name.size(), 0xFFFF));
  names_ += name.substr(0, variable.name_length);
}

VarId Program::add_slot(std::string_view name, Type type) {
  ++slot_count_;
  return add_variable(name, type);
}

VarId Program::add_local(std::string_view name, Type type) { return add_variable(name, type); }

NodeId Program::add_node(const Node& node) {
  nodes_.push_back(node);
  return NodeId{static_cast<std::uint32_t>(nodes_.size() - 1)};
}

base::SourcePosition Program::position(NodeId id) const {
  return id.value < positions_.size() ? positions_[id.value] : base::SourcePosition{};
}

void Program::set_position(NodeId id, base::SourcePosition position) {
  if (positions_.size() <= id.value) positions_.resize(id.value + 1);
  positions_[id.value] = position;
}

namespace {

class TreeComparison {
 public:
  TreeComparison(const Program& left, const Program& right) : left_(left), right_(right) {}

  [[nodiscard]] bool same_blocks(NodeId left, NodeId right) const {
    while (left.valid() && right.valid()) {
      if (!same_nodes(left, right)) return false;
      left = left_.node(left).next;
      right = right_.node(right).next;
    }
    return left.valid() == right.valid();
  }

 private:
  [[nodiscard]] bool same_nodes(NodeId left_id, NodeId right_id) const {
    const Node& left = left_.node(left_id);
    const Node& right = right_.node(right_id);
    if (left.kind != right.kind) return false;
    if (is_expression(left.kind) && left.type != right.type) return false;
    switch (left.kind) {
      case NodeKind::Int:
        return left.bits() == right.bits();
      case NodeKind::Load:
        return left.a == right.a;
      case NodeKind::Unary:
      case NodeKind::Convert:
        return left.op == right.op && same_nodes(left.child_a(), right.child_a());
      case NodeKind::Binary:
      case NodeKind::Compare:
        return left.op == right.op && same_nodes(left.child_a(), right.child_a()) &&
               same_nodes(left.child_b(), right.child_b());
      case NodeKind::Select:
        return same_nodes(left.child_a(), right.child_a()) && same_nodes(left.child_b(), right.child_b()) &&
               same_nodes(left.child_c(), right.child_c());
      case NodeKind::Let:
      case NodeKind::Store:
        return left.a == right.a && same_nodes(left.child_b(), right.child_b());
      case NodeKind::If:
        return same_nodes(left.child_a(), right.child_a()) && same_blocks(left.child_b(), right.child_b()) &&
               same_blocks(left.child_c(), right.child_c());
      case NodeKind::Loop:
      case NodeKind::While:
        return same_nodes(left.child_a(), right.child_a()) && same_blocks(left.child_b(), right.child_b());
      case NodeKind::Return:
        if (!left.child_a().valid() || !right.child_a().valid()) return left.child_a() == right.child_a();
        return same_nodes(left.child_a(), right.child_a());
      case NodeKind::Push:
      case NodeKind::Print:
        return same_nodes(left.child_a(), right.child_a());
      case NodeKind::Break:
      case NodeKind::Continue:
        return true;
    }
    return false;
  }

  const Program& left_;
  const Program& right_;
};

}  // namespace

bool same_program(const Program& left, const Program& right) {
  if (left.name() != right.name() || left.slot_count() != right.slot_count() ||
      left.variable_count() != right.variable_count()) {
    return false;
  }
  for (std::uint32_t i = 0; i < left.variable_count(); ++i) {
    const VarId id{i};
    if (left.variable_type(id) != right.variable_type(id) || left.variable_name(id) != right.variable_name(id))
      return false;
  }
  return TreeComparison(left, right).same_blocks(left.body(), right.body());
}

}  // namespace assay::ast
