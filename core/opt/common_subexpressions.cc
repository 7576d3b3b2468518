// Common subexpressions: what was computed before and is still the same is not computed again.
//
// What is preserved: an expression is replaced only where an earlier one with the same value number (value_numbers.h)
// was evaluated on every way to it, that is, in an earlier statement of the same block or of a block around it, or in
// the same statement; it would have had the same value, and would not have trapped either. It is replaced by a variable
// that holds the value still, or by a new local that takes the value in front of the statement of the earlier one. In
// that case the earlier one is evaluated before the other parts of its statement, so it must not be able to trap,
// unless it is all that the statement evaluates. Locals are not seen from outside, and the frame changes when it did.
//
//   x = a * b; y = a * b + c;        ->   x = a * b; y = x + c;
//   x = a * b + c; y = a * b - c;    ->   let i32 s0 = a * b; x = s0 + c; y = s0 - c;
//
// A condition counts as computed, too: in the branch that it chooses, and behind a branch that it would have left for
// good, its truth is known, and so is that of its inverse and of what it consists of. Nothing is dropped that can trap.
//
//   if (a < b) { x = select(a < b, y, z); }           ->   if (a < b) { x = y; }
//   while (1) { if (a >= b) { break; } x = a < b; }   ->   while (1) { if (a >= b) { break; } x = 1; }
//
// Where a comparison of variables decides, it is asked again: a test of a local would take as long.
//
// What a `while` condition computes first is not shared: in front of the loop it would be computed too early, and
// behind the condition there is no place for a local.
//
// Tested by core/opt/test/common_subexpressions_test.cc.
#include <optional>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/expressions.h"
#include "core/opt/known_truths.h"
#include "core/opt/passes.h"
#include "core/opt/value_numbers.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;
using ast::VarId;

// A smaller expression is not worth a local.
constexpr std::uint32_t kNodesWorthALocal = 3;

class CommonSubexpressions {
 public:
  explicit CommonSubexpressions(const Program& program)
      : program_(program),
        builder_(program_),
        names_(program_, "s"),
        numbers_(program_),
        local_of_(program_.node_count()),
        can_trap_(program_.node_count()) {}

  PassResult run(const Program& original) {
    replace_in_block(program_.body());
    if (changes_ == 0) return {original};
    if (bound_ > 0) program_.set_body(bind_in_block(program_.body()));
    PassResult result{{}, changes_};
    ast::compact(program_, result.program);
    return result;
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  // An expression that was evaluated on the way here.
  struct Computed {
    NodeId node;
    VarId holder;               // was assigned its value, and may have changed since
    bool can_be_bound = false;  // in front of its statement
    VarId local;                // that it is bound to
  };
  struct Undo {
    std::uint32_t number = 0;
    std::uint32_t computed = kNone;
  };

  // First walk: replaces what was computed before, and chooses what is to be bound.
  void replace_in_block(NodeId first) {
    const std::size_t undo = undo_.size();
    const std::size_t truths = truths_.mark();
    for (NodeId id = first; id.valid(); id = program_.node(id).next) replace_in_statement(id);
    truths_.forget(truths);
    // What was computed in the block need not have been computed behind it.
    for (; undo_.size() > undo; undo_.pop_back()) latest_[undo_.back().number] = undo_.back().computed;
  }

  void replace_in_statement(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        replace_in_value(node.child_b());
        assign(node.variable(), numbers_.of(node.child_b()));
        return;
      case NodeKind::If:
        replace_in_branch(node);
        return;
      case NodeKind::Loop:
        replace_in_value(node.child_a());
        numbers_.enter_loop();
        replace_in_block(node.child_b());
        numbers_.leave();
        return;
      case NodeKind::While:
        numbers_.enter_loop();
        replace_in_while(node);
        numbers_.leave();
        return;
      case NodeKind::Return:
        if (node.child_a().valid()) replace_in_value(node.child_a());
        return;
      case NodeKind::Push:
      case NodeKind::Print:
        replace_in_value(node.child_a());
        return;
      default:
        return;
    }
  }

  void replace_in_branch(const Node& node) {
    numbers_.number(program_, node.child_a());
    // Before anything of the condition is replaced by a variable.
    const KnownTruths::Facts if_true = truths_.facts(program_, node.child_a(), true);
    const KnownTruths::Facts if_false = truths_.facts(program_, node.child_a(), false);
    find_traps(node.child_a());
    replace(node.child_a(), true, true, true);
    const std::size_t before = truths_.mark();
    numbers_.enter_then();
    truths_.learn(if_true);
    replace_in_block(node.child_b());
    truths_.forget(before);
    numbers_.leave_then_enter_else();
    truths_.learn(if_false);
    replace_in_block(node.child_c());
    truths_.forget(before);
    numbers_.leave();
    // Who comes by here came through the other branch.
    if (leaves(node.child_b())) truths_.learn(if_false);
    if (leaves(node.child_c())) truths_.learn(if_true);
  }

  void replace_in_while(const Node& node) {
    numbers_.number(program_, node.child_a());
    const KnownTruths::Facts if_true = truths_.facts(program_, node.child_a(), true);
    find_traps(node.child_a());
    replace(node.child_a(), false, false, true);
    const std::size_t before = truths_.mark();
    truths_.learn(if_true);
    replace_in_block(node.child_b());
    truths_.forget(before);
  }

  // Whether the end of the block is never reached. Only a last statement is looked at.
  [[nodiscard]] bool leaves(NodeId first) const {
    if (!first.valid()) return false;
    NodeId last = first;
    while (program_.node(last).next.valid()) last = program_.node(last).next;
    const NodeKind kind = program_.node(last).kind;
    return kind == NodeKind::Break || kind == NodeKind::Continue || kind == NodeKind::Return;
  }

  void assign(VarId variable, std::uint32_t number) {
    numbers_.assign(variable, number);
    if (number >= latest_.size() || latest_[number] == kNone) return;
    Computed& computed = computed_[latest_[number]];
    if (!computed.local.valid() && !holds(computed.holder, number)) computed.holder = variable;
  }

  [[nodiscard]] bool holds(VarId variable, std::uint32_t number) {
    return variable.valid() && numbers_.of(variable) == number;
  }

  void replace_in_value(NodeId id) {
    numbers_.number(program_, id);
    find_traps(id);
    replace(id, true, true);
  }

  bool find_traps(NodeId id) {
    const Node& node = program_.node(id);
    if (node.kind == NodeKind::Int || node.kind == NodeKind::Load) return false;
    bool result = find_traps(node.child_a());
    if (node.kind != NodeKind::Unary && node.kind != NodeKind::Convert) result |= find_traps(node.child_b());
    if (node.kind == NodeKind::Select) result |= find_traps(node.child_c());
    result |= operation_can_trap(program_, id);
    can_trap_[id.value] = result;
    return result;
  }

  // `is_whole`: the expression is all that the statement evaluates. `is_kept`: others may be replaced by it. `decides`:
  // its truth is all that is asked for.
  void replace(NodeId id, bool is_whole, bool is_kept, bool decides = false) {
    const Node node = program_.node(id);
    if (node.kind == NodeKind::Int || node.kind == NodeKind::Load) return;
    if (!can_trap_[id.value] && replace_by_what_is_known(id)) {
      replace(id, is_whole, is_kept, decides);
      return;
    }
    const std::uint32_t number = numbers_.of(id);
    const VarId variable = variable_for(number, id, decides);
    if (variable.valid()) {
      ++changes_;
      Node load;
      load.kind = NodeKind::Load;
      load.type = node.type;
      load.a = variable.value;
      load.next = NodeId::none();
      program_.node(id) = load;
      return;
    }
    if (is_kept) keep(number, {id, {}, is_whole || !can_trap_[id.value], {}});
    replace(node.child_a(), false, is_kept, node.kind == NodeKind::Select);
    if (node.kind != NodeKind::Unary && node.kind != NodeKind::Convert) replace(node.child_b(), false, is_kept);
    if (node.kind == NodeKind::Select) replace(node.child_c(), false, is_kept);
  }

  // A comparison by its truth, a select by the value that its condition chooses.
  bool replace_by_what_is_known(NodeId id) {
    const Node node = program_.node(id);
    if (node.kind == NodeKind::Compare || (node.kind == NodeKind::Unary && node.op == ast::Op::Eqz)) {
      const std::optional<bool> truth = truths_.of(numbers_.of(id));
      if (!truth) return false;
      Node constant;
      constant.kind = NodeKind::Int;
      constant.type = node.type;
      constant.a = *truth ? 1 : 0;
      constant.b = 0;
      program_.node(id) = constant;
    } else if (node.kind == NodeKind::Select) {
      const std::optional<bool> truth = truths_.of(numbers_.of(node.child_a()));
      if (!truth) return false;
      const NodeId chosen = *truth ? node.child_b() : node.child_c();
      program_.node(id) = program_.node(chosen);
      numbers_.take(id, chosen);
    } else {
      return false;
    }
    ++changes_;
    return true;
  }

  void keep(std::uint32_t number, const Computed& computed) {
    if (latest_.size() <= number) latest_.resize(numbers_.count(), kNone);
    undo_.push_back({number, latest_[number]});
    latest_[number] = static_cast<std::uint32_t>(computed_.size());
    computed_.push_back(computed);
  }

  // A variable that has the value, or none.
  VarId variable_for(std::uint32_t number, NodeId id, bool decides) {
    if (number >= latest_.size() || latest_[number] == kNone) return {};
    Computed& computed = computed_[latest_[number]];
    if (computed.local.valid()) return computed.local;
    if (holds(computed.holder, number)) return computed.holder;
    if (!computed.can_be_bound || !has_room()) return {};
    if (!is_worth_a_local(id, decides)) return {};
    computed.local = program_.add_local(names_.next(), program_.node(id).type);
    local_of_[computed.node.value] = computed.local;
    ++bound_;
    return computed.local;
  }

  [[nodiscard]] bool is_worth_a_local(NodeId id, bool decides) const {
    return !(decides && is_quick_comparison(program_, id)) &&
           expression_size(program_, id, kNodesWorthALocal) >= kNodesWorthALocal;
  }

  // A bound expression takes a let and a load more.
  [[nodiscard]] bool has_room() const {
    return program_.node_count() + 2 * (bound_ + 1) <= ast::kMaxNodes && program_.variable_count() < ast::kMaxVariables;
  }

  // Second walk: puts the locals in front of the statements.
  NodeId bind_in_block(NodeId first) {
    NodeId last;
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      lets_ = {};
      bind_in_statement(id);
      const NodeId first_let = lets_.first;
      const NodeId last_let = lets_.last;
      if (first_let.valid()) {
        program_.node(last_let).next = id;
        if (last.valid()) {
          program_.node(last).next = first_let;
        } else {
          first = first_let;
        }
      }
      bind_in_blocks_of(id);
      last = id;
    }
    return first;
  }

  void bind_in_statement(NodeId id) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        bind(node.child_b());
        return;
      case NodeKind::If:
      case NodeKind::Loop:
      case NodeKind::Push:
      case NodeKind::Print:
        bind(node.child_a());
        return;
      case NodeKind::Return:
        if (node.child_a().valid()) bind(node.child_a());
        return;
      default:
        return;
    }
  }

  void bind_in_blocks_of(NodeId id) {
    const Node node = program_.node(id);
    if (node.kind != NodeKind::If && node.kind != NodeKind::Loop && node.kind != NodeKind::While) return;
    const NodeId first = bind_in_block(node.child_b());
    program_.node(id).b = first.value;
    if (node.kind != NodeKind::If) return;
    const NodeId in_else = bind_in_block(node.child_c());
    program_.node(id).c = in_else.value;
  }

  // Parts first, so that their locals are there for the whole.
  void bind(NodeId id) {
    const Node node = program_.node(id);
    if (node.kind == NodeKind::Int || node.kind == NodeKind::Load) return;
    bind(node.child_a());
    if (node.kind != NodeKind::Unary && node.kind != NodeKind::Convert) bind(node.child_b());
    if (node.kind == NodeKind::Select) bind(node.child_c());
    const VarId local = local_of_[id.value];
    if (!local.valid()) return;
    const NodeId value = program_.add_node(program_.node(id));
    if (program_.position(id).known()) program_.set_position(value, program_.position(id));
    const NodeId let = builder_.let(local, value);
    if (lets_.last.valid()) {
      program_.node(lets_.last).next = let;
    } else {
      lets_.first = let;
    }
    lets_.last = let;
    Node load;
    load.kind = NodeKind::Load;
    load.type = node.type;
    load.a = local.value;
    program_.node(id) = load;
  }

  struct Lets {
    NodeId first;
    NodeId last;
  };

  Program program_;
  ast::Builder builder_;
  FreshNames names_;
  ValueNumbers numbers_;
  KnownTruths truths_{numbers_};
  std::vector<VarId> local_of_;  // per node: the local that it is to be bound to
  std::vector<bool> can_trap_;   // per node
  std::vector<Computed> computed_;
  std::vector<std::uint32_t> latest_;  // per value number: index into computed_
  std::vector<Undo> undo_;
  Lets lets_;  // in front of the current statement
  std::uint32_t bound_ = 0;
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult eliminate_common_subexpressions(const Program& program) {
  return CommonSubexpressions(program).run(program);
}

}  // namespace assay::opt
