// If-conversion: branches that only store become selects.
//
// What is preserved: a select evaluates both values, so branches are converted only where nothing in them can trap, and
// nothing else happens in them than stores. A condition that may trap is evaluated once, first, as before; a comparison
// is asked again only while nothing has changed what it compares. The stores keep their order. Where the condition
// chooses the other branch a store puts back what its variable holds, which nobody sees: nothing between the stores
// ends the program. So a store of the branch that was chosen finds everything as the stores before it in that branch
// left it, and may read what they assigned.
//
//   if (c) { v = A; }                  ->   v = select(c, A, v);
//   if (c) { v = A; } else { v = B; }  ->   v = select(c, A, B);
//   if (c) { v = A; w = B; }           ->   let i32 c0 = c; v = select(c0, A, v); w = select(c0, B, w);
//
// A comparison of variables or constants is asked again rather than kept, which takes a register less. Where the first
// of two stores changes what it compares, the second value is computed first, if it does not depend on that store:
//
//   if (a > b) { a = a - b; } else { b = b - a; }
//     ->   let i32 c0 = select(a > b, b, b - a); a = select(a > b, a - b, a); b = c0;
//
// Values are small, since both are computed every time, and so the work per node of the program is bounded.
//
// Tested by core/opt/test/if_conversion_test.cc.
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/ast/builder.h"
#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/expressions.h"
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;
using ast::VarId;

constexpr std::uint32_t kMostNodesOfValue = 8;
constexpr std::size_t kMostStores = 3;  // per branch
// Of one conversion: a let with its load, and per store itself, a select, a condition and a load.
constexpr std::uint32_t kMostNewNodes = 2 + 6 * 2 * kMostStores;

// The stores of a branch, in order.
struct Stores {
  std::array<NodeId, kMostStores> ids;
  std::size_t count = 0;
};

// What becomes one store: those of the two branches that assign the same variable, or one of them.
struct Pair {
  NodeId in_then;
  NodeId in_else;
};

struct Pairs {
  std::array<Pair, 2 * kMostStores> pairs;
  std::size_t count = 0;

  void add(NodeId in_then, NodeId in_else) { pairs[count++] = {in_then, in_else}; }
};

class IfConversion {
 public:
  explicit IfConversion(const Program& program) : program_(program), builder_(program_), names_(program_, "c") {}

  PassResult run(const Program& original) {
    program_.set_body(block(program_.body(), 1));
    if (changes_ == 0) return {original};
    PassResult result{{}, changes_};
    ast::compact(program_, result.program);
    return result;
  }

 private:
  // Converts what is in the list, inner branches first; gives its first statement.
  NodeId block(NodeId first, std::uint32_t depth) {
    NodeId new_first;
    NodeId last;
    for (NodeId id = first; id.valid();) {
      const NodeId next = program_.node(id).next;
      const NodeId put = statement(id, depth);
      if (last.valid()) {
        program_.node(last).next = put;
      } else {
        new_first = put;
      }
      // All but the last of several are new here.
      last = put;
      while (put != id && program_.node(last).next.valid()) last = program_.node(last).next;
      program_.node(last).next = NodeId::none();
      id = next;
    }
    return new_first;
  }

  // The first of the statements that take the place of one.
  NodeId statement(NodeId id, std::uint32_t depth) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::If: {
        const NodeId then_block = block(node.child_b(), depth + 1);
        const NodeId else_block = block(node.child_c(), depth + 1);
        program_.node(id).b = then_block.value;
        program_.node(id).c = else_block.value;
        return branch(id, depth);
      }
      case NodeKind::Loop:
      case NodeKind::While: {
        const NodeId body = block(node.child_b(), depth + 1);
        program_.node(id).b = body.value;
        return id;
      }
      default:
        return id;
    }
  }

  NodeId branch(NodeId id, std::uint32_t depth) {
    const Node node = program_.node(id);
    // Branches on constants are a matter of folding.
    if (program_.node(node.child_a()).kind == NodeKind::Int) return id;
    const std::optional<Stores> in_then = stores(node.child_b());
    if (!in_then) return id;
    const std::optional<Stores> in_else = stores(node.child_c());
    if (!in_else || in_then->count + in_else->count == 0) return id;
    const Pairs pairs = merge(*in_then, *in_else);
    if (program_.node_count() + kMostNewNodes > ast::kMaxNodes) return id;

    // A value gets no deeper than it was: `if`, store, value; now store, select, value. The condition does by one.
    const NodeId condition = node.child_a();
    const bool is_stable = is_quick_condition(condition) && !is_changed(condition, pairs);
    const bool fits = depth + 1 + expression_height(program_, condition) <= ast::kMaxDepth;
    const bool is_variable = program_.node(condition).kind == NodeKind::Load;
    if ((is_stable && (fits || is_variable)) || (pairs.count == 1 && fits)) {
      ++changes_;
      return convert(pairs, condition, NodeId::none());
    }
    if (program_.variable_count() >= ast::kMaxVariables) return id;
    ++changes_;
    if (fits && is_quick_comparison(program_, condition) && second_may_go_first(pairs))
      return convert_two(pairs, condition);
    const VarId bound = program_.add_local(names_.next(), program_.node(condition).type);
    return convert(pairs, builder_.load(bound), builder_.let(bound, condition));
  }

  // The stores, each with the condition, which is copied for all but the first; behind the binding if there is one.
  NodeId convert(const Pairs& pairs, NodeId condition, NodeId binding) {
    NodeId first = binding;
    NodeId last = binding;
    for (std::size_t i = 0; i < pairs.count; ++i) {
      const NodeId own_condition = i == 0 ? condition : copy_expression(program_, condition);
      const NodeId store = builder_.store(target(pairs.pairs[i]), chosen(pairs.pairs[i], own_condition));
      if (last.valid()) {
        program_.node(last).next = store;
      } else {
        first = store;
      }
      last = store;
    }
    return first;
  }

  NodeId convert_two(const Pairs& pairs, NodeId condition) {
    const auto& [first, second] = std::pair(pairs.pairs[0], pairs.pairs[1]);
    const NodeId second_value = chosen(second, copy_expression(program_, condition));
    const VarId bound = program_.add_local(names_.next(), program_.node(second_value).type);
    const NodeId let = builder_.let(bound, second_value);
    const NodeId first_store = builder_.store(target(first), chosen(first, condition));
    const NodeId second_store = builder_.store(target(second), builder_.load(bound));
    program_.node(let).next = first_store;
    program_.node(first_store).next = second_store;
    return let;
  }

  // What the pair's variable becomes.
  NodeId chosen(const Pair& pair, NodeId condition) {
    const NodeId if_true = pair.in_then.valid() ? program_.node(pair.in_then).child_b() : builder_.load(target(pair));
    const NodeId if_false = pair.in_else.valid() ? program_.node(pair.in_else).child_b() : builder_.load(target(pair));
    return builder_.select(condition, if_true, if_false);
  }

  // Nothing unless the list is a few stores of small values that cannot trap.
  [[nodiscard]] std::optional<Stores> stores(NodeId first) const {
    Stores result;
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const Node& node = program_.node(id);
      if (node.kind != NodeKind::Store || result.count == kMostStores) return std::nullopt;
      if (expression_size(program_, node.child_b(), kMostNodesOfValue) > kMostNodesOfValue) return std::nullopt;
      if (can_trap(program_, node.child_b())) return std::nullopt;
      result.ids[result.count++] = id;
    }
    return result;
  }

  // One list in which the stores of each branch keep their order.
  [[nodiscard]] Pairs merge(const Stores& in_then, const Stores& in_else) const {
    Pairs result;
    std::size_t merged = 0;  // of the else-branch
    for (std::size_t i = 0; i < in_then.count; ++i) {
      std::size_t same = merged;
      while (same < in_else.count && target(in_else.ids[same]) != target(in_then.ids[i])) ++same;
      if (same == in_else.count) {
        result.add(in_then.ids[i], NodeId::none());
        continue;
      }
      while (merged < same) result.add(NodeId::none(), in_else.ids[merged++]);
      result.add(in_then.ids[i], in_else.ids[merged++]);
    }
    while (merged < in_else.count) result.add(NodeId::none(), in_else.ids[merged++]);
    return result;
  }

  [[nodiscard]] VarId target(NodeId store) const { return program_.node(store).variable(); }

  [[nodiscard]] VarId target(const Pair& pair) const {
    return target(pair.in_then.valid() ? pair.in_then : pair.in_else);
  }

  // A variable, or a comparison of variables and constants.
  [[nodiscard]] bool is_quick_condition(NodeId condition) const {
    return program_.node(condition).kind == NodeKind::Load || is_quick_comparison(program_, condition);
  }

  // Whether a store but the last assigns what the condition reads.
  [[nodiscard]] bool is_changed(NodeId condition, const Pairs& pairs) const {
    for (std::size_t i = 0; i + 1 < pairs.count; ++i) {
      if (mentions(program_, condition, target(pairs.pairs[i]))) return true;
    }
    return false;
  }

  // Of two stores: whether the second does not see the first.
  [[nodiscard]] bool second_may_go_first(const Pairs& pairs) const {
    if (pairs.count != 2) return false;
    const auto& [first, second] = std::pair(pairs.pairs[0], pairs.pairs[1]);
    // Where it has no value of its own, it keeps what the first one left.
    if (target(first) == target(second)) return false;
    const auto sees = [this](NodeId store, NodeId behind) {
      return store.valid() && behind.valid() && mentions(program_, program_.node(behind).child_b(), target(store));
    };
    return !sees(first.in_then, second.in_then) && !sees(first.in_else, second.in_else);
  }

  Program program_;
  ast::Builder builder_;
  FreshNames names_;
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult convert_branches(const Program& program) {
  if (!has_kind(program, NodeKind::If)) return {program};
  return IfConversion(program).run(program);
}

}  // namespace assay::opt
