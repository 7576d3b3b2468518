// Which expressions may trap; see effects.h. Tested by core/opt/test/dead_code_test.cc.
#include "core/opt/effects.h"

#include <cstdint>

namespace assay::opt {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;

bool operator_may_trap(const ast::Program& program, const Node& node) {
  if (node.kind != NodeKind::Binary || !ast::op_info(node.op).traps) return false;
  const Node& divisor = program.node(node.child_b());
  if (divisor.kind != NodeKind::Int || divisor.bits() == 0) return true;
  const std::uint64_t minus_one = ~std::uint64_t{0} >> (64 - ast::bit_width(node.type));
  return node.op == Op::DivS && divisor.bits() == minus_one;  // the remainder by -1 is 0, for MIN too
}

bool may_trap(const ast::Program& program, NodeId expression) {
  const Node& node = program.node(expression);
  switch (node.kind) {
    case NodeKind::Unary:
    case NodeKind::Convert:
      return may_trap(program, node.child_a());
    case NodeKind::Binary:
    case NodeKind::Compare:
      return operator_may_trap(program, node) || may_trap(program, node.child_a()) || may_trap(program, node.child_b());
    case NodeKind::Select:
      return may_trap(program, node.child_a()) || may_trap(program, node.child_b()) ||
             may_trap(program, node.child_c());
    default:
      return false;
  }
}

}  // namespace assay::opt
