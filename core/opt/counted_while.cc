// Counting by one; see counted_while.h. Tested by core/opt/test/unroll_test.cc.
#include "core/opt/counted_while.h"

#include "core/opt/comparisons.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Program;
using ast::VarId;

// Of a body without loops.
std::uint32_t assignments_in(const Program& program, NodeId first, VarId variable) {
  std::uint32_t count = 0;
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    if (node.kind == NodeKind::Store && node.variable() == variable) ++count;
    if (node.kind == NodeKind::If) {
      count += assignments_in(program, node.child_b(), variable) + assignments_in(program, node.child_c(), variable);
    }
  }
  return count;
}

// What every run adds to the variable by a statement of its own; 0 where there is no such statement.
std::int64_t step_of(const Program& program, VarId variable, NodeId first) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& store = program.node(id);
    if (store.kind != NodeKind::Store || store.variable() != variable) continue;
    const Node& sum = program.node(store.child_b());
    if (sum.kind != NodeKind::Binary || (sum.op != Op::Add && sum.op != Op::Sub)) return 0;
    const Node& summand = program.node(sum.child_a());
    const Node& added = program.node(sum.child_b());
    if (summand.kind != NodeKind::Load || summand.variable() != variable || added.kind != NodeKind::Int) return 0;
    const std::uint64_t step = sum.op == Op::Add ? added.bits() : 0 - added.bits();
    return sum.type == ast::Type::I32 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(step))
                                      : static_cast<std::int64_t>(step);
  }
  return 0;
}

std::optional<Distance> distance_of(const Program& program, Op op, NodeId counter, NodeId bound, NodeId body) {
  if (program.node(counter).kind != NodeKind::Load) return std::nullopt;
  const Node& limit = program.node(bound);
  const bool is_fixed = limit.kind == NodeKind::Int ||
                        (limit.kind == NodeKind::Load && assignments_in(program, body, limit.variable()) == 0);
  const VarId variable = program.node(counter).variable();
  if (!is_fixed || assignments_in(program, body, variable) != 1) return std::nullopt;
  const std::int64_t step = step_of(program, variable, body);
  const bool rises = step == 1 && (op == Op::LtS || op == Op::LtU || op == Op::Ne);
  const bool falls = step == -1 && (op == Op::GtS || op == Op::GtU || op == Op::Ne);
  if (rises) return Distance{counter, bound};
  if (falls) return Distance{bound, counter};
  return std::nullopt;
}

}  // namespace

std::optional<Distance> distance_to_bound(const Program& program, NodeId condition, NodeId body) {
  const Node& comparison = program.node(condition);
  if (comparison.kind != NodeKind::Compare) return std::nullopt;
  const NodeId left = comparison.child_a();
  const NodeId right = comparison.child_b();
  if (const auto distance = distance_of(program, comparison.op, left, right, body)) return distance;
  return distance_of(program, mirrored_comparison(comparison.op), right, left, body);
}

}  // namespace assay::opt
