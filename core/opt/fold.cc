// Constant folding, of operators and of control flow.
//
// Preserves: an operator on constants is replaced by its value at its own width, unless it traps, so every trap stays
// where it is. Of an `if` or `select` on a constant what is never evaluated goes; the unchosen arm of a select is
// evaluated, so it goes only if it cannot trap. A loop whose condition is 0 runs no iteration. An endless loop that
// begins with the way out of it asks the same at the same time as its condition, which every `continue` comes to as
// well: `while (1) { if (c) { break; } S }` is `while (!c) { S }`. What stands behind a jump in its block is not
// reached. Locals of a branch that moves into the block around it get fresh names, because others there may have
// theirs.
//
// Tested by core/opt/test/fold_test.cc.
#include <utility>
#include <vector>

#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/comparisons.h"
#include "core/opt/evaluate.h"
#include "core/opt/expressions.h"
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

class Folder {
 public:
  explicit Folder(const ast::Program& program) : program_(program), names_(program, "f") {}

  PassResult run() {
    const NodeId body = block(program_.body());
    if (changes_ == 0) return {std::move(program_)};
    program_.set_body(body);
    PassResult result;
    ast::compact(program_, result.program);
    result.changes = changes_;
    return result;
  }

 private:
  [[nodiscard]] bool is_constant(NodeId id) const { return program_.node(id).kind == NodeKind::Int; }

  void become_constant(NodeId id, ast::Type type, std::uint64_t bits) {
    Node& node = program_.node(id);
    const NodeId next = node.next;
    node = {};
    node.kind = NodeKind::Int;
    node.type = type;
    node.a = static_cast<std::uint32_t>(bits);
    node.b = static_cast<std::uint32_t>(bits >> 32);
    node.next = next;
    ++changes_;
  }

  void expression(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Unary:
      case NodeKind::Convert:
        expression(node.child_a());
        fold(id, node.child_a(), node.child_a());
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        expression(node.child_a());
        expression(node.child_b());
        fold(id, node.child_a(), node.child_b());
        break;
      case NodeKind::Select:
        expression(node.child_a());
        expression(node.child_b());
        expression(node.child_c());
        choose(id, node);
        break;
      default:
        break;
    }
  }

  void fold(NodeId id, NodeId left, NodeId right) {
    if (!is_constant(left) || !is_constant(right)) return;
    const Node& node = program_.node(id);
    const Node& operand = program_.node(left);
    const auto value = evaluate(node.op, operand.type, operand.bits(), program_.node(right).bits());
    if (value) become_constant(id, node.type, *value);
  }

  void choose(NodeId id, const Node& select) {
    if (!is_constant(select.child_a())) return;
    const bool first = program_.node(select.child_a()).bits() != 0;
    const NodeId chosen = first ? select.child_b() : select.child_c();
    if (can_trap(program_, first ? select.child_c() : select.child_b())) return;
    program_.node(id) = program_.node(chosen);
    ++changes_;
  }

  // The first statement of the folded block.
  NodeId block(NodeId first) {
    NodeId head;
    NodeId tail;
    const auto append = [&](NodeId id) {
      if (tail.valid()) {
        program_.node(tail).next = id;
      } else {
        head = id;
      }
      tail = id;
    };
    for (NodeId id = first; id.valid();) {
      const NodeId next = program_.node(id).next;
      program_.node(id).next = NodeId::none();
      const NodeId folded = statement(id);
      if (folded != id) rename_locals(folded);
      for (NodeId step = folded; step.valid(); step = program_.node(step).next) append(step);
      if (tail.valid() && is_jump(program_.node(tail).kind)) {
        if (next.valid()) ++changes_;
        break;
      }
      id = next;
    }
    return head;
  }

  static bool is_jump(NodeKind kind) {
    return kind == NodeKind::Return || kind == NodeKind::Break || kind == NodeKind::Continue;
  }

  // What the statement becomes: itself, the statements of a branch, or nothing.
  NodeId statement(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        expression(node.child_b());
        return id;
      case NodeKind::Return:
        if (node.child_a().valid()) expression(node.child_a());
        return id;
      case NodeKind::Push:
      case NodeKind::Print:
        expression(node.child_a());
        return id;
      case NodeKind::If:
        return branch(id, node);
      case NodeKind::Loop:
      case NodeKind::While:
        expression(node.child_a());
        if (is_constant(node.child_a()) && program_.node(node.child_a()).bits() == 0) {
          ++changes_;
          return NodeId::none();
        }
        program_.node(id).b = block(node.child_b()).value;
        if (node.kind == NodeKind::While && is_constant(node.child_a())) turn_exit_into_condition(id);
        return id;
      default:
        return id;
    }
  }

  void turn_exit_into_condition(NodeId loop) {
    const NodeId first = program_.node(loop).child_b();
    if (!first.valid()) return;
    const Node exit = program_.node(first);
    if (exit.kind != NodeKind::If || !exit.child_b().valid() || exit.child_c().valid()) return;
    const Node& leave = program_.node(exit.child_b());
    if (leave.kind != NodeKind::Break || leave.next.valid()) return;
    const NodeId stays = negated(exit.child_a());
    if (!stays.valid()) return;
    program_.node(loop).a = stays.value;
    program_.node(loop).b = exit.next.value;
    ++changes_;
  }

  // What holds where the condition does not, made of the condition's own nodes; none if there is no room for one more.
  NodeId negated(NodeId condition) {
    Node& node = program_.node(condition);
    if (node.kind == NodeKind::Compare) {
      node.op = inverse_comparison(node.op);
      return condition;
    }
    if (node.kind == NodeKind::Unary && node.op == ast::Op::Eqz) return node.child_a();
    if (program_.node_count() >= ast::kMaxNodes) return NodeId::none();
    Node zero;
    zero.kind = NodeKind::Unary;
    zero.op = ast::Op::Eqz;
    zero.a = condition.value;
    return program_.add_node(zero);
  }

  NodeId branch(NodeId id, const Node& node) {
    expression(node.child_a());
    if (is_constant(node.child_a())) {
      ++changes_;
      return block(program_.node(node.child_a()).bits() != 0 ? node.child_b() : node.child_c());
    }
    const NodeId then_block = block(node.child_b());
    const NodeId else_block = block(node.child_c());
    program_.node(id).b = then_block.value;
    program_.node(id).c = else_block.value;
    return id;
  }

  // Of statements that move into the block around theirs, once for all the blocks that they may still move through: the
  // new name is nobody else's in the whole program.
  void rename_locals(NodeId first) {
    renamed_.resize(program_.variable_count(), false);
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const Node& node = program_.node(id);
      if (node.kind != NodeKind::Let || renamed_[node.variable().value]) continue;
      program_.set_variable_name(node.variable(), names_.next());
      renamed_[node.variable().value] = true;
    }
  }

  ast::Program program_;
  FreshNames names_;
  std::vector<bool> renamed_;  // by variable
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult fold_constants(const ast::Program& program) { return Folder(program).run(); }

}  // namespace assay::opt
