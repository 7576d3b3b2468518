// Proving passes; see pass_verifier.h. Tested by fuzz/proofs/test/pass_verifier_test.cc.
#include "fuzz/proofs/pass_verifier.h"

#include <chrono>
#include <utility>

#include "core/ast/verify.h"
#include "fuzz/proofs/subjects.h"
#include "smt/pass_proof.h"

namespace assay::fuzz {

void PassVerifier::verify(const ast::Program& program, const std::function<void(const VerifiedPass&)>& each) {
  using Clock = std::chrono::steady_clock;
  const bool loops = has_loops(program);
  const bool scalar = ast::is_pure_scalar(program, program.body());
  for (std::size_t i = 0; i < opt::kPassCount; ++i) {
    VerifiedPass one;
    one.pass = static_cast<opt::PassId>(i);
    opt::PassResult result = passes_->run(one.pass, program);
    if (!scalar) {
      one.skipped = "prints";
    } else if (result.changes == 0) {
      one.skipped = "unchanged by the pass";
    } else if (const auto valid = ast::verify(result.program); !valid) {
      // Any input shows it.
      one.after = std::move(result.program);
      one.proof.answer = smt::Answer::Refuted;
      one.proof.reason = "gives no valid program: " + valid.error().describe();
      one.proof.counterexample.resize(program.slot_count());
    } else {
      one.after = std::move(result.program);
      const Clock::time_point start = Clock::now();
      one.proof = loops || has_loops(one.after) ? smt::compare_bounded(program, one.after, solver_, limits_)
                                                : smt::prove_same_behaviour(program, one.after, solver_, limits_);
      one.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    }
    each(one);
  }
}

}  // namespace assay::fuzz
