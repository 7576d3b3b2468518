// Hashing loops; see loop_shape.h. Tested by smt/test/loop_shape_test.cc.
#include "smt/loop_shape.h"

#include <algorithm>
#include <vector>

namespace assay::smt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

class Shape {
 public:
  explicit Shape(const ast::Program& program) : program_(program) {}

  std::uint64_t of(NodeId loop) {
    one(program_.node(loop));
    return hash_;
  }

 private:
  // Two rounds of a multiplication and a shift: single bits reach all others.
  void mix(std::uint64_t value) {
    hash_ = (hash_ ^ value) * 0x9E37'79B9'7F4A'7C15ULL;
    hash_ ^= hash_ >> 32;
    hash_ *= 0xD6E8'FEB8'6659'FD93ULL;
    hash_ ^= hash_ >> 29;
  }

  void variable(ast::VarId id) {
    const auto found = std::find(seen_.begin(), seen_.end(), id);
    if (found == seen_.end()) {
      seen_.push_back(id);
      mix(0x100 + static_cast<std::uint64_t>(program_.variable_type(id)));
    }
    mix(0x200 + static_cast<std::uint64_t>(std::find(seen_.begin(), seen_.end(), id) - seen_.begin()));
  }

  void list(NodeId first) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) one(program_.node(id));
    mix(0x300);  // the end of a block
  }

  void one(const Node& node) {
    mix(static_cast<std::uint64_t>(node.kind));
    switch (node.kind) {
      case NodeKind::Int:
        mix(static_cast<std::uint64_t>(node.type));
        mix(node.bits());
        break;
      case NodeKind::Load:
        variable(node.variable());
        break;
      case NodeKind::Let:
      case NodeKind::Store:
        one(program_.node(node.child_b()));
        variable(node.variable());
        break;
      case NodeKind::Unary:
      case NodeKind::Convert:
        mix(static_cast<std::uint64_t>(node.op));
        mix(static_cast<std::uint64_t>(node.type));
        one(program_.node(node.child_a()));
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        mix(static_cast<std::uint64_t>(node.op));
        mix(static_cast<std::uint64_t>(node.type));
        one(program_.node(node.child_a()));
        one(program_.node(node.child_b()));
        break;
      case NodeKind::Select:
        one(program_.node(node.child_a()));
        one(program_.node(node.child_b()));
        one(program_.node(node.child_c()));
        break;
      case NodeKind::If:
        one(program_.node(node.child_a()));
        list(node.child_b());
        list(node.child_c());
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        one(program_.node(node.child_a()));
        list(node.child_b());
        break;
      case NodeKind::Return:
        if (node.child_a().valid()) one(program_.node(node.child_a()));
        break;
      case NodeKind::Push:
      case NodeKind::Print:
        one(program_.node(node.child_a()));
        break;
      case NodeKind::Break:
      case NodeKind::Continue:
        break;
    }
  }

  const ast::Program& program_;
  std::vector<ast::VarId> seen_;
  std::uint64_t hash_ = 0x5EED'10F0'0D5EULL;
};

}  // namespace

std::uint64_t loop_shape(const ast::Program& program, NodeId loop) { return Shape(program).of(loop); }

}  // namespace assay::smt
