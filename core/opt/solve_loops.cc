// The pass that replaces loops by closed forms: SCEV-Lite at work in the pipeline.
//
// Preserves: every variable the loop assigns gets the value that it has when the loop is left, computed from the values
// before the loop; an incomplete last iteration, and iterations that the trip count does not cover, are executed as
// they stand. Only bodies are solved in which nothing can trap, return, print or push, so there is no point within the
// loop from which anything else could be observed. The outermost loop that can be solved is; of those that cannot, the
// inner loops are tried.
//
// Tested by core/scev/test/solve_test.cc and core/scev/test/solve_random_test.cc.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/expressions.h"
#include "core/opt/passes.h"
#include "core/opt/solve_loops.h"
#include "core/scev/replacement.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;

// Room for what a closed form nests and declares.
constexpr unsigned kMaxLoopDepth = ast::kMaxDepth / 2;
constexpr std::uint32_t kMaxVariablesBefore = ast::kMaxVariables / 2;
constexpr std::uint32_t kMaxNodesBefore = ast::kMaxNodes / 4;

// Levels that a copy of the loop, or a part of it, has around it in what replaces it: a choice, a loop of phases and a
// choice in each of them; and one for every exit.
constexpr unsigned kLevelsAroundCopy = 4;

using Known = std::vector<std::pair<ast::VarId, std::uint64_t>>;
// Loops are initialised by the few statements before them.
constexpr std::size_t kMaxKnown = 16;

class LoopSolver {
 public:
  LoopSolver(const ast::Program& program, const scev::SolveOptions& options)
      : options_(options), original_(program), program_(program), next_name_(scev::first_free_name(program)) {}

  PassResult run() {
    NodeId body = program_.body();
    block(body, 0);
    // What was written and thrown away may have left locals behind.
    if (changes_ == 0) return {original_, 0, std::move(loops_)};
    program_.set_body(body);
    PassResult result;
    ast::compact(program_, result.program);
    result.changes = changes_;
    result.loops = std::move(loops_);
    return result;
  }

 private:
  // Solves the loops of a block in place; `first` is where the block begins then.
  void block(NodeId& first, unsigned depth) {
    NodeId previous;
    Known known;
    for (NodeId id = first; id.valid();) {
      const NodeId next = program_.node(id).next;
      const NodeKind kind = program_.node(id).kind;
      NodeId last = id;
      if (kind == NodeKind::Loop || kind == NodeKind::While) {
        NodeId replaced = id;
        if (solve(id, depth, known, replaced)) {
          relink(first, previous, replaced);
          last = previous;
          for (NodeId step = replaced; step.valid(); step = program_.node(step).next) last = step;
          if (last.valid()) program_.node(last).next = next;
          if (!last.valid()) first = next;
          previous = last;
          id = next;
          known.clear();
          continue;
        }
      }
      note_constants(id, known);
      inside(id, depth);
      previous = id;
      id = next;
    }
  }

  void relink(NodeId& first, NodeId previous, NodeId replaced) {
    if (previous.valid()) {
      program_.node(previous).next = replaced;
    } else {
      first = replaced;
    }
  }

  void inside(NodeId id, unsigned depth) {
    const NodeKind kind = program_.node(id).kind;
    if (kind != NodeKind::If && kind != NodeKind::Loop && kind != NodeKind::While) return;
    NodeId first = program_.node(id).child_b();
    block(first, depth + 1);
    program_.node(id).b = first.value;
    if (kind != NodeKind::If) return;
    NodeId other = program_.node(id).child_c();
    block(other, depth + 1);
    program_.node(id).c = other.value;
  }

  // Which variables hold a constant behind a statement. Behind anything but a store nothing is known.
  void note_constants(NodeId id, Known& known) {
    const Node& node = program_.node(id);
    if (node.kind != NodeKind::Let && node.kind != NodeKind::Store) {
      known.clear();
      return;
    }
    std::erase_if(known, [&](const auto& entry) { return entry.first == node.variable(); });
    const Node& value = program_.node(node.child_b());
    if (value.kind == NodeKind::Int && known.size() < kMaxKnown) known.emplace_back(node.variable(), value.bits());
  }

  // The statements that replace the loop; none if nothing is left of it.
  bool solve(NodeId id, unsigned depth, const Known& known, NodeId& replaced) {
    scev::LoopReport report;
    report.loop = id;
    const std::size_t place = loops_.size();
    loops_.push_back(report);
    const bool room = depth <= kMaxLoopDepth && program_.variable_count() <= kMaxVariablesBefore &&
                      program_.node_count() <= kMaxNodesBefore;
    if (!room) {
      loops_[place].reason = scev::Decline::TooLarge;
      return false;
    }
    atoms_.clear();
    scev::Solution solution = scev::solve(program_, id, atoms_, options_);
    loops_[place].classes = solution.classes;
    if (solution.failed()) {
      loops_[place].reason = solution.failure;
      return false;
    }
    const std::size_t levels = depth + statement_height(program_, id) + kLevelsAroundCopy + solution.body.exits.size();
    if (levels > ast::kMaxDepth) {
      loops_[place].reason = scev::Decline::TooLarge;
      return false;
    }
    for (const auto& entry : known) {
      const auto& assigned = solution.body.variables;
      if (std::binary_search(assigned.begin(), assigned.end(), entry.first)) solution.known.push_back(entry);
    }
    scev::Emitter emitter(program_, atoms_, next_name_);
    if (!scev::replace(emitter, solution)) {
      loops_[place].reason = scev::Decline::TooLarge;
      return false;
    }
    replaced = emitter.close_block();
    loops_[place].solved = true;
    loops_[place].guarded = solution.shape == scev::Shape::Guarded || solution.shape == scev::Shape::Phased;
    ++changes_;
    return true;
  }

  const scev::SolveOptions& options_;
  const ast::Program& original_;
  ast::Program program_;
  scev::Atoms atoms_;
  std::uint32_t next_name_;
  std::uint32_t changes_ = 0;
  std::vector<scev::LoopReport> loops_;
};

}  // namespace

PassResult solve_loops(const ast::Program& program, const scev::SolveOptions& options) {
  return LoopSolver(program, options).run();
}

PassResult solve_loops(const ast::Program& program) { return solve_loops(program, {}); }

}  // namespace assay::opt
