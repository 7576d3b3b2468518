// Finding, setting and copying; see links.h. Tested by fuzz/mutate/test/links_test.cc.
#include "fuzz/mutate/links.h"

#include <string>

namespace assay::fuzz {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;

NodeId target(const Program& program, Link link) {
  switch (link.field) {
    case Link::Field::Body:
      return program.body();
    case Link::Field::Next:
      return program.node(link.owner).next;
    case Link::Field::A:
      return program.node(link.owner).child_a();
    case Link::Field::B:
      return program.node(link.owner).child_b();
    case Link::Field::C:
      return program.node(link.owner).child_c();
  }
  return NodeId::none();
}

void set_target(Program& program, Link link, NodeId id) {
  switch (link.field) {
    case Link::Field::Body:
      program.set_body(id);
      break;
    case Link::Field::Next:
      program.node(link.owner).next = id;
      break;
    case Link::Field::A:
      program.node(link.owner).a = id.value;
      break;
    case Link::Field::B:
      program.node(link.owner).b = id.value;
      break;
    case Link::Field::C:
      program.node(link.owner).c = id.value;
      break;
  }
}

namespace {

// Which operand fields of a node refer to expressions and to blocks.
struct Fields {
  bool expression_a, expression_b, expression_c;
  bool block_b, block_c;
};

Fields fields_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::Unary:
    case NodeKind::Convert:
    case NodeKind::Push:
    case NodeKind::Print:
      return {true, false, false, false, false};
    // A bare `return` has no value.
    case NodeKind::Return:
      return {node.child_a().valid(), false, false, false, false};
    case NodeKind::Binary:
    case NodeKind::Compare:
      return {true, true, false, false, false};
    case NodeKind::Select:
      return {true, true, true, false, false};
    case NodeKind::Let:
    case NodeKind::Store:
      return {false, true, false, false, false};
    case NodeKind::If:
      return {true, false, false, true, true};
    case NodeKind::Loop:
    case NodeKind::While:
      return {true, false, false, true, false};
    case NodeKind::Int:
    case NodeKind::Load:
    case NodeKind::Break:
    case NodeKind::Continue:
      return {};
  }
  return {};
}

class Finder {
 public:
  Finder(const Program& program, Links& links) : program_(program), links_(links) {}

  void block(Link link) {
    for (NodeId id = target(program_, link); id.valid(); id = target(program_, link)) {
      links_.statements.push_back(link);
      children(id);
      link = {id, Link::Field::Next};
    }
    links_.statement_ends.push_back(link);
  }

 private:
  void expression(Link link) {
    links_.expressions.push_back(link);
    children(target(program_, link));
  }

  void children(NodeId id) {
    const Fields fields = fields_of(program_.node(id));
    if (fields.expression_a) expression({id, Link::Field::A});
    if (fields.expression_b) expression({id, Link::Field::B});
    if (fields.expression_c) expression({id, Link::Field::C});
    if (fields.block_b) block({id, Link::Field::B});
    if (fields.block_c) block({id, Link::Field::C});
  }

  const Program& program_;
  Links& links_;
};

class Cloner {
 public:
  Cloner(const Program& from, Program& to, std::vector<ast::VarId>& variables)
      : from_(from), to_(to), variables_(variables) {}

  NodeId node(NodeId id) {
    Node copy = from_.node(id);
    copy.next = NodeId::none();
    const Fields fields = fields_of(copy);
    if (fields.expression_a) copy.a = node(NodeId{copy.a}).value;
    if (fields.expression_b) copy.b = node(NodeId{copy.b}).value;
    if (fields.expression_c) copy.c = node(NodeId{copy.c}).value;
    if (copy.kind == NodeKind::Let) declare(copy.variable());
    if (copy.kind == NodeKind::Load || copy.kind == NodeKind::Store || copy.kind == NodeKind::Let) {
      copy.a = variables_[copy.a].value;
    }
    if (fields.block_b) copy.b = block(NodeId{copy.b}).value;
    if (fields.block_c) copy.c = block(NodeId{copy.c}).value;
    return to_.add_node(copy);
  }

 private:
  NodeId block(NodeId first) {
    NodeId result;
    NodeId last;
    for (NodeId id = first; id.valid(); id = from_.node(id).next) {
      const NodeId copy = node(id);
      if (last.valid()) {
        to_.node(last).next = copy;
      } else {
        result = copy;
      }
      last = copy;
    }
    return result;
  }

  // The name must differ from all that may be visible: the number of variables only grows.
  void declare(ast::VarId variable) {
    const std::string name = "c" + std::to_string(to_.variable_count());
    variables_[variable.value] = to_.add_local(name, from_.variable_type(variable));
  }

  const Program& from_;
  Program& to_;
  std::vector<ast::VarId>& variables_;
};

}  // namespace

void Links::find(const Program& program) {
  statements.clear();
  statement_ends.clear();
  expressions.clear();
  Finder(program, *this).block(Link{});
}

NodeId clone(const Program& from, NodeId id, Program& to, std::vector<ast::VarId>& variables) {
  return Cloner(from, to, variables).node(id);
}

}  // namespace assay::fuzz
