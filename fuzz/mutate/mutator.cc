// The edits; see mutator.h. Tested by fuzz/mutate/test/mutator_test.cc.
#include "fuzz/mutate/mutator.h"

#include <array>
#include <utility>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/compact.h"
#include "core/ast/verify.h"
#include "fuzz/gen/constants.h"
#include "fuzz/mutate/links.h"

namespace assay::fuzz {
namespace {

using ast::Builder;
using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Type;
using ast::VarId;

constexpr int kAttempts = 16;
constexpr std::uint32_t kMostLoopTrips = 5;

// One edit in progress, on a copy that may end up invalid.
class Editor {
 public:
  Editor(ast::Program& program, base::Rng& rng) : program_(program), rng_(rng), build_(program) {
    links_.find(program);
  }

  bool apply(Mutation mutation) {
    switch (mutation) {
      case Mutation::ReplaceConstant:
        return replace_constant();
      case Mutation::ReplaceOperator:
        return replace_operator();
      case Mutation::SwapOperands:
        return swap_operands();
      case Mutation::ReplaceByLeaf:
        return replace_by_leaf();
      case Mutation::CopyExpression:
        return copy_expression();
      case Mutation::HoistOperand:
        return hoist_operand();
      case Mutation::WrapExpression:
        return wrap_expression();
      case Mutation::ChangeVariable:
        return change_variable();
      case Mutation::DeleteStatement:
        return delete_statement();
      case Mutation::DuplicateStatement:
        return duplicate_statement();
      case Mutation::SwapStatements:
        return swap_statements();
      case Mutation::WrapInBranch:
        return wrap_in_branch();
      case Mutation::WrapInLoop:
        return wrap_in_loop();
      case Mutation::InsertStore:
        return insert_store();
    }
    return false;
  }

 private:
  std::uint32_t below(std::size_t count) { return rng_.below(static_cast<std::uint32_t>(count)); }

  // A link to an expression that satisfies the predicate, starting at a random one; false when there is none.
  template <class Predicate>
  bool find_expression(Link& found, Predicate predicate) {
    if (links_.expressions.empty()) return false;
    const std::uint32_t start = below(links_.expressions.size());
    for (std::size_t i = 0; i < links_.expressions.size(); ++i) {
      found = links_.expressions[(start + i) % links_.expressions.size()];
      if (predicate(program_.node(target(program_, found)))) return true;
    }
    return false;
  }

  NodeId leaf(Type type) {
    const VarId variable = any_variable(type);
    if (variable.valid() && rng_.chance(2, 3)) return build_.load(variable);
    return build_.constant(type, draw_constant(rng_, type));
  }

  // Whether it is in scope at the place is the verifier's business.
  VarId any_variable(Type type) {
    if (program_.variable_count() == 0) return VarId::none();
    const std::uint32_t start = below(program_.variable_count());
    for (std::uint32_t i = 0; i < program_.variable_count(); ++i) {
      const VarId variable{(start + i) % program_.variable_count()};
      if (program_.variable_type(variable) == type) return variable;
    }
    return VarId::none();
  }

  bool replace_constant() {
    Link link;
    if (!find_expression(link, [](const Node& node) { return node.kind == NodeKind::Int; })) return false;
    const Type type = program_.node(target(program_, link)).type;
    set_target(program_, link, build_.constant(type, draw_constant(rng_, type)));
    return true;
  }

  bool replace_operator() {
    Link link;
    const auto has_operator = [](const Node& node) {
      return node.kind == NodeKind::Unary || node.kind == NodeKind::Binary || node.kind == NodeKind::Compare ||
             node.kind == NodeKind::Convert;
    };
    if (!find_expression(link, has_operator)) return false;
    Node& node = program_.node(target(program_, link));
    const Type operand = program_.node(node.child_a()).type;
    const auto& old = ast::op_info(node.op);
    const std::uint32_t start = below(ast::kOpCount);
    for (std::size_t i = 0; i < ast::kOpCount; ++i) {
      const auto op = static_cast<Op>((start + i) % ast::kOpCount);
      if (op == node.op || ast::op_info(op).op_class != old.op_class) continue;
      if (!ast::accepts(op, operand) || ast::result_type(op, operand) != node.type) continue;
      node.op = op;
      return true;
    }
    return false;
  }

  bool swap_operands() {
    Link link;
    const auto has_two = [](const Node& node) {
      return node.kind == NodeKind::Binary || node.kind == NodeKind::Compare || node.kind == NodeKind::Select;
    };
    if (!find_expression(link, has_two)) return false;
    Node& node = program_.node(target(program_, link));
    if (node.kind == NodeKind::Select) {
      std::swap(node.b, node.c);
    } else {
      std::swap(node.a, node.b);
    }
    return true;
  }

  bool replace_by_leaf() {
    Link link;
    if (!find_expression(link, [](const Node&) { return true; })) return false;
    set_target(program_, link, leaf(program_.node(target(program_, link)).type));
    return true;
  }

  std::vector<VarId> same_variables() const {
    std::vector<VarId> variables;
    for (std::uint32_t i = 0; i < program_.variable_count(); ++i) variables.push_back(VarId{i});
    return variables;
  }

  NodeId clone_here(NodeId id) {
    std::vector<VarId> variables = same_variables();
    const ast::Program from = program_;
    return clone(from, id, program_, variables);
  }

  bool copy_expression() {
    Link to;
    Link from;
    if (!find_expression(to, [](const Node&) { return true; })) return false;
    const Type type = program_.node(target(program_, to)).type;
    if (!find_expression(from, [type](const Node& node) { return node.type == type; })) return false;
    set_target(program_, to, clone_here(target(program_, from)));
    return true;
  }

  bool hoist_operand() {
    Link link;
    const auto operand_of = [this](const Node& node) -> NodeId {
      const bool has_operand = node.kind != NodeKind::Int && node.kind != NodeKind::Load;
      if (!has_operand) return NodeId::none();
      const NodeId operand = node.kind == NodeKind::Select ? node.child_b() : node.child_a();
      return program_.node(operand).type == node.type ? operand : NodeId::none();
    };
    if (!find_expression(link, [&](const Node& node) { return operand_of(node).valid(); })) return false;
    set_target(program_, link, operand_of(program_.node(target(program_, link))));
    return true;
  }

  bool wrap_expression() {
    Link link;
    if (!find_expression(link, [](const Node&) { return true; })) return false;
    const NodeId inner = target(program_, link);
    const Type type = program_.node(inner).type;
    constexpr auto kFirst = static_cast<std::uint32_t>(Op::Add);
    constexpr auto kLast = static_cast<std::uint32_t>(Op::Rotr);
    const auto op = static_cast<Op>(rng_.between(kFirst, kLast));
    const NodeId constant = build_.constant(type, draw_constant(rng_, type));
    set_target(program_, link,
               rng_.chance(3, 4) ? build_.binary(op, inner, constant) : build_.binary(op, constant, inner));
    return true;
  }

  bool change_variable() {
    if (!links_.statements.empty() && rng_.chance(1, 2)) {
      Node& node = program_.node(target(program_, links_.statements[below(links_.statements.size())]));
      if (node.kind == NodeKind::Store) {
        node.a = any_variable(program_.variable_type(node.variable())).value;
        return true;
      }
    }
    Link link;
    if (!find_expression(link, [](const Node& node) { return node.kind == NodeKind::Load; })) return false;
    Node& node = program_.node(target(program_, link));
    node.a = any_variable(node.type).value;
    return true;
  }

  bool any_statement(Link& link) {
    if (links_.statements.empty()) return false;
    link = links_.statements[below(links_.statements.size())];
    return true;
  }

  bool delete_statement() {
    Link link;
    if (!any_statement(link)) return false;
    set_target(program_, link, program_.node(target(program_, link)).next);
    return true;
  }

  bool duplicate_statement() {
    Link link;
    if (!any_statement(link)) return false;
    const NodeId original = target(program_, link);
    const NodeId copy = clone_here(original);
    program_.node(copy).next = program_.node(original).next;
    program_.node(original).next = copy;
    return true;
  }

  bool swap_statements() {
    Link link;
    if (!any_statement(link)) return false;
    const NodeId first = target(program_, link);
    const NodeId second = program_.node(first).next;
    if (!second.valid()) return false;
    program_.node(first).next = program_.node(second).next;
    program_.node(second).next = first;
    set_target(program_, link, second);
    return true;
  }

  // Puts `wrapper` in the statement's place; the statement must be below it already.
  void replace_statement(Link link, NodeId statement, NodeId wrapper) {
    program_.node(wrapper).next = program_.node(statement).next;
    program_.node(statement).next = NodeId::none();
    set_target(program_, link, wrapper);
  }

  bool wrap_in_branch() {
    Link link;
    if (!any_statement(link)) return false;
    const NodeId statement = target(program_, link);
    const NodeId condition = leaf(rng_.chance(1, 2) ? Type::I32 : Type::I64);
    const NodeId wrapper =
        rng_.chance(1, 2) ? build_.if_else(condition, statement) : build_.if_else(condition, NodeId::none(), statement);
    replace_statement(link, statement, wrapper);
    return true;
  }

  bool wrap_in_loop() {
    Link link;
    if (!any_statement(link)) return false;
    const NodeId statement = target(program_, link);
    const NodeId count = build_.constant(rng_.chance(1, 2) ? Type::I32 : Type::I64, rng_.below(kMostLoopTrips + 1));
    replace_statement(link, statement, build_.loop(count, statement));
    return true;
  }

  bool insert_store() {
    const std::size_t places = links_.statements.size() + links_.statement_ends.size();
    const std::uint32_t place = below(places);
    const Link link = place < links_.statements.size() ? links_.statements[place]
                                                       : links_.statement_ends[place - links_.statements.size()];
    if (program_.variable_count() == 0) return false;
    const VarId variable{below(program_.variable_count())};
    const Type type = program_.variable_type(variable);
    const NodeId left = leaf(type);
    const NodeId right = leaf(type);
    const NodeId store = build_.store(variable, build_.binary(rng_.chance(1, 2) ? Op::Add : Op::Xor, left, right));
    program_.node(store).next = target(program_, link);
    set_target(program_, link, store);
    return true;
  }

  ast::Program& program_;
  base::Rng& rng_;
  Builder build_;
  Links links_;
};

// Takes the edited copy if it is a valid program of sensible size.
bool accept(const ast::Program& edited, ast::Program& program) {
  ast::Program compacted;
  ast::compact(edited, compacted);
  if (compacted.node_count() > kMostMutatedNodes || !ast::verify(compacted)) return false;
  program = std::move(compacted);
  return true;
}

}  // namespace

std::string_view name(Mutation mutation) {
  constexpr std::array<std::string_view, kMutationCount> kNames = {
      "replace constant", "replace operator", "swap operands",   "replace by leaf",  "copy expression",
      "hoist operand",    "wrap expression",  "change variable", "delete statement", "duplicate statement",
      "swap statements",  "wrap in branch",   "wrap in loop",    "insert store"};
  return kNames[static_cast<std::size_t>(mutation)];
}

bool apply_mutation(Mutation mutation, ast::Program& program, base::Rng& rng) {
  ast::Program edited = program;
  return Editor(edited, rng).apply(mutation) && accept(edited, program);
}

bool mutate(ast::Program& program, base::Rng& rng) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (apply_mutation(static_cast<Mutation>(rng.below(kMutationCount)), program, rng)) return true;
  }
  return false;
}

bool crossover(const ast::Program& a, const ast::Program& b, base::Rng& rng, ast::Program& out) {
  Links from;
  from.find(b);
  if (from.statements.empty()) return false;
  ast::Program edited = a;
  Links to;
  to.find(edited);
  std::vector<VarId> variables(b.variable_count());
  for (std::uint32_t i = 0; i < b.variable_count(); ++i) {
    // Any variable of the type; out of scope ones are the verifier's to refuse.
    const std::uint32_t start = a.variable_count() == 0 ? 0 : rng.below(a.variable_count());
    for (std::uint32_t k = 0; k < a.variable_count(); ++k) {
      const VarId candidate{(start + k) % a.variable_count()};
      if (a.variable_type(candidate) != b.variable_type(VarId{i})) continue;
      variables[i] = candidate;
      break;
    }
  }
  const NodeId donor = target(b, from.statements[rng.below(static_cast<std::uint32_t>(from.statements.size()))]);
  const NodeId copy = clone(b, donor, edited, variables);
  const std::size_t places = to.statements.size() + to.statement_ends.size();
  const std::uint32_t place = rng.below(static_cast<std::uint32_t>(places));
  const Link link =
      place < to.statements.size() ? to.statements[place] : to.statement_ends[place - to.statements.size()];
  edited.node(copy).next = target(edited, link);
  set_target(edited, link, copy);
  return accept(edited, out);
}

}  // namespace assay::fuzz
