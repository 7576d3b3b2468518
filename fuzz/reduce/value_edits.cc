// Edits that put the value in the place of the operator that gave it; see edits.h.
//
// An operand that only has to be 46341 * 46341 keeps a multiplication alive that has nothing to do with the fault, and
// a constant near 0 does not do. So the interpreter says what each operator gave. Its value comes back as a constant,
// or, because a constant is what passes look for, in a slot of its own that holds it from the start.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/ast/limits.h"
#include "core/interp/interpreter.h"
#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;
using ast::VarId;

namespace {

// In a larger program other edits remove most of what these would look at one by one.
constexpr std::size_t kMostOperators = 12;
constexpr std::uint64_t kFuel = 10'000;

bool is_operator(NodeKind kind) {
  return kind == NodeKind::Unary || kind == NodeKind::Binary || kind == NodeKind::Compare ||
         kind == NodeKind::Convert || kind == NodeKind::Select;
}

// What the operators outside of loops gave in a run, as far as it got: each of them is evaluated once, or not at all.
class Observer {
 public:
  Observer(const Program& program, const oracles::Frame& input)
      : program_(program), interpreter_(program, input, kFuel, outcome_), values_(program.node_count()) {}

  std::vector<std::optional<std::uint64_t>> run() {
    static_cast<void>(block(program_.body()));
    return std::move(values_);
  }

 private:
  // Both are false when the run has ended.
  bool block(NodeId first) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) {
      if (!statement(id)) return false;
    }
    return true;
  }

  bool statement(NodeId id) {
    const Node& node = program_.node(id);
    if (node.kind != NodeKind::While && !operands(id)) return false;
    if (node.kind == NodeKind::If) {
      std::uint64_t condition = 0;
      return interpreter_.evaluate(node.child_a(), condition) &&
             block(condition != 0 ? node.child_b() : node.child_c());
    }
    return interpreter_.execute(id, node.next);
  }

  // Expressions have no effect, so they can be evaluated before the statement that they are in.
  bool operands(NodeId id) {
    const Children children = children_of(program_, id);
    for (std::size_t i = 0; i < children.expression_count; ++i) {
      const NodeId child = target(program_, children.expressions[i]);
      if (!operands(child)) return false;
      std::uint64_t bits = 0;
      if (!interpreter_.evaluate(child, bits)) return false;
      if (is_operator(program_.node(child).kind)) values_[child.value] = bits;
    }
    return true;
  }

  const Program& program_;
  interp::Outcome outcome_;
  interp::Interpreter interpreter_;
  std::vector<std::optional<std::uint64_t>> values_;  // by node
};

std::string free_name(const Program& program) {
  for (std::uint32_t number = 0;; ++number) {
    std::string name = fmt::format("in{}", number);
    bool taken = false;
    for (std::uint32_t i = 0; i < program.variable_count(); ++i) taken |= program.variable_name(VarId{i}) == name;
    if (!taken) return name;
  }
}

}  // namespace

std::vector<std::optional<std::uint64_t>> observed_values(const Program& program, const oracles::Frame& input) {
  return Observer(program, input).run();
}

void read_from_slot(Finding& to, NodeId id, const std::vector<std::uint64_t>& values) {
  const Program from = std::move(to.program);
  const std::uint32_t added = from.slot_count();
  Program& program = to.program = Program();
  program.set_name(from.name());
  for (std::uint32_t i = 0; i < added; ++i)
    program.add_slot(from.variable_name(VarId{i}), from.variable_type(VarId{i}));
  program.add_slot(free_name(from), from.node(id).type);
  for (std::uint32_t i = added; i < from.variable_count(); ++i)
    program.add_local(from.variable_name(VarId{i}), from.variable_type(VarId{i}));
  for (std::uint32_t i = 0; i < from.node_count(); ++i) {
    Node node = from.node(NodeId{i});
    const bool names = node.kind == NodeKind::Load || node.kind == NodeKind::Let || node.kind == NodeKind::Store;
    if (names && node.a >= added) ++node.a;
    program.add_node(node);
  }
  program.set_body(from.body());
  Node load;
  load.kind = NodeKind::Load;
  load.type = from.node(id).type;
  load.a = added;
  load.next = from.node(id).next;
  program.node(id) = load;
  for (std::size_t i = 0; i < to.inputs.size(); ++i) to.inputs[i].push_back(values[i]);
}

void list_value_edits(const Finding& finding, Edits& edits) {
  const Program& program = finding.program;
  std::size_t operators = 0;
  for (std::uint32_t i = 0; i < program.node_count(); ++i)
    operators += is_operator(program.node(NodeId{i}).kind) ? 1U : 0U;
  if (operators == 0 || operators > kMostOperators || finding.inputs.empty()) return;
  std::vector<std::vector<std::optional<std::uint64_t>>> seen;
  for (const oracles::Frame& input : finding.inputs) seen.push_back(observed_values(program, input));
  // In a compact program what is around an expression has the lower number: the largest first.
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const NodeId id{i};
    const bool any = std::any_of(seen.begin(), seen.end(), [i](const auto& one) { return one[i].has_value(); });
    if (!any) continue;
    if (seen.front()[i]) {
      const Node constant = constant_node(program.node(id).type, *seen.front()[i]);
      edits.emplace_back([id, constant](Finding& to) { to.program.node(id) = constant; });
    }
    if (program.slot_count() >= ast::kMaxSlots) continue;
    std::vector<std::uint64_t> values;
    for (const auto& one : seen) values.push_back(one[i].value_or(0));
    edits.emplace_back([id, values](Finding& to) { read_from_slot(to, id, values); });
  }
}

}  // namespace assay::fuzz
