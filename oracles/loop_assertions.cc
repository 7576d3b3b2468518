// Writing the assertions; see loop_assertions.h. Tested by oracles/test/rewrite_check_test.cc.
#include "oracles/loop_assertions.h"

#include "core/ast/builder.h"

namespace assay::oracles {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;

// Whether the statements leave the loop around them by a break.
bool breaks(const Program& program, NodeId first) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    if (node.kind == NodeKind::Break) return true;
    if (node.kind == NodeKind::If && (breaks(program, node.child_b()) || breaks(program, node.child_c()))) return true;
  }
  return false;
}

class Asserter {
 public:
  explicit Asserter(Program& program) : program_(program), build_(program) {}

  // How many assertions were written into the list of statements.
  std::size_t visit(NodeId first) {
    std::size_t written = 0;
    for (NodeId id = first; id.valid();) {
      const Node node = program_.node(id);
      if (node.kind == NodeKind::If) written += visit(node.child_b()) + visit(node.child_c());
      if (node.kind == NodeKind::Loop || node.kind == NodeKind::While) written += visit(node.child_b());
      if (node.kind == NodeKind::While && !breaks(program_, node.child_b())) {
        const NodeId assertion = build_.if_else(copy(node.child_a()), build_.block({trap()}));
        program_.node(assertion).next = node.next;
        program_.node(id).next = assertion;
        ++written;
      }
      id = node.next;
    }
    return written;
  }

 private:
  NodeId copy(NodeId expression) {
    Node node = program_.node(expression);
    switch (node.kind) {
      case NodeKind::Select:
        node.c = copy(node.child_c()).value;
        [[fallthrough]];
      case NodeKind::Binary:
      case NodeKind::Compare:
        node.b = copy(node.child_b()).value;
        [[fallthrough]];
      case NodeKind::Unary:
      case NodeKind::Convert:
        node.a = copy(node.child_a()).value;
        break;
      default:  // Int and Load have no operands
        break;
    }
    return program_.add_node(node);
  }

  // Divides a slot by zero.
  NodeId trap() {
    const ast::VarId slot{0};
    const NodeId zero = build_.constant(program_.variable_type(slot), 0);
    return build_.store(slot, build_.binary(ast::Op::DivU, build_.load(slot), zero));
  }

  Program& program_;
  ast::Builder build_;
};

}  // namespace

std::optional<Program> with_loop_assertions(const Program& program) {
  if (program.slot_count() == 0) return std::nullopt;
  Program result = program;
  if (Asserter(result).visit(result.body()) == 0) return std::nullopt;
  return result;
}

}  // namespace assay::oracles
