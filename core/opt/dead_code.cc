// Dead code elimination: what cannot be reached, and what computes a value that nothing looks at.
//
// First a walk in the order of execution cuts off what stands behind jumps and endless loops. Then one against it, with
// the variables that are live (liveness.h), drops stores of values that are overwritten before anything looks at them,
// locals that nothing reads, branches that do nothing, counted loops that do nothing, and a `continue` at the end of a
// body. An `if` with nothing but an else-block is turned around.
//
// What it preserves: values may be looked at by the program's end, a `return` and every possible trap, which all show
// the frame, and by reads. So a store to a slot is only dropped when another store to it is certain to come before all
// of these. What may trap stays where it is, dead value or not. A `while` stays as well, for it may be endless; a
// counted loop that only computes what nothing looks at comes to its end, and goes.
//
// Tested by core/opt/test/dead_code_test.cc.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/comparisons.h"
#include "core/opt/expressions.h"
#include "core/opt/liveness.h"
#include "core/opt/loop_uses.h"
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::VarId;

// Cuts off what cannot be reached.
class Reach {
 public:
  explicit Reach(ast::Program& program) : program_(program) {}

  // The number of cuts.
  std::uint32_t run() {
    block(program_.body());
    return cuts_;
  }

 private:
  struct Flow {
    bool next = true;     // execution can go on behind the statement
    bool breaks = false;  // or leave the innermost loop around it
  };

  Flow block(NodeId first) {
    Flow flow;
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const Flow one = statement(id);
      flow.breaks |= one.breaks;
      if (one.next) continue;
      flow.next = false;
      if (program_.node(id).next.valid()) ++cuts_;
      program_.node(id).next = NodeId::none();
    }
    return flow;
  }

  Flow statement(NodeId id) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::If: {
        const Flow then_flow = block(node.child_b());
        const Flow else_flow = block(node.child_c());
        return {then_flow.next || else_flow.next, then_flow.breaks || else_flow.breaks};
      }
      case NodeKind::Loop:
        block(node.child_b());
        return {};
      case NodeKind::While: {
        const Flow body = block(node.child_b());
        const Node& condition = program_.node(node.child_a());
        const bool is_endless = condition.kind == NodeKind::Int && condition.bits() != 0;
        return {!is_endless || body.breaks, false};
      }
      case NodeKind::Break:
        return {false, true};
      case NodeKind::Continue:
      case NodeKind::Return:
        return {false, false};
      default:
        return {};
    }
  }

  ast::Program& program_;
  std::uint32_t cuts_ = 0;
};

// Drops what nothing looks at. Everything in the program can be reached.
class Sweep {
 public:
  explicit Sweep(ast::Program& program)
      : program_(program), loops_(program), live_(program), references_(program.variable_count(), 0) {}

  // The number of changes.
  std::uint32_t run() {
    program_.set_body(block(program_.body(), 1, false));
    return changes_;
  }

 private:
  // Gives what remains of the block. `depth` is that of its statements; `ends_body`: behind it the body of a loop ends.
  NodeId block(NodeId first, std::uint32_t depth, bool ends_body) {
    const std::size_t begin = statements_.size();
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statements_.push_back(id);
    NodeId kept;
    while (statements_.size() > begin) {
      const NodeId id = statements_.back();
      statements_.pop_back();
      if (keeps(id, depth, ends_body && !kept.valid())) {
        program_.node(id).next = kept;
        kept = id;
      } else {
        ++changes_;
      }
    }
    return kept;
  }

  bool keeps(NodeId id, std::uint32_t depth, bool ends_body) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
        return keeps_let(node);
      case NodeKind::Store:
        return keeps_store(node);
      case NodeKind::If:
        return keeps_if(id, depth, ends_body);
      case NodeKind::Loop:
        return keeps_loop(id, depth);
      case NodeKind::While:
        return keeps_while(id, depth);
      case NodeKind::Continue:
        if (ends_body) return false;
        live_.jump();
        return true;
      case NodeKind::Break:
        live_.jump();
        return true;
      case NodeKind::Return:
        live_.jump();
        if (node.child_a().valid()) evaluate(node.child_a());
        return true;
      default:  // push and print
        evaluate(node.child_a());
        return true;
    }
  }

  bool keeps_let(const Node& node) {
    const bool traps = can_trap(program_, node.child_b());
    if (references_[node.a] == 0 && !traps) return false;
    if (!live_.is_live(node.variable()) && !traps) clear(node.child_b());
    live_.assign(node.variable());
    evaluate(node.child_b());
    return true;
  }

  // A value that nothing reads: the variable is assigned to before it is read.
  void clear(NodeId value) {
    Node& node = program_.node(value);
    if (node.kind == NodeKind::Int) return;
    const ast::Type type = node.type;
    node = Node{};
    node.type = type;
    node.a = node.b = 0;
    ++changes_;
  }

  bool keeps_store(const Node& node) {
    const Node& value = program_.node(node.child_b());
    if (value.kind == NodeKind::Load && value.a == node.a) return false;
    if (!live_.is_live(node.variable()) && !can_trap(program_, node.child_b())) return false;
    ++references_[node.a];
    live_.assign(node.variable());
    evaluate(node.child_b());
    return true;
  }

  bool keeps_if(NodeId id, std::uint32_t depth, bool ends_body) {
    Liveness::Branch branch = live_.begin_branch();
    const NodeId then_block = block(program_.node(id).child_b(), depth + 1, ends_body);
    live_.next_branch(branch);
    const NodeId else_block = block(program_.node(id).child_c(), depth + 1, ends_body);
    live_.join_branches(branch);
    Node& node = program_.node(id);
    const NodeId condition = node.child_a();
    if (!then_block.valid() && !else_block.valid() && !can_trap(program_, condition)) return false;
    node.b = then_block.value;
    node.c = else_block.value;
    if (!then_block.valid() && else_block.valid() && invert_condition(id, depth)) {
      std::swap(program_.node(id).b, program_.node(id).c);
      ++changes_;
    }
    evaluate(program_.node(id).child_a());
    return true;
  }

  // False when the limits leave no room for it.
  bool invert_condition(NodeId id, std::uint32_t depth) {
    const NodeId condition = program_.node(id).child_a();
    Node& node = program_.node(condition);
    if (node.kind == NodeKind::Compare) {
      node.op = inverse_comparison(node.op);
      return true;
    }
    if (node.kind == NodeKind::Unary && node.op == Op::Eqz) {
      program_.node(id).a = node.a;
      return true;
    }
    if (depth + 1 + expression_height(program_, condition) > ast::kMaxDepth || program_.node_count() >= ast::kMaxNodes)
      return false;
    Node wrapped;
    wrapped.kind = NodeKind::Unary;
    wrapped.op = Op::Eqz;
    wrapped.a = condition.value;
    const NodeId fresh = program_.add_node(wrapped);
    program_.node(id).a = fresh.value;
    return true;
  }

  bool keeps_loop(NodeId id, std::uint32_t depth) {
    const Node node = program_.node(id);
    const Node& count = program_.node(node.child_a());
    if (count.kind == NodeKind::Int && count.bits() == 0) return false;
    const LoopUses& uses = loops_.of(id);
    NodeId body;
    if (matters(uses)) {
      const Liveness::Loop loop = live_.enter_loop(loops_, uses);
      body = block(node.child_b(), depth + 1, true);
      live_.leave_loop(loop, loops_, uses);
    }
    if (!body.valid() && !can_trap(program_, node.child_a())) return false;
    Node& edited = program_.node(id);
    edited.b = body.value;
    if (!body.valid()) {
      // Only the count is left to evaluate. Not so often: with the body went its breaks.
      edited.kind = NodeKind::If;
      edited.c = NodeId::kNoneValue;
      ++changes_;
    }
    evaluate(node.child_a());
    return true;
  }

  // Whether a counted loop does anything that can be noticed behind it.
  [[nodiscard]] bool matters(const LoopUses& uses) const {
    const auto stored = loops_.stored(uses);
    return uses.has_effect || std::any_of(stored.begin(), stored.end(), [&](VarId variable) {
             return variable.value < uses.first_local && live_.is_live(variable);
           });
  }

  bool keeps_while(NodeId id, std::uint32_t depth) {
    const Node node = program_.node(id);
    const Node& condition = program_.node(node.child_a());
    if (condition.kind == NodeKind::Int && condition.bits() == 0) return false;
    const LoopUses& uses = loops_.of(id);
    const Liveness::Loop loop = live_.enter_loop(loops_, uses);
    const NodeId body = block(node.child_b(), depth + 1, true);
    evaluate(node.child_a());
    live_.leave_loop(loop, loops_, uses);
    program_.node(id).b = body.value;
    return true;
  }

  // What an expression that stays reads and may do.
  void evaluate(NodeId id) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Load:
        live_.read(node.variable());
        ++references_[node.a];
        break;
      case NodeKind::Unary:
      case NodeKind::Convert:
        evaluate(node.child_a());
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        if (operation_can_trap(program_, id)) live_.trap();
        evaluate(node.child_a());
        evaluate(node.child_b());
        break;
      case NodeKind::Select:
        evaluate(node.child_a());
        evaluate(node.child_b());
        evaluate(node.child_c());
        break;
      default:
        break;
    }
  }

  ast::Program& program_;
  AllLoopUses loops_;
  Liveness live_;
  std::vector<std::uint32_t> references_;  // per variable: the reads and stores that stay
  std::vector<NodeId> statements_;         // of open blocks, still to be looked at
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult eliminate_dead_code(const ast::Program& program) {
  ast::Program edited = program;
  std::uint32_t changes = Reach(edited).run();
  changes += Sweep(edited).run();
  if (changes == 0) return {program};
  PassResult result;
  ast::compact(edited, result.program);
  result.changes = changes;
  return result;
}

}  // namespace assay::opt
