// The solvers behind three answers: each is given, and none but unsat is a proof.
#include "smt/solver.h"

#include <gtest/gtest.h>

#include <string>

#include "smt/second_solver.h"

namespace assay::smt {
namespace {

const char* const kUnsatisfiable = "(set-logic QF_BV)(declare-const x (_ BitVec 8))(assert (not (= x x)))(check-sat)";
const char* const kSatisfiable =
    "(set-logic QF_BV)(declare-const |x.0| (_ BitVec 8))(assert (= |x.0| #x2a))(check-sat)";
// Factors of the product of the primes 3141592653589793239 and 6149186519419363117: no solver finds them in the time it
// is given.
const char* const kHard =
    "(set-logic QF_BV)(declare-const x (_ BitVec 128))(declare-const y (_ BitVec 128))"
    "(assert (= (bvmul x y) (_ bv19318239194961261628809861973092565963 128)))"
    "(assert (bvugt x (_ bv1 128)))(assert (bvult x (_ bv9223372036854775808 128)))"
    "(assert (bvugt y (_ bv1 128)))(assert (bvult y (_ bv9223372036854775808 128)))(check-sat)";

TEST(SolverTest, UnsatIsAProof) {
  Solver solver;
  EXPECT_EQ(solver.check(kUnsatisfiable, Strategy::Bits, 1000).answer, Answer::Proved);
}

TEST(SolverTest, SatIsARefutationWithItsModel) {
  Solver solver;
  const SolverReply reply = solver.check(kSatisfiable, Strategy::Bits, 1000);
  ASSERT_EQ(reply.answer, Answer::Refuted);
  ASSERT_EQ(reply.model.size(), 1U);
  EXPECT_EQ(reply.model[0].first, "x.0");
  EXPECT_EQ(reply.model[0].second, 42U);
}

TEST(SolverTest, WhatTakesTooLongIsUnknownAndTheNextQueryIsAnswered) {
  Solver solver;
  const SolverReply reply = solver.check(kHard, Strategy::Bits, 100);
  EXPECT_EQ(reply.answer, Answer::Unknown);
  EXPECT_FALSE(reply.reason.empty());
  EXPECT_EQ(solver.check(kUnsatisfiable, Strategy::Bits, 1000).answer, Answer::Proved);
}

TEST(SolverTest, AScriptThatDoesNotParseIsUnknown) {
  Solver solver;
  const SolverReply reply = solver.check("(assert", Strategy::Bits, 1000);
  EXPECT_EQ(reply.answer, Answer::Unknown);
  EXPECT_FALSE(reply.reason.empty());
}

TEST(SecondSolverTest, AnswersTheSameScripts) {
  SecondSolver solver;
  EXPECT_EQ(solver.check(kUnsatisfiable, Strategy::Bits, 5000).answer, Answer::Proved);
  EXPECT_EQ(solver.check(kSatisfiable, Strategy::Bits, 5000).answer, Answer::Refuted);
  EXPECT_EQ(solver.check(kUnsatisfiable, Strategy::Ring, 5000).answer, Answer::Proved);
}

TEST(SecondSolverTest, ForgetsEachScript) {
  SecondSolver solver;
  const std::string with_x = "(set-logic QF_BV)(declare-const x (_ BitVec 8))(assert (= x #x01))(check-sat)";
  const std::string with_another =
      "(set-logic QF_BV)(declare-const x (_ BitVec 9))(assert (= x #b000000010))(check-sat)";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(solver.check(with_x, Strategy::Bits, 5000).answer, Answer::Refuted);
    EXPECT_EQ(solver.check(with_another, Strategy::Bits, 5000).answer, Answer::Refuted);
    EXPECT_EQ(solver.check(kUnsatisfiable, Strategy::Bits, 5000).answer, Answer::Proved);
  }
}

TEST(SecondSolverTest, WhatIsNotAnsweredIsUnknownWithAReasonAndTheNextScriptIsAnswered) {
  SecondSolver solver;
  for (const char* const script : {"(assert", "(set-logic QF_BV)", kHard}) {
    const SolverReply reply = solver.check(script, Strategy::Bits, 300);
    EXPECT_EQ(reply.answer, Answer::Unknown) << script;
    EXPECT_FALSE(reply.reason.empty());
    EXPECT_EQ(solver.check(kUnsatisfiable, Strategy::Bits, 5000).answer, Answer::Proved);
  }
}

// Two answers are not one, whatever the first of them is.
TEST(SecondSolverTest, MoreThanOneAnswerIsUnknown) {
  SecondSolver solver;
  const std::string twice = std::string("(set-option :incremental true)") + kUnsatisfiable + "(check-sat)";
  EXPECT_EQ(solver.check(twice, Strategy::Bits, 5000).answer, Answer::Unknown);
}

}  // namespace
}  // namespace assay::smt
