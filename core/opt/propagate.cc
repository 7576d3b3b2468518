// Constant and copy propagation: loads of variables whose value is known become that value.
//
// One walk in the order of execution, with what is known of each variable (known_values.h). Behind an `if` holds what
// both branches end with; a branch that ends in a jump has no say. In a loop and behind it nothing is known of what its
// body assigns, because the head is reached from the front and from the back edge. Conditions teach too: `x` is 5 where
// `x == 5` was true, and 0 where `x` was false, so behind `while (x != 5)` without a break it is 5. A store of what the
// variable holds already is dropped; what remains to be dropped is the business of dead code elimination.
//
// What it preserves: a load is pure, and is replaced by what it would give at that very point, so every value, every
// trap and every frame stay the same. A dropped store leaves the frame as it is, and its value cannot have trapped: it
// is a constant or a load. Statements behind a jump are left alone.
//
// Tested by core/opt/test/propagate_test.cc.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/ast/compact.h"
#include "core/opt/evaluate.h"
#include "core/opt/known_values.h"
#include "core/opt/loop_uses.h"
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::VarId;

class Propagation {
 public:
  explicit Propagation(const ast::Program& program)
      : result_{program},
        program_(result_.program),
        loops_(program),
        values_(program),
        visible_(program.slot_count()) {}

  PassResult run() {
    block(program_.body(), NodeId::none());
    if (dropped_) {
      ast::Program compacted;
      ast::compact(program_, compacted);
      program_ = std::move(compacted);
    }
    return std::move(result_);
  }

 private:
  // Each gives whether execution can go on behind it. `owner` is the statement of the block, none for the program's.
  bool block(NodeId first, NodeId owner, bool is_else = false) {
    const std::size_t outer = locals_.size();
    bool goes_on = true;
    NodeId previous;
    for (NodeId id = first; id.valid() && goes_on; id = program_.node(id).next) {
      if (program_.node(id).kind == NodeKind::Store && !store(id)) {
        unlink(id, previous, owner, is_else);
        continue;
      }
      goes_on = statement(id);
      previous = id;
    }
    for (std::size_t i = outer; i < locals_.size(); ++i) values_.leave_scope(locals_[i]);
    locals_.resize(outer);
    return goes_on;
  }

  void unlink(NodeId id, NodeId previous, NodeId owner, bool is_else) {
    const NodeId next = program_.node(id).next;
    if (previous.valid()) {
      program_.node(previous).next = next;
    } else if (!owner.valid()) {
      program_.set_body(next);
    } else if (is_else) {
      program_.node(owner).c = next.value;
    } else {
      program_.node(owner).b = next.value;
    }
    dropped_ = true;
    ++result_.changes;
  }

  bool statement(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
        values_.declare(node.variable(), value(node.child_b()));
        locals_.push_back(node.variable());
        visible_ = node.a + 1;
        return true;
      case NodeKind::If:
        return if_statement(id);
      case NodeKind::Loop:
        expression(node.child_a());
        loop(id, NodeId::none());
        return true;
      case NodeKind::While:
        return loop(id, node.child_a());
      case NodeKind::Break:
      case NodeKind::Continue:
        return false;
      case NodeKind::Return:
        if (node.child_a().valid()) expression(node.child_a());
        return false;
      case NodeKind::Push:
      case NodeKind::Print:
        expression(node.child_a());
        return true;
      default:
        return true;
    }
  }

  // False when the variable holds the value already.
  bool store(NodeId id) {
    const VarId variable = program_.node(id).variable();
    const Known stored = value(program_.node(id).child_b());
    const Known held = values_.of(variable);
    if (stored.kind == Known::Kind::Constant && held.kind == Known::Kind::Constant && stored.bits == held.bits) {
      return false;
    }
    if (stored.kind == Known::Kind::Copy) {
      if (stored.source == variable) return false;
      if (held.kind == Known::Kind::Copy && held.source == stored.source) return false;
    }
    values_.assign(variable, stored);
    return true;
  }

  bool if_statement(NodeId id) {
    const Node node = program_.node(id);
    expression(node.child_a());
    const std::uint32_t visible = visible_;

    KnownValues::Mark mark = values_.begin_branch();
    learn(node.child_a(), true);
    const bool then_goes_on = block(node.child_b(), id);
    if (then_goes_on) {
      values_.put_aside(mark, visible);
    } else {
      values_.undo_branch(mark);
    }

    mark = values_.begin_branch();
    learn(node.child_a(), false);
    const bool else_goes_on = block(node.child_c(), id, true);
    if (!then_goes_on) {
      values_.keep_branch(mark);
    } else if (!else_goes_on) {
      values_.undo_branch(mark);
      values_.take_aside();
    } else {
      values_.put_aside(mark, visible);
      values_.join_aside();
    }
    return then_goes_on || else_goes_on;
  }

  // `condition` is that of a `while`, evaluated at each round.
  bool loop(NodeId id, NodeId condition) {
    const LoopUses& uses = loops_.of(id);
    // Right at the head of the loop around it all of that is forgotten already: deep nests of loops stay cheap.
    if (!head_ || !values_.unchanged_since(*head_)) {
      for (const VarId variable : loops_.stored(uses)) values_.assign(variable, {});
    }
    if (condition.valid()) expression(condition);
    const KnownValues::Mark mark = values_.begin_branch();
    const std::optional<KnownValues::Mark> outer_head = std::exchange(head_, mark);
    if (condition.valid()) learn(condition, true);
    block(program_.node(id).child_b(), id);
    head_ = outer_head;
    values_.undo_branch(mark);
    if (!condition.valid() || uses.has_break) return true;
    learn(condition, false);
    const Node& node = program_.node(condition);
    return node.kind != NodeKind::Int || node.bits() == 0;  // an endless loop is not left
  }

  // Replaces the loads in an expression, and gives its value if that is a constant now. What is constant is known, but
  // left as it stands: writing down the result is the business of constant folding.
  std::optional<std::uint64_t> expression(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        return node.bits();
      case NodeKind::Load:
        return load(id);
      case NodeKind::Unary:
      case NodeKind::Convert: {
        const auto operand = expression(node.child_a());
        if (!operand) return std::nullopt;
        return evaluate(node.op, program_.node(node.child_a()).type, *operand, 0);
      }
      case NodeKind::Select: {
        const auto condition = expression(node.child_a());
        const auto if_true = expression(node.child_b());
        const auto if_false = expression(node.child_c());
        if (!condition || !if_true || !if_false) return std::nullopt;
        return *condition != 0 ? if_true : if_false;
      }
      default: {  // binary operators and comparisons
        const auto left = expression(node.child_a());
        const auto right = expression(node.child_b());
        if (!left || !right) return std::nullopt;
        return evaluate(node.op, program_.node(node.child_a()).type, *left, *right);
      }
    }
  }

  std::optional<std::uint64_t> load(NodeId id) {
    Node& node = program_.node(id);
    const Known known = values_.of(node.variable());
    if (known.kind == Known::Kind::Nothing) return std::nullopt;
    ++result_.changes;
    if (known.kind == Known::Kind::Copy) {
      node.a = known.source.value;
      return std::nullopt;
    }
    node.kind = NodeKind::Int;
    node.a = static_cast<std::uint32_t>(known.bits);
    node.b = static_cast<std::uint32_t>(known.bits >> 32);
    return known.bits;
  }

  // Replaces the loads, and gives what a variable with this value is known to hold.
  Known value(NodeId id) {
    const auto constant = expression(id);
    if (constant) return Known::constant(*constant);
    const Node& node = program_.node(id);
    return node.kind == NodeKind::Load ? Known::copy(node.variable()) : Known{};
  }

  // What follows from an expression having been true (not 0) or false (0). Nothing is assigned within expressions, so
  // its operands still have the values that they had.
  void learn(NodeId id, bool is_true) {
    const Node& node = program_.node(id);
    if (node.kind == NodeKind::Load) {
      if (!is_true) values_.learn(node.variable(), 0);
    } else if (node.kind == NodeKind::Unary && node.op == Op::Eqz) {
      learn(node.child_a(), !is_true);
    } else if (node.kind == NodeKind::Compare && (node.op == Op::Eq || node.op == Op::Ne)) {
      learn_comparison(node, (node.op == Op::Eq) == is_true);
    } else if (node.kind == NodeKind::Binary && node.op == (is_true ? Op::And : Op::Or)) {
      // No bit of a true `and` is set but in both operands, and none of a false `or` in any.
      learn(node.child_a(), is_true);
      learn(node.child_b(), is_true);
    }
  }

  void learn_comparison(const Node& node, bool is_equal) {
    const bool swapped = program_.node(node.child_a()).kind == NodeKind::Int;
    const NodeId other = swapped ? node.child_b() : node.child_a();
    const Node& constant = program_.node(swapped ? node.child_a() : node.child_b());
    if (constant.kind != NodeKind::Int) return;
    if (constant.bits() == 0) {
      learn(other, !is_equal);
    } else if (is_equal && program_.node(other).kind == NodeKind::Load) {
      values_.learn(program_.node(other).variable(), constant.bits());
    }
  }

  PassResult result_;
  ast::Program& program_;  // that of the result
  AllLoopUses loops_;
  KnownValues values_;
  std::optional<KnownValues::Mark> head_;  // of the innermost loop around the walk
  std::vector<VarId> locals_;              // in scope
  std::uint32_t visible_;                  // variables from this number on have not been declared yet
  bool dropped_ = false;
};

}  // namespace

PassResult propagate(const ast::Program& program) { return Propagation(program).run(); }

}  // namespace assay::opt
