// Copying bodies; see body_copy.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/body_copy.h"

#include <algorithm>
#include <utility>

namespace assay::scev {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

namespace {

bool contains_continue(const ast::Program& program, NodeId first) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    if (node.kind == NodeKind::Continue) return true;
    if (node.kind == NodeKind::If &&
        (contains_continue(program, node.child_b()) || contains_continue(program, node.child_c()))) {
      return true;
    }
  }
  return false;
}

}  // namespace

const Exit* BodyCopy::exit_at(NodeId statement) const {
  const auto found = std::find_if(body_.exits.begin(), body_.exits.end(),
                                  [&](const Exit& exit) { return exit.statement == statement; });
  return found != body_.exits.end() ? &*found : nullptr;
}

bool BodyCopy::ends_in_break(NodeId first) const {
  for (NodeId id = first; id.valid(); id = emitter_.program().node(id).next) {
    if (emitter_.program().node(id).kind == NodeKind::Break) return true;
  }
  return false;
}

bool BodyCopy::has_continue() const {
  return contains_continue(emitter_.program(), emitter_.program().node(body_.loop).child_b());
}

bool BodyCopy::has_simple_exits() const {
  const ast::Program& program = emitter_.program();
  std::size_t simple = 0;
  std::size_t breaks = 0;
  for (const Exit& exit : body_.exits) breaks += exit.statement.valid() ? 1U : 0U;
  for (NodeId id = program.node(body_.loop).child_b(); id.valid(); id = program.node(id).next) {
    const Node& node = program.node(id);
    if (exit_at(id) == nullptr) continue;
    const bool alone = node.kind == NodeKind::Break;
    if (!alone && (node.kind != NodeKind::If || node.child_c().valid())) return false;
    ++simple;
  }
  return simple == breaks;
}

void BodyCopy::append_iteration() {
  append_list(emitter_.program().node(body_.loop).child_b(), true);
  emitter_.forget_bound();
}

void BodyCopy::append_last_iteration() {
  append_until_exit(emitter_.program().node(body_.loop).child_b());
  emitter_.forget_bound();
}

void BodyCopy::append_list(NodeId first, bool strip_exits) {
  for (NodeId id = first; id.valid(); id = emitter_.program().node(id).next) {
    const Node node = emitter_.program().node(id);
    if (!strip_exits || exit_at(id) == nullptr) {
      if (node.kind == NodeKind::Break && strip_exits) return;
      emitter_.append(statement(id));
      continue;
    }
    if (node.kind != NodeKind::If) return;  // an unconditional break: there is no full iteration
    append_list(ends_in_break(node.child_b()) ? node.child_c() : node.child_b(), true);
  }
}

void BodyCopy::append_until_exit(NodeId first) {
  // With another exit behind it, this one must be asked for.
  const NodeId last = body_.exits.back().statement;
  for (NodeId id = first; id.valid(); id = emitter_.program().node(id).next) {
    if (exit_at(id) == nullptr) {
      emitter_.append(statement(id));
      continue;
    }
    const Node node = emitter_.program().node(id);
    const auto append_stores = [&] {
      for (NodeId store = node.child_b(); emitter_.program().node(store).kind != NodeKind::Break;
           store = emitter_.program().node(store).next) {
        emitter_.append(statement(store));
      }
    };
    if (id == last) {
      if (node.kind == NodeKind::If) append_stores();
      return;
    }
    const NodeId condition = expression(node.child_a());
    emitter_.open_block();
    append_stores();
    const NodeId then_block = emitter_.close_block();
    emitter_.open_block();
    append_until_exit(node.next);
    const NodeId else_block = emitter_.close_block();
    emitter_.append(emitter_.builder().if_else(condition, then_block, else_block));
    return;
  }
}

NodeId BodyCopy::expression(NodeId id) {
  Node node = emitter_.program().node(id);
  switch (node.kind) {
    case NodeKind::Int:
      break;
    case NodeKind::Load:
      if (const auto found = renamed_.find(node.a); found != renamed_.end()) node.a = found->second.value;
      break;
    case NodeKind::Unary:
    case NodeKind::Convert:
      node.a = expression(node.child_a()).value;
      break;
    case NodeKind::Select:
      node.a = expression(node.child_a()).value;
      node.b = expression(node.child_b()).value;
      node.c = expression(node.child_c()).value;
      break;
    default:
      node.a = expression(node.child_a()).value;
      node.b = expression(node.child_b()).value;
      break;
  }
  return emitter_.program().add_node(node);
}

NodeId BodyCopy::block(NodeId first) {
  emitter_.open_block();
  append_list(first, false);
  return emitter_.close_block();
}

NodeId BodyCopy::statement(NodeId id) {
  Node node = emitter_.program().node(id);
  node.next = NodeId::none();
  switch (node.kind) {
    case NodeKind::Let: {
      node.b = expression(node.child_b()).value;
      const ast::VarId local = emitter_.fresh_local(emitter_.program().variable_type(node.variable()));
      renamed_.insert_or_assign(node.a, local);
      node.a = local.value;
      break;
    }
    case NodeKind::Store:
      node.b = expression(node.child_b()).value;
      if (const auto found = renamed_.find(node.a); found != renamed_.end()) node.a = found->second.value;
      break;
    case NodeKind::If:
      node.a = expression(node.child_a()).value;
      node.b = block(node.child_b()).value;
      node.c = block(node.child_c()).value;
      break;
    case NodeKind::Loop:
    case NodeKind::While:
      node.a = expression(node.child_a()).value;
      node.b = block(node.child_b()).value;
      break;
    default:
      break;
  }
  return emitter_.program().add_node(node);
}

NodeId BodyCopy::loop() { return statement(body_.loop); }

}  // namespace assay::scev
