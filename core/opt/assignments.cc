// Numbering the assignments; see assignments.h. Tested by core/opt/test/assignments_test.cc.
#include "core/opt/assignments.h"

namespace assay::opt {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::VarId;

Assignments::Assignments(const ast::Program& program)
    : first_(program.variable_count(), kNone), last_(program.variable_count(), kNone) {
  std::vector<std::uint32_t> latest(program.variable_count(), kNone);
  collect(program, program.body(), latest);
}

void Assignments::pass(VarId variable) { last_[variable.value] = position_++; }

// Recursion is bounded by kMaxDepth.
void Assignments::collect(const ast::Program& program, NodeId first, std::vector<std::uint32_t>& latest) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store: {
        const auto number = static_cast<std::uint32_t>(next_.size());
        std::uint32_t& before = latest[node.variable().value];
        if (before == kNone) {
          first_[node.variable().value] = number;
        } else {
          next_[before] = number;
        }
        before = number;
        next_.push_back(kNone);
        break;
      }
      case NodeKind::If:
        collect(program, node.child_b(), latest);
        collect(program, node.child_c(), latest);
        break;
      case NodeKind::Loop:
      case NodeKind::While: {
        const std::size_t loop = loop_ends_.size();
        loop_ends_.push_back(0);
        collect(program, node.child_b(), latest);
        loop_ends_[loop] = static_cast<std::uint32_t>(next_.size());
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace assay::opt
