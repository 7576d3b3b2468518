// Edits that leave fewer variables: slots removed, variables merged, values forwarded to where they are used. See
// edits.h.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Program;
using ast::VarId;

namespace {

// Every variable is merged into so many earlier ones of its type, and a value forwarded to so many loads, at most.
constexpr std::uint32_t kMostMerges = 16;
constexpr std::uint32_t kMostForwards = 4;
// Looked for among so many statements or expressions behind, lest a large program take the square of its length.
constexpr int kFarthest = 1000;

bool names_variable(const Node& node) {
  return node.kind == NodeKind::Load || node.kind == NodeKind::Store || node.kind == NodeKind::Let;
}

// Takes a slot out of program and inputs. What still refers to it refers to nothing, which `repair` settles.
void remove_slot(Finding& finding, std::uint32_t slot) {
  const Program old = std::move(finding.program);
  Program& program = finding.program;
  program = Program();
  program.set_name(old.name());
  for (std::uint32_t i = 0; i < old.variable_count(); ++i) {
    if (i == slot) continue;
    const std::string_view name = old.variable_name(VarId{i});
    const ast::Type type = old.variable_type(VarId{i});
    static_cast<void>(i < old.slot_count() ? program.add_slot(name, type) : program.add_local(name, type));
  }
  for (std::uint32_t i = 0; i < old.node_count(); ++i) {
    Node node = old.node(NodeId{i});
    if (names_variable(node) && node.a == slot) {
      node.a = VarId::kNoneValue;
    } else if (names_variable(node) && node.a > slot && node.a != VarId::kNoneValue) {
      --node.a;
    }
    program.add_node(node);
  }
  program.set_body(old.body());
  for (oracles::Frame& input : finding.inputs) input.erase(input.begin() + static_cast<std::ptrdiff_t>(slot));
}

// One variable in the place of another.
void merge(Finding& finding, std::uint32_t from, std::uint32_t into) {
  Program& program = finding.program;
  for (std::uint32_t i = 0; i < program.node_count(); ++i) {
    Node& node = program.node(NodeId{i});
    if (!names_variable(node) || node.a != from) continue;
    node.a = into;
    if (node.kind == NodeKind::Let) node.kind = NodeKind::Store;
  }
  if (from < program.slot_count()) remove_slot(finding, from);
}

// The value of each `let` and store in the place of a later load of its variable, or else of any later leaf of its
// type: two statements become one. Whether that is the same program does not matter: the predicate has the last word.
void list_forwards(const Program& program, Edits& edits) {
  const std::vector<std::uint32_t> sizes = subtree_sizes(program);
  Links links;
  links.find(program);
  for (const Link statement : links.statements) {
    const NodeId id = target(program, statement);
    const Node& node = program.node(id);
    if (node.kind != NodeKind::Let && node.kind != NodeKind::Store) continue;
    const ast::Type type = program.node(node.child_b()).type;
    // The nodes of a compact program are numbered in order of execution.
    const std::uint32_t behind = id.value + sizes[id.value];
    const auto first = std::partition_point(links.expressions.begin(), links.expressions.end(),
                                            [&](Link use) { return target(program, use).value < behind; });
    const auto end = first + std::min<std::ptrdiff_t>(kFarthest, links.expressions.end() - first);
    for (const bool of_its_variable : {true, false}) {
      std::uint32_t listed = 0;
      for (auto use = first; use != end && listed < kMostForwards; ++use) {
        const Node& at = program.node(target(program, *use));
        if (at.type != type || (at.kind != NodeKind::Load && at.kind != NodeKind::Int)) continue;
        if (of_its_variable != (at.kind == NodeKind::Load && at.a == node.a)) continue;
        edits.emplace_back([statement, use = *use, value = node.child_b()](Finding& to) {
          set_target(to.program, use, value);
          unlink(to.program, statement, 1);
        });
        ++listed;
      }
    }
  }
}

// A later store in the place of the `let` of its variable.
void list_later_lets(const Program& program, Edits& edits) {
  Links links;
  links.find(program);
  for (std::size_t i = 0; i < links.statements.size(); ++i) {
    const Link statement = links.statements[i];
    const Node& let = program.node(target(program, statement));
    if (let.kind != NodeKind::Let) continue;
    std::uint32_t listed = 0;
    const std::size_t end = std::min<std::size_t>(links.statements.size(), i + kFarthest);
    for (std::size_t later = i + 1; later < end; ++later) {
      const NodeId store = target(program, links.statements[later]);
      if (program.node(store).kind != NodeKind::Store || program.node(store).a != let.a) continue;
      edits.emplace_back([statement, store](Finding& to) {
        to.program.node(store).kind = NodeKind::Let;
        unlink(to.program, statement, 1);
      });
      if (++listed == kMostForwards) break;
    }
  }
}

}  // namespace

void list_variable_edits(const Finding& finding, Edits& edits) {
  const Program& program = finding.program;
  // From the last on, so that what is kept leaves the numbers of the others alone.
  for (std::uint32_t slot = program.slot_count(); slot-- > 0;) {
    edits.emplace_back([slot](Finding& to) { remove_slot(to, slot); });
  }
  list_forwards(program, edits);
  list_later_lets(program, edits);
  for (std::uint32_t from = program.variable_count(); from-- > 0;) {
    std::uint32_t listed = 0;
    for (std::uint32_t into = 0; into < from && listed < kMostMerges; ++into) {
      if (program.variable_type(VarId{from}) != program.variable_type(VarId{into})) continue;
      edits.emplace_back([from, into](Finding& to) { merge(to, from, into); });
      ++listed;
    }
  }
}

}  // namespace assay::fuzz
