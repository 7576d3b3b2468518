// Proofs of the loops of a program, and a wrong solver refuted; see fuzz/proofs/loop_verifier.h.
#include "fuzz/proofs/loop_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "fuzz/proofs/test/support.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;

std::vector<VerifiedLoop> verified(const LoopSolver& solver, const char* text) {
  LoopVerifier verifier(solver, {10'000, false});
  std::vector<VerifiedLoop> loops;
  verifier.verify(parsed(text), [&](const VerifiedLoop& loop) { loops.push_back(loop); });
  return loops;
}

TEST(LoopVerifierTest, ASolvedLoopIsProved) {
  const auto loops = verified(opt::solve_loops, kSteps);
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_EQ(loops[0].proof.answer, smt::Answer::Proved) << loops[0].proof.reason;
  EXPECT_TRUE(loops[0].solved.report.is(scev::LoopClass::Linear));
}

TEST(LoopVerifierTest, AWrongClosedFormIsRefuted) {
  const auto loops = verified(solve_with_step_4, kSteps);
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_EQ(loops[0].proof.answer, smt::Answer::Refuted);
  EXPECT_THAT(ast::print_program(loops[0].solved.before), HasSubstr("v1 = v1 + 3;"));
  EXPECT_EQ(loops[0].proof.counterexample.size(), 2U);
}

TEST(LoopVerifierTest, LoopsAreNumberedAsTheyStand) {
  const auto loops =
      verified(opt::solve_loops, "program p(i32 n, i32 s) { loop (n) { s = 7 / s; } loop (n) { s = s + 3; } }");
  ASSERT_EQ(loops.size(), 2U);
  EXPECT_EQ(loops[0].number, 1U);
  EXPECT_FALSE(loops[0].solved.report.solved);
  EXPECT_NE(loops[0].proof.answer, smt::Answer::Proved);
  EXPECT_EQ(loops[1].number, 2U);
  EXPECT_EQ(loops[1].proof.answer, smt::Answer::Proved) << loops[1].proof.reason;
}

TEST(LoopVerifierTest, UnknownHasAReason) {
  // Says that it solved the loop and leaves it as it is, which is right and nothing that can be shown.
  const auto idle = [](const ast::Program& program) {
    opt::PassResult result{program, 1, {}};
    result.loops.emplace_back().solved = true;
    return result;
  };
  const auto loops = verified(idle, kSteps);
  ASSERT_EQ(loops.size(), 1U);
  EXPECT_EQ(loops[0].proof.answer, smt::Answer::Unknown);
  EXPECT_FALSE(loops[0].proof.reason.empty());
}

TEST(LoopVerifierTest, TheoremsAreProvedOnceForAllLoops) {
  LoopVerifier verifier(opt::solve_loops, {10'000, false});
  const ast::Program sum = parsed("program p(i32 n, i32 i, i32 s) { loop (n) { s = s + i; i = i + 1; } }");
  const auto nothing = [](const VerifiedLoop&) {};
  verifier.verify(sum, nothing);
  const std::size_t theorems = verifier.theorems().size();
  EXPECT_GT(theorems, 0U);
  verifier.verify(sum, nothing);
  EXPECT_EQ(verifier.theorems().size(), theorems);
}

}  // namespace
}  // namespace assay::fuzz
