// Summaries of inner loops; see inner_loops.h. Tested by smt/test/nested_test.cc.
#include "smt/inner_loops.h"

#include <utility>

#include "core/ast/text.h"
#include "core/opt/solve_loops.h"
#include "smt/extract_loop.h"
#include "smt/loop_proof.h"

namespace assay::smt {
namespace {

// The loop solver does not look deeper.
constexpr unsigned kMostNesting = 3;

}  // namespace

InnerLoops::InnerLoops(const ast::Program& whole, Proving& proving, Solver& solver, Theorems& theorems,
                       const ProofLimits& limits)
    : proving_(proving), solver_(solver), theorems_(theorems), limits_(limits) {
  if (limits.nesting >= kMostNesting) return;
  ++limits_.nesting;
  for (const ast::NodeId loop : loops_of(whole)) {
    if (loop != whole.body()) summaries_.try_emplace(ast::print_program(extract_with_slots(whole, loop).program));
  }
}

void InnerLoops::prove(const ast::Program& loop, const std::vector<ast::VarId>& constant_starts, Summary& summary) {
  summary.tried = true;
  // Straight statements, whatever a short run would cost.
  scev::SolveOptions options;
  options.spare_short_runs = false;
  options.constant_starts = constant_starts;
  opt::PassResult solved = opt::solve_loops(loop, options);
  if (solved.loops.empty() || !solved.loops.front().solved) {
    proving_.unknown("an inner loop is not solved");
    return;
  }
  Proof proof = prove_solved_loop(loop, solved.program, solver_, theorems_, limits_);
  if (proof.answer != Answer::Proved) {
    proving_.unknown("an inner loop: " + proof.reason);
    return;
  }
  for (Obligation& obligation : proof.obligations) obligation.name = "inner loop: " + obligation.name;
  proving_.keep(std::move(proof.obligations));
  summary.proved = true;
  summary.program = std::move(solved.program);
}

bool InnerLoops::run_loop(const ast::Program& program, ast::NodeId loop, SymbolicState& state) {
  Terms& terms = proving_.terms;
  const ExtractedLoop extracted = extract_with_slots(program, loop);
  const auto found = summaries_.find(ast::print_program(extracted.program));
  if (found == summaries_.end()) return false;
  std::vector<TermId> slots;
  std::vector<ast::VarId> constant_starts;
  for (const ast::VarId variable : extracted.slots) {
    slots.push_back(state.variables[variable.value]);
    if (!slots.back().valid()) return false;
    const auto slot = static_cast<std::uint32_t>(slots.size() - 1);
    if (terms.is_constant(slots.back())) constant_starts.push_back(ast::VarId{slot});
  }
  Summary& summary = found->second[constant_starts];
  if (!summary.tried) prove(extracted.program, constant_starts, summary);
  if (!summary.proved) return false;
  SymbolicRun run(terms, summary.program);
  SymbolicState inner = run.start_from(slots);
  const TermId unended = inner.ended;
  if (!run.run(summary.program.body(), inner)) return false;
  const bool straight = terms.is_constant(inner.live, 1) && inner.ended == unended && inner.stack.empty();
  if (!straight) return false;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    state.variables[extracted.slots[i].value] = terms.ite(state.live, inner.variables[i], slots[i]);
  }
  return true;
}

}  // namespace assay::smt
