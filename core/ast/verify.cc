// The verifier; see verify.h. Tested by core/ast/test/verify_test.cc.
//
// Every program that is generated, mutated, decoded or optimised passes through here, so the memory that the walk needs
// is kept from call to call.
#include "core/ast/verify.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ast/limits.h"
#include "core/ast/names.h"

namespace assay::ast {
namespace {

struct NamedVariable {
  std::uint64_t key = 0;  // name_key of its name
  std::uint32_t variable = 0;
};

struct Scratch {
  std::vector<std::uint64_t> visited;     // one bit per node
  std::vector<NamedVariable> by_name;     // sorting them finds equal names
  std::vector<std::uint32_t> name_of;     // per variable: the same number for the same name
  std::vector<std::uint8_t> name_in_use;  // per such number
  std::vector<std::uint8_t> in_scope;     // per variable
  std::vector<std::uint32_t> scope;       // the variables in scope, in order of declaration
};

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 64)) + "'"; }
std::string text_of(Type type) { return std::string(type_name(type)); }

// Walks the program once; the first error ends the walk. Recursion is bounded by kMaxDepth, and the whole walk by the
// number of nodes, because meeting a node twice is an error. The checks return whether all is well.
class Verifier {
 public:
  Verifier(const Program& program, Scratch& scratch)
      : program_(program), scratch_(scratch), node_count_(program.node_count()) {}

  base::Result<void> run() {
    if (check_sizes() && check_names() && check_slots() && check_block(program_.body(), 1, false)) check_all_declared();
    if (error_) return std::move(*error_);
    return {};
  }

 private:
  // Takes the text by pointer or by value, so that the walk itself builds no string.
  [[gnu::cold, gnu::noinline]] bool fail(NodeId id, const char* message) { return fail(id, std::string(message)); }
  [[gnu::cold, gnu::noinline]] bool fail(NodeId id, std::string message) {
    error_ = base::input_error(std::move(message), id.valid() ? program_.position(id) : base::SourcePosition{});
    return false;
  }

  bool too_many(std::uint64_t count, std::uint64_t most, const char* what) {
    return count <= most || fail(NodeId::none(), "the program has " + std::to_string(count) + " " + what +
                                                     ", more than " + std::to_string(most));
  }

  bool check_sizes() {
    if (!too_many(program_.node_count(), kMaxNodes, "nodes") || !too_many(program_.slot_count(), kMaxSlots, "slots") ||
        !too_many(program_.variable_count(), kMaxVariables, "variables")) {
      return false;
    }
    scratch_.visited.assign((program_.node_count() + 63) / 64, 0);
    scratch_.in_scope.assign(program_.variable_count(), 0);
    scratch_.scope.clear();
    return true;
  }

  bool check_name(std::string_view name, const char* what) {
    return is_identifier(name) || fail(NodeId::none(), std::string("the name of a ") + what + " must be 1 to " +
                                                           std::to_string(kMaxNameBytes) +
                                                           " letters, digits and '_', and not begin with a digit");
  }

  // Numbers the names, so that the walk compares numbers. Sorted rather than hashed: no choice of names is slow.
  bool check_names() {
    if (!check_name(program_.name(), "program")) return false;
    scratch_.by_name.clear();
    for (std::uint32_t i = 0; i < program_.variable_count(); ++i) {
      const std::string_view name = program_.variable_name(VarId{i});
      if (!check_name(name, "variable")) return false;
      if (is_reserved(name))
        return fail(NodeId::none(), quoted(name) + " is a reserved word and cannot name a variable");
      if (program_.variable_type(VarId{i}) > Type::I64) return fail(NodeId::none(), "a variable has no valid type");
      scratch_.by_name.push_back({name_key(name), i});
    }
    std::sort(scratch_.by_name.begin(), scratch_.by_name.end(), [this](const NamedVariable& a, const NamedVariable& b) {
      if (a.key != b.key) return a.key < b.key;
      return program_.variable_name(VarId{a.variable}) < program_.variable_name(VarId{b.variable});
    });
    scratch_.name_of.resize(program_.variable_count());
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < scratch_.by_name.size(); ++i) {
      const NamedVariable& one = scratch_.by_name[i];
      if (i > 0 && !same_name(scratch_.by_name[i - 1], one)) ++number;
      scratch_.name_of[one.variable] = number;
    }
    scratch_.name_in_use.assign(scratch_.by_name.size(), 0);
    return true;
  }

  [[nodiscard]] bool same_name(const NamedVariable& a, const NamedVariable& b) const {
    return a.key == b.key && program_.variable_name(VarId{a.variable}) == program_.variable_name(VarId{b.variable});
  }

  bool check_slots() {
    for (; declared_ < program_.slot_count(); ++declared_) {
      if (!declare(VarId{declared_}, NodeId::none())) return false;
    }
    return true;
  }

  bool declare(VarId variable, NodeId where) {
    std::uint8_t& in_use = scratch_.name_in_use[scratch_.name_of[variable.value]];
    if (in_use != 0) {
      return fail(where, "the name " + quoted(program_.variable_name(variable)) + " is already in use here");
    }
    in_use = 1;
    scratch_.in_scope[variable.value] = 1;
    scratch_.scope.push_back(variable.value);
    return true;
  }

  void leave_scope(std::size_t outer) {
    for (std::size_t i = outer; i < scratch_.scope.size(); ++i) {
      scratch_.in_scope[scratch_.scope[i]] = 0;
      scratch_.name_in_use[scratch_.name_of[scratch_.scope[i]]] = 0;
    }
    scratch_.scope.resize(outer);
  }

  bool check_all_declared() {
    return declared_ == program_.variable_count() ||
           fail(NodeId::none(), "the variable " + quoted(program_.variable_name(VarId{declared_})) +
                                    " is a local that no 'let' declares");
  }

  bool check_block(NodeId first, std::uint32_t depth, bool in_loop) {
    const std::size_t outer = scratch_.scope.size();
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      if (!enter(id, depth) || !check_statement(id, depth, in_loop)) return false;
    }
    leave_scope(outer);
    return true;
  }

  // Marks the node, if it can be looked at.
  bool enter(NodeId id, std::uint32_t depth) {
    if (id.value >= node_count_ || depth > kMaxDepth) return refuse(id);
    std::uint64_t& word = scratch_.visited[id.value / 64];
    const std::uint64_t bit = std::uint64_t{1} << (id.value % 64);
    if ((word & bit) != 0) return fail(id, "a node is used twice: a program must be a tree");
    word |= bit;
    return true;
  }

  bool refuse(NodeId id) {
    if (!id.valid()) return fail(id, "a node lacks an operand");
    if (id.value >= node_count_) return fail(NodeId::none(), "the program refers to a node that does not exist");
    return fail(id, "the program is nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }

  bool check_statement(NodeId id, std::uint32_t depth, bool in_loop) {
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
        return check_let(id, depth);
      case NodeKind::Store:
        return check_visible(id) && check_expression(node.child_b(), depth + 1) && check_assigned(id);
      case NodeKind::If: {
        if (!check_expression(node.child_a(), depth + 1)) return false;
        const std::uint32_t before = pushes_;
        if (!check_block(node.child_b(), depth + 1, in_loop)) return false;
        const std::uint32_t after_then = std::exchange(pushes_, before);
        if (!check_block(node.child_c(), depth + 1, in_loop)) return false;
        pushes_ = std::max(pushes_, after_then);
        return true;
      }
      case NodeKind::Loop:
      case NodeKind::While:
        return check_expression(node.child_a(), depth + 1) && check_block(node.child_b(), depth + 1, true);
      case NodeKind::Break:
        return in_loop || fail(id, "'break' stands outside a loop");
      case NodeKind::Continue:
        return in_loop || fail(id, "'continue' stands outside a loop");
      case NodeKind::Return:
        // A bare `return` has no value and needs no cell.
        return !node.child_a().valid() || (check_cells(id, pushes_ + 1) && check_expression(node.child_a(), depth + 1));
      case NodeKind::Push:
        if (in_loop) {
          return fail(id, "'push' stands inside a loop, where the depth of the operand stack would not be known");
        }
        return check_cells(id, ++pushes_) && check_expression(node.child_a(), depth + 1);
      case NodeKind::Print:
        return check_expression(node.child_a(), depth + 1);
      default:
        return fail(id, "a statement is expected here, not an expression");
    }
  }

  bool check_cells(NodeId id, std::uint32_t cells) {
    return cells <= kMaxPushes ||
           fail(id, "the program pushes more than " + std::to_string(kMaxPushes) + " values on one path");
  }

  bool check_let(NodeId id, std::uint32_t depth) {
    const Node& node = program_.node(id);
    // The value does not see the new name.
    if (!check_expression(node.child_b(), depth + 1)) return false;
    const VarId variable = node.variable();
    if (variable.value >= program_.variable_count() || program_.is_slot(variable)) {
      return fail(id, "'let' must declare a local variable");
    }
    if (variable.value < declared_) {
      return fail(id, "the variable " + quoted(program_.variable_name(variable)) + " is declared twice");
    }
    if (variable.value != declared_) return fail(id, "the locals are not numbered in the order of their 'let'");
    ++declared_;
    return check_assigned(id) && declare(variable, id);
  }

  bool check_visible(NodeId id) {
    const VarId variable = program_.node(id).variable();
    if (variable.value >= program_.variable_count()) {
      return fail(id, "the program refers to a variable that does not exist");
    }
    return scratch_.in_scope[variable.value] != 0 ||
           fail(id, "the variable " + quoted(program_.variable_name(variable)) + " is not declared here");
  }

  bool check_assigned(NodeId id) {
    const Node& node = program_.node(id);
    const Type wanted = program_.variable_type(node.variable());
    const Type got = type_of(node.child_b());
    return wanted == got || fail(id, quoted(program_.variable_name(node.variable())) + " is " + text_of(wanted) +
                                         " and cannot hold a value of type " + text_of(got));
  }

  bool check_expression(NodeId id, std::uint32_t depth) {
    if (!enter(id, depth)) return false;
    const Node& node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Int:
        if (node.type > Type::I64) return fail(id, "a constant has no valid type");
        return node.type == Type::I64 || node.b == 0 || fail(id, "an i32 constant has bits beyond its width");
      case NodeKind::Load:
        if (!check_visible(id)) return false;
        return node.type == program_.variable_type(node.variable()) ||
               fail(id, "a load has another type than its variable");
      case NodeKind::Unary:
        return check_operator(id, OpClass::Unary, depth);
      case NodeKind::Binary:
        return check_operator(id, OpClass::Binary, depth);
      case NodeKind::Compare:
        return check_operator(id, OpClass::Compare, depth);
      case NodeKind::Convert:
        return check_operator(id, OpClass::Convert, depth);
      case NodeKind::Select:
        return check_select(id, depth);
      default:
        return fail(id, "an expression is expected here, not a statement");
    }
  }

  [[nodiscard]] Type type_of(NodeId id) const { return program_.node(id).type; }

  bool check_select(NodeId id, std::uint32_t depth) {
    const Node& node = program_.node(id);
    if (!check_expression(node.child_a(), depth + 1) || !check_expression(node.child_b(), depth + 1) ||
        !check_expression(node.child_c(), depth + 1)) {
      return false;
    }
    const Type if_true = type_of(node.child_b());
    const Type if_false = type_of(node.child_c());
    if (if_true != if_false) {
      return fail(id, "'select' needs two values of one type, got " + text_of(if_true) + " and " + text_of(if_false));
    }
    return node.type == if_true || fail(id, "a 'select' has another type than its values");
  }

  bool check_operator(NodeId id, OpClass op_class, std::uint32_t depth) {
    const Node& node = program_.node(id);
    const OpInfo& info = op_info(static_cast<std::size_t>(node.op) < kOpCount ? node.op : Op::Add);
    if (static_cast<std::size_t>(node.op) >= kOpCount || info.op_class != op_class) {
      return fail(id, "a node has an operator that is not of its kind");
    }
    const bool two = op_class == OpClass::Binary || op_class == OpClass::Compare;
    if (!check_expression(node.child_a(), depth + 1)) return false;
    if (two && !check_expression(node.child_b(), depth + 1)) return false;
    const Type operand = type_of(node.child_a());
    if (two && operand != type_of(node.child_b())) {
      return fail(id, quoted(info.name) + " needs two operands of one type, got " + text_of(operand) + " and " +
                          text_of(type_of(node.child_b())));
    }
    if (!follows(operand, info.operand, operand)) {
      return fail(id, quoted(info.name) + " does not take an operand of type " + text_of(operand));
    }
    return follows(node.type, info.result, operand) || fail(id, "a node has another type than its operator gives");
  }

  static bool follows(Type type, TypeRule rule, Type operand) {
    return type == (rule == TypeRule::Same ? operand : rule == TypeRule::I64 ? Type::I64 : Type::I32);
  }

  const Program& program_;
  Scratch& scratch_;
  std::uint32_t node_count_;
  std::uint32_t declared_ = 0;  // slots and locals so far; locals are declared in the order of their numbers
  std::uint32_t pushes_ = 0;    // on the longest path to here
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<void> verify(const Program& program) {
  thread_local Scratch scratch;
  return Verifier(program, scratch).run();
}

}  // namespace assay::ast
