// Walking, re-linking and repairing; see tree.h. Tested by fuzz/reduce/test/edits_test.cc.
#include "fuzz/reduce/tree.h"

#include <cstddef>

namespace assay::fuzz {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;

Children children_of(const Program& program, NodeId id) {
  Children children;
  const auto expression = [&](Link::Field field) { children.expressions[children.expression_count++] = {id, field}; };
  const auto block = [&](Link::Field field) { children.blocks[children.block_count++] = {id, field}; };
  const Node& node = program.node(id);
  switch (node.kind) {
    case NodeKind::Int:
    case NodeKind::Load:
    case NodeKind::Break:
    case NodeKind::Continue:
      break;
    case NodeKind::Unary:
    case NodeKind::Convert:
    case NodeKind::Push:
    case NodeKind::Print:
      expression(Link::Field::A);
      break;
    case NodeKind::Return:
      if (node.child_a().valid()) expression(Link::Field::A);
      break;
    case NodeKind::Binary:
    case NodeKind::Compare:
      expression(Link::Field::A);
      expression(Link::Field::B);
      break;
    case NodeKind::Select:
      expression(Link::Field::A);
      expression(Link::Field::B);
      expression(Link::Field::C);
      break;
    case NodeKind::Let:
    case NodeKind::Store:
      expression(Link::Field::B);
      break;
    case NodeKind::If:
      expression(Link::Field::A);
      block(Link::Field::B);
      block(Link::Field::C);
      break;
    case NodeKind::Loop:
    case NodeKind::While:
      expression(Link::Field::A);
      block(Link::Field::B);
      break;
  }
  return children;
}

namespace {

std::uint32_t measure(const Program& program, NodeId id, std::vector<std::uint32_t>& sizes) {
  std::uint32_t size = 1;
  const Children children = children_of(program, id);
  for (std::size_t i = 0; i < children.expression_count; ++i) {
    size += measure(program, target(program, children.expressions[i]), sizes);
  }
  for (std::size_t i = 0; i < children.block_count; ++i) {
    for (NodeId one = target(program, children.blocks[i]); one.valid(); one = program.node(one).next) {
      size += measure(program, one, sizes);
    }
  }
  sizes[id.value] = size;
  return size;
}

// Follows scopes the way the verifier does.
class Repair {
 public:
  explicit Repair(Program& program) : program_(program), visible_(program.variable_count(), false) {
    for (std::uint32_t i = 0; i < program.slot_count(); ++i) visible_[i] = true;
  }

  void block(Link link, bool in_loop) {
    std::vector<std::uint32_t> declared;
    for (NodeId id = target(program_, link); id.valid(); id = target(program_, link)) {
      const NodeKind kind = program_.node(id).kind;
      const bool stray = !in_loop && (kind == NodeKind::Break || kind == NodeKind::Continue);
      if (stray || (kind == NodeKind::Store && !visible(id))) {
        unlink(program_, link, 1);
        continue;
      }
      const Children children = children_of(program_, id);
      for (std::size_t i = 0; i < children.expression_count; ++i) {
        expression(target(program_, children.expressions[i]));
      }
      const bool loop = kind == NodeKind::Loop || kind == NodeKind::While;
      for (std::size_t i = 0; i < children.block_count; ++i) block(children.blocks[i], in_loop || loop);
      if (kind == NodeKind::Let) {
        declared.push_back(program_.node(id).a);
        visible_[declared.back()] = true;
      }
      link = {id, Link::Field::Next};
    }
    for (const std::uint32_t variable : declared) visible_[variable] = false;
  }

 private:
  [[nodiscard]] bool visible(NodeId id) const {
    const std::uint32_t variable = program_.node(id).a;
    return variable < visible_.size() && visible_[variable];
  }

  void expression(NodeId id) {
    if (program_.node(id).kind == NodeKind::Load && !visible(id)) make_constant(program_, id, 0);
    const Children children = children_of(program_, id);
    for (std::size_t i = 0; i < children.expression_count; ++i) expression(target(program_, children.expressions[i]));
  }

  Program& program_;
  std::vector<bool> visible_;
};

}  // namespace

std::vector<std::uint32_t> subtree_sizes(const Program& program) {
  std::vector<std::uint32_t> sizes(program.node_count(), 0);
  for (NodeId id = program.body(); id.valid(); id = program.node(id).next) measure(program, id, sizes);
  return sizes;
}

void unlink(Program& program, Link link, std::uint32_t count) {
  NodeId rest = target(program, link);
  for (std::uint32_t i = 0; i < count && rest.valid(); ++i) rest = program.node(rest).next;
  set_target(program, link, rest);
}

void splice(Program& program, Link link, NodeId block) {
  const NodeId rest = program.node(target(program, link)).next;
  if (!block.valid()) {
    set_target(program, link, rest);
    return;
  }
  NodeId last = block;
  while (program.node(last).next.valid()) last = program.node(last).next;
  program.node(last).next = rest;
  set_target(program, link, block);
}

Node constant_node(ast::Type type, std::uint64_t bits) {
  Node node;
  node.kind = NodeKind::Int;
  node.type = type;
  node.a = static_cast<std::uint32_t>(bits);
  node.b = type == ast::Type::I32 ? 0U : static_cast<std::uint32_t>(bits >> 32);
  return node;
}

void make_constant(Program& program, NodeId id, std::uint64_t bits) {
  program.node(id) = constant_node(program.node(id).type, bits);
}

void repair(Program& program) { Repair(program).block(Link{}, false); }

}  // namespace assay::fuzz
