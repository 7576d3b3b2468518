// Edits that remove statements, or put blocks in the place of what holds them; see edits.h.
//
// Tested by fuzz/reduce/test/edits_test.cc.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "fuzz/reduce/edits.h"
#include "fuzz/reduce/tree.h"

namespace assay::fuzz {

using ast::NodeId;
using ast::NodeKind;
using ast::Program;

namespace {

// Loops are made this short, from the shortest on.
constexpr std::uint64_t kTripCounts[] = {0, 1, 2, 3, 4, 5, 8};

struct Run {
  Link link;
  std::uint32_t count = 0;
  std::uint64_t nodes = 0;
  std::size_t number = 0;
};

// Delta debugging over one block: all of it, its halves, its quarters, down to single statements.
void list_runs(const Program& program, Link link, const std::vector<std::uint32_t>& sizes, std::vector<Run>& runs) {
  std::vector<Link> links;
  std::vector<std::uint64_t> before = {0};  // nodes in front of each statement
  for (NodeId id = target(program, link); id.valid(); id = program.node(id).next) {
    links.push_back(link);
    before.push_back(before.back() + sizes[id.value]);
    const Children children = children_of(program, id);
    for (std::size_t i = 0; i < children.block_count; ++i) list_runs(program, children.blocks[i], sizes, runs);
    link = {id, Link::Field::Next};
  }
  for (std::size_t length = links.size(); length > 0; length = length == 1 ? 0 : (length + 1) / 2) {
    for (std::size_t first = 0; first < links.size(); first += length) {
      const std::size_t end = std::min(first + length, links.size());
      runs.push_back({links[first], static_cast<std::uint32_t>(end - first), before[end] - before[first]});
    }
  }
}

void append(Program& program, NodeId first, NodeId second) {
  while (program.node(first).next.valid()) first = program.node(first).next;
  program.node(first).next = second;
}

}  // namespace

void list_statement_edits(const Finding& finding, Edits& edits) {
  std::vector<Run> runs;
  list_runs(finding.program, Link{}, subtree_sizes(finding.program), runs);
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].number = i;
  std::sort(runs.begin(), runs.end(),
            [](const Run& a, const Run& b) { return a.nodes != b.nodes ? a.nodes > b.nodes : a.number < b.number; });
  for (const Run& run : runs) {
    edits.emplace_back([link = run.link, count = run.count](Finding& to) { unlink(to.program, link, count); });
  }
}

void list_block_edits(const Finding& finding, Edits& edits) {
  const Program& program = finding.program;
  Links links;
  links.find(program);
  for (const Link link : links.statements) {
    const NodeId id = target(program, link);
    const NodeKind kind = program.node(id).kind;
    const Children children = children_of(program, id);
    for (std::size_t i = 0; i < children.block_count; ++i) {
      edits.emplace_back(
          [link, block = children.blocks[i]](Finding& to) { splice(to.program, link, target(to.program, block)); });
    }
    if (kind == NodeKind::If) {
      edits.emplace_back([link, id](Finding& to) {
        const ast::Node node = to.program.node(id);
        if (!node.child_b().valid() || !node.child_c().valid()) return;
        append(to.program, node.child_b(), node.child_c());
        splice(to.program, link, node.child_b());
      });
    }
    if (kind == NodeKind::Loop || kind == NodeKind::While) {
      for (const std::uint64_t trips : kTripCounts) {
        edits.emplace_back([id, trips](Finding& to) {
          // A `while` has no count to shorten, so it becomes a loop that has one.
          to.program.node(id).kind = NodeKind::Loop;
          make_constant(to.program, to.program.node(id).child_a(), trips);
        });
      }
    }
    if (kind == NodeKind::Return && program.node(id).child_a().valid()) {
      edits.emplace_back([id](Finding& to) { to.program.node(id).a = NodeId::kNoneValue; });
    }
  }
}

}  // namespace assay::fuzz
