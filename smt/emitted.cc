// Taking replacements apart; see emitted.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/emitted.h"

#include <map>

namespace assay::smt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

// Equality of trees up to the names of locals.
class Comparison {
 public:
  Comparison(const ast::Program& left, const ast::Program& right) : left_(left), right_(right) {}

  bool lists(NodeId l, NodeId r) {
    for (; l.valid() && r.valid(); l = left_.node(l).next, r = right_.node(r).next) {
      if (!nodes(l, r)) return false;
    }
    return l.valid() == r.valid();
  }

  bool nodes(NodeId l, NodeId r) {
    if (l.valid() != r.valid()) return false;
    if (!l.valid()) return true;
    const Node& a = left_.node(l);
    const Node& b = right_.node(r);
    if (a.kind != b.kind) return false;
    switch (a.kind) {
      case NodeKind::Int:
        return a.type == b.type && a.bits() == b.bits();
      case NodeKind::Load:
        return variables(a.a, b.a);
      case NodeKind::Unary:
      case NodeKind::Convert:
        return a.op == b.op && a.type == b.type && nodes(a.child_a(), b.child_a());
      case NodeKind::Binary:
      case NodeKind::Compare:
        return a.op == b.op && nodes(a.child_a(), b.child_a()) && nodes(a.child_b(), b.child_b());
      case NodeKind::Select:
        return nodes(a.child_a(), b.child_a()) && nodes(a.child_b(), b.child_b()) && nodes(a.child_c(), b.child_c());
      case NodeKind::Let:
        if (left_.variable_type(a.variable()) != right_.variable_type(b.variable())) return false;
        if (!nodes(a.child_b(), b.child_b())) return false;
        locals_[a.a] = b.a;
        return true;
      case NodeKind::Store:
        return variables(a.a, b.a) && nodes(a.child_b(), b.child_b());
      case NodeKind::If:
        return nodes(a.child_a(), b.child_a()) && lists(a.child_b(), b.child_b()) && lists(a.child_c(), b.child_c());
      case NodeKind::Loop:
      case NodeKind::While:
        return nodes(a.child_a(), b.child_a()) && lists(a.child_b(), b.child_b());
      case NodeKind::Return:
      case NodeKind::Push:
      case NodeKind::Print:
        return nodes(a.child_a(), b.child_a());
      case NodeKind::Break:
      case NodeKind::Continue:
        return true;
    }
    return false;
  }

 private:
  [[nodiscard]] bool variables(std::uint32_t l, std::uint32_t r) const {
    if (left_.is_slot(ast::VarId{l})) return l == r;
    const auto found = locals_.find(l);
    return found != locals_.end() && found->second == r;
  }

  const ast::Program& left_;
  const ast::Program& right_;
  std::map<std::uint32_t, std::uint32_t> locals_;
};

void append(const ast::Program& program, NodeId first, std::vector<NodeId>& list) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) list.push_back(id);
}

// `while (1)`, or a branch with nothing else in it.
NodeId endless_loop(const ast::Program& program, NodeId id) {
  const Node& node = program.node(id);
  if (node.kind == NodeKind::If) {
    const bool alone = node.child_b().valid() && !program.node(node.child_b()).next.valid() && !node.child_c().valid();
    return alone && program.node(node.child_b()).kind == NodeKind::While ? endless_loop(program, node.child_b())
                                                                         : NodeId::none();
  }
  if (node.kind != NodeKind::While) return NodeId::none();
  const Node& condition = program.node(node.child_a());
  return condition.kind == NodeKind::Int && condition.bits() == 1 ? id : NodeId::none();
}

// The local that a loop takes as its count, if the rest of it is the loop; none if it is not.
ast::VarId count_left(const ast::Program& before, const ast::Program& after, NodeId id) {
  const Node& loop = before.node(before.body());
  const Node& rest = after.node(id);
  if (rest.kind != NodeKind::Loop || loop.kind != NodeKind::Loop) return ast::VarId::none();
  if (!Comparison(before, after).lists(loop.child_b(), rest.child_b())) return ast::VarId::none();
  const Node& count = after.node(rest.child_a());
  const bool local = count.kind == NodeKind::Load && !after.is_slot(ast::VarId{count.a});
  return local ? ast::VarId{count.a} : ast::VarId::none();
}

bool reads_variables(const ast::Program& program, NodeId id) {
  if (!id.valid()) return false;
  const Node& node = program.node(id);
  switch (node.kind) {
    case NodeKind::Int:
      return false;
    case NodeKind::Unary:
    case NodeKind::Convert:
      return reads_variables(program, node.child_a());
    case NodeKind::Binary:
    case NodeKind::Compare:
      return reads_variables(program, node.child_a()) || reads_variables(program, node.child_b());
    case NodeKind::Select:
      return reads_variables(program, node.child_a()) || reads_variables(program, node.child_b()) ||
             reads_variables(program, node.child_c());
    default:
      return true;
  }
}

// Whether the local begins with the loop's own count, as it stands or as a number: the proof asks whether it is that.
bool begins_with_count(const ast::Program& before, const ast::Program& after, ast::VarId local) {
  for (NodeId id = after.body(); id.valid(); id = after.node(id).next) {
    const Node& node = after.node(id);
    if (node.kind != NodeKind::Let || node.variable() != local) continue;
    const NodeId count = before.node(before.body()).child_a();
    const bool number = after.node(node.child_b()).kind == NodeKind::Int && !reads_variables(before, count);
    return number || Comparison(before, after).nodes(count, node.child_b());
  }
  return false;
}

// The loop, or as much of it as is left, behind everything else.
bool read_loop_behind(const ast::Program& before, const ast::Program& after, Emitted& result) {
  const NodeId last = result.statements.back();
  const ast::VarId left = count_left(before, after, last);
  if (left.valid() && begins_with_count(before, after, left)) {
    result.remaining = left;
  } else if (!Comparison(before, after).nodes(before.body(), last)) {
    return false;
  }
  result.statements.pop_back();
  result.loop_follows = true;
  return true;
}

}  // namespace

Emitted read_emitted(const ast::Program& before, const ast::Program& after) {
  Emitted result;
  append(after, after.body(), result.statements);
  if (result.statements.empty()) return result;
  read_loop_behind(before, after, result);
  if (result.statements.empty()) return result;
  if (result.loop_follows) {
    result.phases = endless_loop(after, result.statements.back());
    if (result.phases.valid()) {
      const Node& last = after.node(result.statements.back());
      if (last.kind == NodeKind::If) result.phases_guard = last.child_a();
      result.statements.pop_back();
      return result;
    }
  }
  if (after.node(result.statements.back()).kind != NodeKind::If) return result;
  const Node& choice = after.node(result.statements.back());
  const NodeId other = choice.child_c();
  const bool loop_instead =
      other.valid() && !after.node(other).next.valid() && Comparison(before, after).nodes(before.body(), other);
  const bool nothing_instead = !other.valid() && result.loop_follows;
  if ((loop_instead && !result.loop_follows) || nothing_instead) {
    result.choice = result.statements.back();
    result.statements.pop_back();
    result.before_guard = result.statements.size();
    append(after, choice.child_b(), result.statements);
    result.guard = choice.child_a();
  }
  return result;
}

}  // namespace assay::smt
