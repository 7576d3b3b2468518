// Questions about verified programs; see verify.h. Tested by core/ast/test/verify_test.cc.
#include <algorithm>

#include "core/ast/verify.h"

namespace assay::ast {
namespace {

struct PathPushes {
  std::uint32_t most = 0;     // on any path to the end of the list or to a return inside it
  std::uint32_t through = 0;  // on any path to the end of the list
};

PathPushes count(const Program& program, NodeId first) {
  PathPushes result;
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    switch (node.kind) {
      case NodeKind::Push:
        ++result.through;
        break;
      case NodeKind::Return:
        result.most = std::max(result.most, result.through + (node.child_a().valid() ? 1 : 0));
        break;
      case NodeKind::If: {
        const PathPushes then_part = count(program, node.child_b());
        const PathPushes else_part = count(program, node.child_c());
        result.most = std::max(result.most, result.through + std::max(then_part.most, else_part.most));
        result.through += std::max(then_part.through, else_part.through);
        break;
      }
      case NodeKind::Loop:
      case NodeKind::While:
        // Nothing is pushed in a loop, but a return can leave from one.
        result.most = std::max(result.most, result.through + count(program, node.child_b()).most);
        break;
      default:
        break;
    }
  }
  result.most = std::max(result.most, result.through);
  return result;
}

}  // namespace

std::uint32_t max_pushes(const Program& program) { return count(program, program.body()).most; }

bool is_pure_scalar(const Program& program, NodeId first) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    switch (node.kind) {
      case NodeKind::Print:
        return false;
      case NodeKind::If:
        if (!is_pure_scalar(program, node.child_b()) || !is_pure_scalar(program, node.child_c())) return false;
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        if (!is_pure_scalar(program, node.child_b())) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

}  // namespace assay::ast
