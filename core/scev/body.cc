// Symbolic execution of a loop body; see body.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/body.h"

#include <algorithm>
#include <utility>

#include "core/scev/inner_loop.h"

namespace assay::scev {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::VarId;

// Statements of larger bodies are not looked at: what they compute would not fit into a polynomial anyway.
constexpr unsigned kMaxStatements = 200;

// What variables hold at a point of the body. They are few, so that looking through all of them is what takes least.
class State {
 public:
  struct Entry {
    VarId variable;
    Polynomial value;
  };

  [[nodiscard]] Polynomial* find(VarId variable) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [variable](const Entry& entry) { return entry.variable == variable; });
    return found == entries_.end() ? nullptr : &found->value;
  }
  void set(VarId variable, Polynomial value) {
    if (Polynomial* const known = find(variable); known != nullptr) {
      *known = std::move(value);
    } else {
      entries_.push_back({variable, std::move(value)});
    }
  }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;  // in the order in which the variables were first met
};

class Reader {
 public:
  Reader(const ast::Program& program, Atoms& atoms, Body& body, unsigned nesting)
      : program_(program), atoms_(atoms), body_(body), nesting_(nesting) {}

  void read(NodeId id) {
    const Node& loop = program_.node(id);
    body_.loop = id;
    body_.counted = loop.kind == NodeKind::Loop;
    collect_assigned(loop.child_b());
    if (body_.failed()) return;
    std::sort(body_.variables.begin(), body_.variables.end());
    for (const VarId variable : body_.variables) {
      state_.set(variable, atoms_.variable(variable, program_.variable_type(variable)));
    }
    if (body_.counted) {
      body_.count = initial_value(loop.child_a());
    } else {
      const Polynomial condition = value(loop.child_a());
      add_exit(NodeId::none(), atoms_.operation(ast::Op::Ne, condition, constant(condition.type, 0)));
    }
    block(loop.child_b(), true);
    for (const VarId variable : body_.variables) {
      const Polynomial& next = *state_.find(variable);
      if (next.poisoned) fail(Decline::NotARecurrence);
      body_.next.push_back(next);
    }
  }

 private:
  void fail(Decline reason) {
    if (!body_.failed()) body_.failure = reason;
  }

  // The variables assigned below `first` that were declared outside: lets come before their stores.
  void collect_assigned(NodeId first) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      // What is assigned is looked for in lists, which is quick only while they are short.
      if (++collected_ > kMaxStatements) return fail(Decline::TooLarge);
      const Node& node = program_.node(id);
      switch (node.kind) {
        case NodeKind::Let:
          inner_.push_back(node.variable());
          break;
        case NodeKind::Store:
          if (std::find(inner_.begin(), inner_.end(), node.variable()) == inner_.end() &&
              std::find(body_.variables.begin(), body_.variables.end(), node.variable()) == body_.variables.end()) {
            body_.variables.push_back(node.variable());
          }
          break;
        case NodeKind::If:
          collect_assigned(node.child_b());
          collect_assigned(node.child_c());
          break;
        case NodeKind::Loop:
        case NodeKind::While:
          collect_assigned(node.child_b());
          break;
        default:
          break;
      }
    }
  }

  Polynomial load(VarId variable) {
    const Polynomial* const known = state_.find(variable);
    return known != nullptr ? *known : atoms_.initial(variable, program_.variable_type(variable));
  }

  // The count of a counted loop is evaluated once, before the first iteration.
  Polynomial initial_value(NodeId id) {
    State kept;
    std::swap(kept, state_);
    Polynomial result = value(id);
    std::swap(kept, state_);
    return result;
  }

  Polynomial value(NodeId id) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        return constant(node.type, node.bits());
      case NodeKind::Load:
        return load(node.variable());
      case NodeKind::Unary:
      case NodeKind::Convert:
        return atoms_.operation(node.op, value(node.child_a()));
      case NodeKind::Binary:
      case NodeKind::Compare: {
        const Polynomial left = value(node.child_a());
        const Polynomial right = value(node.child_b());
        if (ast::op_info(node.op).traps && may_trap(node.op, right)) {
          fail(Decline::MayTrap);
          return poison(node.type);
        }
        return atoms_.operation(node.op, left, right);
      }
      case NodeKind::Select: {
        const Polynomial condition = value(node.child_a());
        const Polynomial if_true = value(node.child_b());
        return atoms_.select(condition, if_true, value(node.child_c()));
      }
      default:
        return poison(node.type);
    }
  }

  static bool may_trap(ast::Op op, const Polynomial& divisor) {
    if (!divisor.is_constant() || divisor.is_zero()) return true;
    return op == ast::Op::DivS && divisor.is(all_ones(divisor.type));
  }

  void add_exit(NodeId statement, Polynomial stays) { body_.exits.push_back({statement, std::move(stays)}); }

  // What the end of a list of statements is reached by.
  enum class Flow : std::uint8_t { Through, Continue, Break };

  // Whether the list ends in a break, and holds nothing but straight stores before it.
  [[nodiscard]] bool is_break_block(NodeId first) const {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      const NodeKind kind = program_.node(id).kind;
      if (kind == NodeKind::Break) return true;
      if (kind != NodeKind::Let && kind != NodeKind::Store) return false;
    }
    return false;
  }

  // `top`: directly in the loop's body, where an exit is not under another condition.
  Flow block(NodeId first, bool top) {
    for (NodeId id = first; id.valid() && !body_.failed(); id = program_.node(id).next) {
      if (++statements_ > kMaxStatements) fail(Decline::TooLarge);
      const Node& node = program_.node(id);
      switch (node.kind) {
        case NodeKind::Let:
        case NodeKind::Store:
          state_.set(node.variable(), value(node.child_b()));
          break;
        case NodeKind::If:
          if (branch(id, node, top) == Flow::Continue) return Flow::Continue;
          break;
        case NodeKind::Loop:
        case NodeKind::While:
          inner_loop(id);
          break;
        case NodeKind::Continue:
          return Flow::Continue;
        case NodeKind::Break:
          if (top) {
            add_exit(id, constant(ast::Type::I32, 0));
          } else {
            fail(Decline::ExitCondition);
          }
          return Flow::Break;
        default:
          fail(Decline::Leaves);
          break;
      }
    }
    return Flow::Through;
  }

  // Flow::Continue: the statements behind the `if` were executed here, under its condition.
  Flow branch(NodeId id, const Node& node, bool top) {
    const Polynomial condition = value(node.child_a());
    const Polynomial truth = atoms_.operation(ast::Op::Ne, condition, constant(condition.type, 0));
    const bool breaks = is_break_block(node.child_b());
    const bool else_breaks = is_break_block(node.child_c());
    if (breaks || else_breaks) {
      if (!top || (breaks && else_breaks)) {
        fail(Decline::ExitCondition);
        return Flow::Through;
      }
      const Polynomial zero = constant(ast::Type::I32, 0);
      add_exit(id, breaks ? atoms_.operation(ast::Op::Eq, truth, zero) : truth);
      if (block(breaks ? node.child_c() : node.child_b(), true) != Flow::Through) fail(Decline::ContinueInside);
      return Flow::Through;
    }
    State before = state_;
    Flow then_flow = block(node.child_b(), false);
    State then_state = std::exchange(state_, std::move(before));
    Flow else_flow = block(node.child_c(), false);
    if (then_flow == Flow::Continue || else_flow == Flow::Continue) {
      // The rest of the block belongs to the branch that falls through.
      if (!top) {
        fail(Decline::ContinueInside);
        return Flow::Through;
      }
      if (then_flow == Flow::Through) {
        std::swap(then_state, state_);
        if (block(node.next, false) == Flow::Break) fail(Decline::ExitCondition);
        std::swap(then_state, state_);
      } else if (else_flow == Flow::Through) {
        if (block(node.next, false) == Flow::Break) fail(Decline::ExitCondition);
      }
      join(truth, then_state);
      return Flow::Continue;
    }
    join(truth, then_state);
    return Flow::Through;
  }

  // The state is the else-branch's; makes it that of both.
  void join(const Polynomial& truth, const State& then_state) {
    for (const auto& [variable, then_value] : then_state.entries()) {
      Polynomial* const otherwise = state_.find(variable);
      if (otherwise == nullptr) continue;  // a local of the branch
      if (!(*otherwise == then_value)) *otherwise = atoms_.select(truth, then_value, *otherwise);
    }
  }

  void inner_loop(NodeId id) {
    std::vector<VarId> constant_starts;
    for (const auto& [variable, current] : state_.entries()) {
      if (current.is_constant()) constant_starts.push_back(variable);
    }
    const InnerLoop inner = summarise(program_, id, atoms_, nesting_ + 1, constant_starts);
    body_.nested = true;
    if (inner.failed()) {
      fail(Decline::InnerLoop);
      return;
    }
    body_.classes |= inner.classes;
    // What the inner loop calls initial is what this one holds now.
    Substitution now(atoms_);
    for (const auto& [variable, current] : state_.entries()) {
      now.set(atoms_.initial(variable, program_.variable_type(variable)).single_atom(), current);
    }
    std::vector<Polynomial> values;
    values.reserve(inner.variables.size());
    for (const Polynomial& final_value : inner.values) values.push_back(now.apply(final_value));
    for (std::size_t i = 0; i < values.size(); ++i) {
      state_.set(inner.variables[i], std::move(values[i]));
    }
  }

  const ast::Program& program_;
  Atoms& atoms_;
  Body& body_;
  State state_;
  std::vector<VarId> inner_;
  unsigned nesting_;
  unsigned statements_ = 0;
  unsigned collected_ = 0;
};

}  // namespace

Body read_body(const ast::Program& program, NodeId id, Atoms& atoms, unsigned nesting) {
  Body body;
  Reader(program, atoms, body, nesting).read(id);
  return body;
}

}  // namespace assay::scev
