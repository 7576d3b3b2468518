// Proving the loops of a program; see loop_proofs.h. Tested by fuzz/gate/test/loop_proofs_test.cc.
#include "fuzz/gate/loop_proofs.h"

#include <utility>

#include "core/ast/text.h"
#include "smt/extract_loop.h"
#include "smt/loop_proof.h"

namespace assay::fuzz {

LoopProver::LoopProver(LoopSolver solve_loops, unsigned limit_milliseconds)
    : solve_loops_(std::move(solve_loops)), limits_{limit_milliseconds, false}, theorems_(solver_, limits_) {}

std::vector<std::string> LoopProver::prove(const ast::Program& program, GateProofs& counts) {
  std::vector<std::string> refuted;
  for (const ast::NodeId loop : smt::loops_of(program)) {
    const ast::Program before = smt::extract_loop(program, loop);
    const opt::PassResult solved = solve_loops_(before);
    // The report's first loop is the outermost: the one that was extracted.
    if (solved.loops.empty() || !solved.loops.front().solved) {
      ++counts.not_solved;
      continue;
    }
    const smt::Proof proof = smt::prove_solved_loop(before, solved.program, solver_, theorems_, limits_);
    switch (proof.answer) {
      case smt::Answer::Proved:
        ++counts.proved;
        break;
      case smt::Answer::Refuted:
        ++counts.refuted;
        refuted.push_back(ast::print_program(before));
        break;
      case smt::Answer::Unknown:
        ++counts.unknown;
        ++counts.reasons[proof.reason];
        break;
    }
  }
  return refuted;
}

}  // namespace assay::fuzz
