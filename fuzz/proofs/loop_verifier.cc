// Proving the loops of a program; see loop_verifier.h. Tested by fuzz/proofs/test/loop_verifier_test.cc.
#include "fuzz/proofs/loop_verifier.h"

#include <chrono>
#include <utility>

#include "smt/extract_loop.h"
#include "smt/loop_proof.h"

namespace assay::fuzz {

SolvedLoop solve_alone(const LoopSolver& solve_loops, const ast::Program& program, ast::NodeId loop) {
  SolvedLoop solved;
  solved.before = smt::extract_loop(program, loop);
  opt::PassResult result = solve_loops(solved.before);
  // The report's first loop is the outermost: the one that was extracted.
  if (!result.loops.empty()) solved.report = result.loops.front();
  solved.after = std::move(result.program);
  return solved;
}

LoopVerifier::LoopVerifier(LoopSolver solve_loops, const smt::ProofLimits& limits)
    : solve_loops_(std::move(solve_loops)), limits_(limits), theorems_(solver_, limits_) {}

void LoopVerifier::verify(const ast::Program& program, const std::function<void(const VerifiedLoop&)>& each,
                          bool first_only) {
  using Clock = std::chrono::steady_clock;
  VerifiedLoop one;
  for (const ast::NodeId loop : smt::loops_of(program)) {
    ++one.number;
    one.loop = loop;
    one.solved = solve_alone(solve_loops_, program, loop);
    one.proof = {};
    const Clock::time_point start = Clock::now();
    if (one.solved.report.solved) one.proof = prove(one.solved);
    one.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    each(one);
    if (first_only) break;
  }
}

smt::Proof LoopVerifier::prove(const SolvedLoop& loop) {
  return smt::prove_solved_loop(loop.before, loop.after, solver_, theorems_, limits_);
}

}  // namespace assay::fuzz
