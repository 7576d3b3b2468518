// The process that proves: its answers, and that it may hang or die; see fuzz/proofs/proof_worker.h.
#include "fuzz/proofs/proof_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "fuzz/proofs/test/support.h"
#include "smt/counterexample.h"
#include "smt/extract_loop.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;

constexpr unsigned kLong = 60'000;

SolvedLoop solved(const LoopSolver& solver) {
  const ast::Program program = parsed(kSteps);
  return solve_alone(solver, program, smt::loops_of(program).front());
}

TEST(ProofWorkerTest, ASolvedLoopIsProved) {
  ProofWorker worker({10'000, false});
  const ProofReply reply = worker.prove(solved(opt::solve_loops), kLong);
  EXPECT_EQ(reply.answer, smt::Answer::Proved) << reply.reason;
}

TEST(ProofWorkerTest, AWrongOneIsRefutedByAnInput) {
  ProofWorker worker({10'000, false});
  const SolvedLoop loop = solved(solve_with_step_4);
  const ProofReply reply = worker.prove(loop, kLong);
  ASSERT_EQ(reply.answer, smt::Answer::Refuted) << reply.reason;
  EXPECT_FALSE(smt::agree_on(loop.before, loop.after, reply.counterexample));
}

// Hangs or dies over the wrong solution, and proves the right one.
ProofReply only_the_right_one(LoopVerifier& verifier, const SolvedLoop& loop, void (*otherwise)()) {
  if (verifier.prove(loop).answer == smt::Answer::Proved) return {smt::Answer::Proved, {}, {}};
  otherwise();
  return {smt::Answer::Proved, {}, {}};
}

TEST(ProofWorkerTest, OneThatHangsIsEndedAndReplaced) {
  ProofWorker worker({10'000, false}, [](LoopVerifier& verifier, const SolvedLoop& loop) {
    return only_the_right_one(verifier, loop, [] { ::pause(); });
  });
  const ProofReply reply = worker.prove(solved(solve_with_step_4), 1000);
  EXPECT_EQ(reply.answer, smt::Answer::Unknown);
  EXPECT_THAT(reply.reason, HasSubstr("did not come back"));
  EXPECT_EQ(worker.prove(solved(opt::solve_loops), kLong).answer, smt::Answer::Proved);
}

TEST(ProofWorkerTest, OneThatDiesIsReplaced) {
  ProofWorker worker({10'000, false}, [](LoopVerifier& verifier, const SolvedLoop& loop) {
    return only_the_right_one(verifier, loop, [] { ::_exit(1); });
  });
  const ProofReply reply = worker.prove(solved(solve_with_step_4), kLong);
  EXPECT_EQ(reply.answer, smt::Answer::Unknown);
  EXPECT_THAT(reply.reason, HasSubstr("was lost"));
  EXPECT_EQ(worker.prove(solved(opt::solve_loops), kLong).answer, smt::Answer::Proved);
}

}  // namespace
}  // namespace assay::fuzz
