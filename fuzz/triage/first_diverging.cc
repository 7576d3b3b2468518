// Expressions by themselves; see first_diverging.h. Tested by fuzz/triage/test/first_diverging_test.cc.
#include "fuzz/triage/first_diverging.h"

#include <algorithm>
#include <utility>

#include "core/ast/verify.h"
#include "fuzz/findings/replay.h"
#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/tree.h"
#include "oracles/blame.h"

namespace assay::fuzz {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

bool is_operator(NodeKind kind) {
  return kind == NodeKind::Unary || kind == NodeKind::Binary || kind == NodeKind::Compare ||
         kind == NodeKind::Convert || kind == NodeKind::Select;
}

class Extractor {
 public:
  explicit Extractor(const Finding& finding) : finding_(finding), from_(finding.program) {}

  std::vector<LoneExpression> run() {
    block(from_.body());
    return std::move(found_);
  }

 private:
  void block(NodeId first) {
    for (NodeId id = first; id.valid(); id = from_.node(id).next) statement(from_.node(id));
  }

  void statement(const Node& node) {
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        expression(node.child_b());
        break;
      case NodeKind::If:
        expression(node.child_a());
        block(node.child_b());
        block(node.child_c());
        break;
      case NodeKind::Loop:
      case NodeKind::While:
        expression(node.child_a());
        block(node.child_b());
        break;
      case NodeKind::Return:
      case NodeKind::Push:
      case NodeKind::Print:
        if (node.child_a().valid()) expression(node.child_a());
        break;
      default:
        break;
    }
  }

  void expression(NodeId id) {
    const Node& node = from_.node(id);
    for (const NodeId operand : operands_of(node)) expression(operand);
    if (is_operator(node.kind)) take(id);
  }

  static std::vector<NodeId> operands_of(const Node& node) {
    switch (node.kind) {
      case NodeKind::Unary:
      case NodeKind::Convert:
        return {node.child_a()};
      case NodeKind::Binary:
      case NodeKind::Compare:
        return {node.child_a(), node.child_b()};
      case NodeKind::Select:
        return {node.child_a(), node.child_b(), node.child_c()};
      default:
        return {};
    }
  }

  void take(NodeId id) {
    take(id, false);
    // A comparison is one instruction more where its value is wanted, and that may be wrong for reasons of its own.
    if (from_.node(id).kind == NodeKind::Compare) take(id, true);
  }

  void take(NodeId id, bool in_branch) {
    LoneExpression one;
    one.label = oracles::node_label(from_.node(id));
    one.finding.features = finding_.features;
    one.finding.pipeline = finding_.pipeline;
    ast::Program& to = one.finding.program;
    for (std::uint32_t slot = 0; slot < from_.slot_count(); ++slot) {
      const ast::VarId variable{slot};
      to.add_slot(from_.variable_name(variable), from_.variable_type(variable));
    }
    const ast::VarId result = to.add_slot("result_of_expression", from_.node(id).type);
    const auto value = copy(id, to);
    if (!value) return;
    Node store;
    store.kind = NodeKind::Store;
    store.a = result.value;
    store.b = value->value;
    if (in_branch) {
      Node branch;
      branch.kind = NodeKind::If;
      branch.a = value->value;
      store.b = to.add_node(constant_node(from_.node(id).type, 1)).value;
      branch.b = to.add_node(store).value;
      to.set_body(to.add_node(branch));
    } else {
      to.set_body(to.add_node(store));
    }
    if (!ast::verify(to)) return;
    one.finding.inputs = finding_.inputs;
    for (oracles::Frame& frame : one.finding.inputs) frame.push_back(0);
    // In a loop it has other operands than at the beginning; the edges stand for them.
    const std::vector<oracles::Frame> edges = default_inputs(to);
    one.finding.inputs.insert(one.finding.inputs.end(), edges.begin(), edges.end());
    found_.push_back(std::move(one));
  }

  // Nothing for what reads a local: its value is not in the frame.
  std::optional<NodeId> copy(NodeId id, ast::Program& to) const {
    Node node = from_.node(id);
    if (node.kind == NodeKind::Load && !from_.is_slot(node.variable())) return std::nullopt;
    const std::vector<NodeId> operands = operands_of(node);
    std::uint32_t* const places[] = {&node.a, &node.b, &node.c};
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const auto operand = copy(operands[i], to);
      if (!operand) return std::nullopt;
      *places[i] = operand->value;
    }
    node.next = NodeId{};
    return to.add_node(node);
  }

  const Finding& finding_;
  const ast::Program& from_;
  std::vector<LoneExpression> found_;
};

}  // namespace

std::vector<LoneExpression> lone_expressions(const Finding& finding) { return Extractor(finding).run(); }

base::Result<std::optional<std::string>> first_diverging(const Finding& finding, const Predicate& convicted) {
  const std::vector<LoneExpression> lone = lone_expressions(finding);
  std::vector<Finding> findings;
  for (const LoneExpression& one : lone) findings.push_back(one.finding);
  if (findings.empty()) return std::optional<std::string>();
  const auto verdicts = convicted(findings);
  if (!verdicts) return verdicts.error();
  for (std::size_t i = 0; i < lone.size(); ++i) {
    if ((*verdicts)[i]) return std::optional(lone[i].label);
  }
  return std::optional<std::string>();
}

base::Result<bool> any_value_does(const Finding& finding, std::string_view label, const Predicate& convicted) {
  Finding valued = finding;
  if (valued.inputs.empty()) valued.inputs = default_inputs(finding.program);
  valued.inputs.resize(1);
  Finding swapped = valued;
  const auto values = observed_values(finding.program, valued.inputs.front());
  bool has_values = true;
  bool has_binary = true;
  bool any = false;
  for (std::uint32_t i = 0; i < finding.program.node_count(); ++i) {
    const NodeId id{i};
    const Node& node = finding.program.node(id);
    if (!is_operator(node.kind) || oracles::node_label(node) != label) continue;
    any = true;
    has_binary = has_binary && node.kind == NodeKind::Binary;
    swapped.program.node(id).op = node.op == ast::Op::Xor ? ast::Op::Add : ast::Op::Xor;
    has_values = has_values && values[i];
    if (!has_values) continue;
    read_from_slot(valued, id, {*values[i]});
    const Node load = valued.program.node(id);
    Node both = load;
    both.kind = NodeKind::Binary;
    both.op = node.op == ast::Op::Or ? ast::Op::And : ast::Op::Or;
    both.a = valued.program.add_node(load).value;
    both.b = valued.program.add_node(load).value;
    valued.program.node(id) = both;
  }
  std::vector<Finding> others;
  if (any && has_values && ast::verify(valued.program)) others.push_back(std::move(valued));
  if (any && has_binary && ast::verify(swapped.program)) others.push_back(std::move(swapped));
  if (others.empty()) return false;
  const auto verdicts = convicted(others);
  if (!verdicts) return verdicts.error();
  return std::any_of(verdicts->begin(), verdicts->end(), [](bool one) { return one; });
}

}  // namespace assay::fuzz
