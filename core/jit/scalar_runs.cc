// The scalar detector; see scalar_runs.h. Tested by core/jit/test/scalar_runs_test.cc.
#include "core/jit/scalar_runs.h"

namespace assay::jit {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

bool is_scalar_block(const ast::Program& program, NodeId first, bool in_loop);

bool is_scalar_statement(const ast::Program& program, const Node& node, bool in_loop) {
  switch (node.kind) {
    case NodeKind::Print:
      return false;
    case NodeKind::Break:
    case NodeKind::Continue:
      return in_loop;
    case NodeKind::If:
      return is_scalar_block(program, node.child_b(), in_loop) && is_scalar_block(program, node.child_c(), in_loop);
    case NodeKind::Loop:
    case NodeKind::While:
      return is_scalar_block(program, node.child_b(), true);
    default:
      return true;
  }
}

bool is_scalar_block(const ast::Program& program, NodeId first, bool in_loop) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    if (!is_scalar_statement(program, program.node(id), in_loop)) return false;
  }
  return true;
}

void append_runs(const ast::Program& program, NodeId first, std::vector<StatementRun>& runs) {
  for (const StatementRun& run : find_scalar_runs(program, first)) {
    if (run.scalar) {
      runs.push_back(run);
      continue;
    }
    const Node& node = program.node(run.first);
    const bool branch = node.kind == NodeKind::If;
    if (!branch && node.kind != NodeKind::Loop && node.kind != NodeKind::While) continue;
    append_runs(program, node.child_b(), runs);
    if (branch) append_runs(program, node.child_c(), runs);
  }
}

}  // namespace

std::vector<StatementRun> find_scalar_runs(const ast::Program& program, NodeId first) {
  std::vector<StatementRun> runs;
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const bool scalar = is_scalar_statement(program, program.node(id), false);
    if (scalar && !runs.empty() && runs.back().scalar) {
      runs.back().end = program.node(id).next;
    } else {
      runs.push_back({id, program.node(id).next, scalar});
    }
  }
  return runs;
}

std::vector<StatementRun> all_scalar_runs(const ast::Program& program) {
  std::vector<StatementRun> runs;
  append_runs(program, program.body(), runs);
  return runs;
}

}  // namespace assay::jit
