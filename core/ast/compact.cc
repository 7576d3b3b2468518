// Copying a program in order; see compact.h. Tested by core/ast/test/compact_test.cc.
#include "core/ast/compact.h"

#include <vector>

#include "core/ast/limits.h"

namespace assay::ast {
namespace {

class Copy {
 public:
  Copy(const Program& from, Program& to)
      : from_(from), to_(to), new_variable_(from.variable_count(), VarId::kNoneValue) {}

  void run() {
    to_.clear();
    to_.set_name(from_.name());
    for (std::uint32_t i = 0; i < from_.slot_count(); ++i) {
      new_variable_[i] = to_.add_slot(from_.variable_name(VarId{i}), from_.variable_type(VarId{i})).value;
    }
    to_.set_body(block(from_.body(), 1));
  }

 private:
  NodeId block(NodeId id, std::uint32_t depth) {
    NodeId first;
    NodeId last;
    while (id.valid()) {
      const NodeId copied = node(id, depth);
      if (!copied.valid()) break;
      if (last.valid()) {
        to_.node(last).next = copied;
      } else {
        first = copied;
      }
      last = copied;
      id = from_.node(id).next;
    }
    return first;
  }

  // None for what cannot be copied. One level and one node more than allowed are copied, for the verifier to see.
  NodeId node(NodeId id, std::uint32_t depth) {
    if (id.value >= from_.node_count() || depth > kMaxDepth + 1 || to_.node_count() > kMaxNodes) return {};
    const Node& old = from_.node(id);
    Node fresh = old;
    fresh.next = NodeId::none();
    const NodeId copied = to_.add_node(fresh);
    if (from_.position(id).known()) to_.set_position(copied, from_.position(id));
    switch (old.kind) {
      case NodeKind::Int:
      case NodeKind::Break:
      case NodeKind::Continue:
        return copied;
      case NodeKind::Load:
        fresh.a = variable(old.variable());
        break;
      case NodeKind::Unary:
      case NodeKind::Convert:
      case NodeKind::Return:
      case NodeKind::Push:
      case NodeKind::Print:
        fresh.a = node(old.child_a(), depth + 1).value;
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        fresh.a = node(old.child_a(), depth + 1).value;
        fresh.b = node(old.child_b(), depth + 1).value;
        break;
      case NodeKind::Select:
        fresh.a = node(old.child_a(), depth + 1).value;
        fresh.b = node(old.child_b(), depth + 1).value;
        fresh.c = node(old.child_c(), depth + 1).value;
        break;
      case NodeKind::Let:
        fresh.b = node(old.child_b(), depth + 1).value;
        fresh.a = declare(old.variable());
        break;
      case NodeKind::Store:
        fresh.a = variable(old.variable());
        fresh.b = node(old.child_b(), depth + 1).value;
        break;
      case NodeKind::If:
        fresh.a = node(old.child_a(), depth + 1).value;
        fresh.b = block(old.child_b(), depth + 1).value;
        fresh.c = block(old.child_c(), depth + 1).value;
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        fresh.a = node(old.child_a(), depth + 1).value;
        fresh.b = block(old.child_b(), depth + 1).value;
        break;
    }
    to_.node(copied) = fresh;
    return copied;
  }

  [[nodiscard]] std::uint32_t variable(VarId old) const {
    return old.value < new_variable_.size() ? new_variable_[old.value] : VarId::kNoneValue;
  }

  std::uint32_t declare(VarId old) {
    if (old.value >= new_variable_.size()) return VarId::kNoneValue;
    std::uint32_t& fresh = new_variable_[old.value];
    if (fresh == VarId::kNoneValue) {
      fresh = to_.add_local(from_.variable_name(old), from_.variable_type(old)).value;
    }
    return fresh;
  }

  const Program& from_;
  Program& to_;
  std::vector<std::uint32_t> new_variable_;
};

}  // namespace

void compact(const Program& from, Program& to) { Copy(from, to).run(); }

}  // namespace assay::ast
