// Edits that put something smaller in the place of an expression; see edits.h.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;

namespace {

// Of the operands, operands of operands and so on, and of loads, this many at most: the rest is reached in several
// steps. Fewer in a program so large that the list would be longer than anyone could try.
constexpr std::uint32_t kMostReplacements = 16;
constexpr std::uint32_t kLargeProgram = 10'000;
constexpr std::uint32_t kMostInLarge = 2;

std::uint32_t most_replacements(const Program& program) {
  return program.node_count() < kLargeProgram ? kMostReplacements : kMostInLarge;
}

// Whether an expression of either type may stand there.
bool takes_any_type(const Program& program, Link link) {
  if (link.field != Link::Field::A || !link.owner.valid()) return false;
  switch (program.node(link.owner).kind) {
    case NodeKind::If:
    case NodeKind::Loop:
    case NodeKind::While:
    case NodeKind::Return:
    case NodeKind::Push:
    case NodeKind::Print:
    case NodeKind::Select:
      return true;
    default:
      return false;
  }
}

void list_below(const Program& program, NodeId id, std::vector<NodeId>& below) {
  const Children children = children_of(program, id);
  for (std::size_t i = 0; i < children.expression_count; ++i) {
    const NodeId child = target(program, children.expressions[i]);
    below.push_back(child);
    list_below(program, child, below);
  }
}

void replace(Edits& edits, NodeId id, const Node& by) {
  edits.emplace_back([id, by](Finding& to) { to.program.node(id) = by; });
}

void list_operands(const Program& program, Link link, const std::vector<std::uint32_t>& sizes, Edits& edits) {
  const NodeId id = target(program, link);
  std::vector<NodeId> below;
  list_below(program, id, below);
  // The smallest first: each that is kept saves most.
  std::sort(below.begin(), below.end(), [&](NodeId a, NodeId b) {
    return std::pair(sizes[a.value], a.value) < std::pair(sizes[b.value], b.value);
  });
  std::uint32_t listed = 0;
  for (const NodeId one : below) {
    if (program.node(one).type != program.node(id).type && !takes_any_type(program, link)) continue;
    edits.emplace_back([link, one](Finding& to) { set_target(to.program, link, one); });
    if (++listed == most_replacements(program)) return;
  }
}

void list_loads(const Program& program, NodeId id, Edits& edits) {
  std::uint32_t listed = 0;
  for (std::uint32_t i = 0; i < program.variable_count() && listed < most_replacements(program); ++i) {
    if (program.variable_type(ast::VarId{i}) != program.node(id).type) continue;
    Node load;
    load.kind = NodeKind::Load;
    load.type = program.node(id).type;
    load.a = i;
    replace(edits, id, load);
    ++listed;
  }
}

}  // namespace

void list_expression_edits(const Finding& finding, Edits& edits) {
  const Program& program = finding.program;
  const std::vector<std::uint32_t> sizes = subtree_sizes(program);
  Links links;
  links.find(program);
  // The largest first.
  std::sort(links.expressions.begin(), links.expressions.end(), [&](Link a, Link b) {
    const std::uint32_t left = target(program, a).value;
    const std::uint32_t right = target(program, b).value;
    return sizes[left] != sizes[right] ? sizes[left] > sizes[right] : left < right;
  });
  for (const Link link : links.expressions) {
    const NodeId id = target(program, link);
    const Node& node = program.node(id);
    if (node.kind == NodeKind::Int) continue;
    replace(edits, id, constant_node(node.type, 0));
    replace(edits, id, constant_node(node.type, 1));
    if (node.kind == NodeKind::Load) {
      // What the slot holds when the program starts: mostly the same program with one variable fewer.
      if (program.is_slot(node.variable()) && !finding.inputs.empty()) {
        replace(edits, id, constant_node(node.type, finding.inputs.front()[node.a]));
      }
      continue;
    }
    list_operands(program, link, sizes, edits);
    list_loads(program, id, edits);
  }
}

void list_constant_edits(const Finding& finding, Edits& edits) {
  const Program& program = finding.program;
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    const Node& node = program.node(NodeId{i});
    if (node.kind != NodeKind::Int) continue;
    for (const std::uint64_t bits : smaller_values(node.bits(), node.type)) {
      replace(edits, NodeId{i}, constant_node(node.type, bits));
    }
  }
}

}  // namespace assay::fuzz
