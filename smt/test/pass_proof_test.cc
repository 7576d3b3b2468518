// Loop-free programs: equal behaviour is proved, different behaviour refuted by an input that running confirms. Loops
// are compared as far as a bound reaches.
#include "smt/pass_proof.h"

#include <gtest/gtest.h>

#include <string>

#include "core/ast/text.h"
#include "smt/counterexample.h"

namespace assay::smt {
namespace {

ast::Program parsed(const std::string& body) {
  auto program = ast::parse_program("program p(i32 x, i32 y, i32 r) { " + body + " }");
  EXPECT_TRUE(program.ok()) << program.error().describe();
  return std::move(program).value();
}

Proof prove(const std::string& before, const std::string& after) {
  Solver solver;
  return prove_same_behaviour(parsed(before), parsed(after), solver, {3000, false});
}

void expect_refuted(const std::string& before, const std::string& after) {
  const Proof proof = prove(before, after);
  ASSERT_EQ(proof.answer, Answer::Refuted) << proof.reason;
  EXPECT_FALSE(agree_on(parsed(before), parsed(after), proof.counterexample));
}

TEST(PassProofTest, AFoldedConstantIsProved) {
  EXPECT_EQ(prove("r = x + (2 + 3);", "r = x + 5;").answer, Answer::Proved);
}

TEST(PassProofTest, ADistributedProductIsProved) {
  EXPECT_EQ(prove("r = x * (y + 3);", "r = x * y + x * 3;").answer, Answer::Proved);
}

TEST(PassProofTest, ADivisionByAPowerOfTwoWithItsBiasIsProved) {
  EXPECT_EQ(prove("r = x / 4;", "r = x + (x >> 31 & 3) >> 2;").answer, Answer::Proved);
}

TEST(PassProofTest, ADivisionAsAPlainShiftIsRefuted) { expect_refuted("r = x / 4;", "r = x >> 2;"); }

TEST(PassProofTest, ABranchMadeASelectIsProved) {
  EXPECT_EQ(prove("if (x > 0) { r = y; } else { r = 1; }", "r = select(x > 0, y, 1);").answer, Answer::Proved);
}

TEST(PassProofTest, AShiftFoldedAtTheWrongWidthIsRefuted) { expect_refuted("r = 1 << 33;", "r = 0;"); }

TEST(PassProofTest, AnOverwrittenOperandReusedIsRefuted) {
  expect_refuted("let i32 t = x + 1; x = 3; r = x + 1;", "let i32 t = x + 1; x = 3; r = t;");
}

TEST(PassProofTest, ABranchWithATrapConvertedIsRefuted) {
  expect_refuted("if (r != 0) { x = 7 / r; }", "x = select(r != 0, 7 / r, x);");
}

TEST(PassProofTest, DivisionsThatBothHaveAreNoObstacle) {
  const std::string divisions = "x = div_u(x * y, y * y + 1 | 1); y = rem_u(x * x, x * y | 1); ";
  EXPECT_EQ(prove(divisions + "r = x * y / (y | 1) + (2 + 3);", divisions + "r = x * y / (y | 1) + 5;").answer,
            Answer::Proved);
}

TEST(PassProofTest, AMultiplicationByTheWrongFactorIsRefuted) {
  expect_refuted("r = x / 7;", "r = wrap(extend_s(x) * 2454267026L >> 34L) - (x >> 31);");
}

TEST(PassProofTest, DivisionsThatMayBeAnythingAreNoCounterexample) {
  // Equal only because of what a division is.
  EXPECT_EQ(prove("r = div_u(x, 8);", "r = x >>> 3;").answer, Answer::Proved);
}

TEST(PassProofTest, ADroppedTrapIsRefuted) { expect_refuted("let i32 t = x / y; r = 1;", "r = 1;"); }

TEST(PassProofTest, ADroppedTrapThatNoSlotShowsIsRefuted) { expect_refuted("let i32 t = x / y;", "let i32 t = 0;"); }

TEST(PassProofTest, ATrapMovedBeforeAStoreIsRefuted) {
  expect_refuted("r = 1; let i32 t = div_u(x, y);", "let i32 t = div_u(x, y); r = 1;");
}

TEST(PassProofTest, LessOrEqualForLessIsRefuted) { expect_refuted("r = x < y;", "r = x <= y;"); }

TEST(PassProofTest, SignedForUnsignedIsRefuted) { expect_refuted("r = lt_u(x, y);", "r = x < y;"); }

TEST(PassProofTest, APushInTheOtherOrderIsRefuted) { expect_refuted("push x; push y;", "push y; push x;"); }

TEST(PassProofTest, AReturnEndsTheRun) {
  EXPECT_EQ(prove("if (x) { return y; } r = 1;", "if (x) { return y; } else { r = 1; }").answer, Answer::Proved);
  expect_refuted("if (x) { return y; } r = 1;", "r = 1; if (x) { return y; }");
}

TEST(PassProofTest, ValuesThatAreNestedTooDeeplyAreUnknownNotACrash) {
  std::string chain;
  for (int i = 0; i < 2000; ++i) chain += "r = (r ^ x) + 1; ";
  const Proof proof = prove(chain, chain + "r = r & y;");
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_EQ(proof.reason, "values are nested too deeply");
}

TEST(PassProofTest, ALoopIsUnknownNotProved) {
  const Proof proof = prove("loop (3) { r = r + 1; }", "loop (3) { r = r + 1; }");
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_EQ(proof.reason, "the program has a loop");
}

// Larger bounds are tried while there is time: on a busy machine there must be enough for the first few.
Proof compare(const std::string& before, const std::string& after, unsigned milliseconds = 10'000) {
  Solver solver;
  return compare_bounded(parsed(before), parsed(after), solver, {milliseconds, false});
}

// The optimizer's faults that need a loop to show.
void expect_refuted_within_a_bound(const std::string& before, const std::string& after) {
  const Proof proof = compare(before, after, 60'000);
  ASSERT_EQ(proof.answer, Answer::Refuted) << proof.reason;
  EXPECT_FALSE(agree_on(parsed(before), parsed(after), proof.counterexample));
}

TEST(BoundedComparisonTest, AgreementIsUnknownWithItsBound) {
  const Proof proof = compare("loop (x) { r = r + y; }", "loop (x) { r = y + r; }");
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_GE(proof.bound, 2U);
}

TEST(BoundedComparisonTest, AProgramThatIsNoLongerUnderstoodHasNoBound) {
  const Proof proof = compare("loop (x) { print r; }", "loop (x) { print r; }");
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_EQ(proof.bound, 0U);
  EXPECT_EQ(proof.reason, "the program prints");
}

TEST(BoundedComparisonTest, BreaksContinuesAndReturnsLeaveAsInTheInterpreter) {
  // The same in other words, so that both sides must be understood.
  const Proof proof = compare(
      "while (x < y) { x = x + 1; if (x == 3) { continue; } if (x == 7) { break; } if (x == 9) { return r; } r = r + "
      "x; } "
      "r = r + 1;",
      "while (x < y) { x = x + 1; if (x != 3) { if (x == 7) { break; } else { if (x == 9) { return r; } } r = x + r; } "
      "} "
      "r = 1 + r;");
  EXPECT_EQ(proof.answer, Answer::Unknown);
  EXPECT_GE(proof.bound, 2U) << proof.reason;
  expect_refuted_within_a_bound("loop (x) { y = y + 1; if (r) { continue; } y = y + 2; }",
                                "loop (x) { y = y + 1; if (r) { break; } y = y + 2; }");
}

TEST(BoundedComparisonTest, AnInnerBreakLeavesTheInnerLoopOnly) {
  expect_refuted_within_a_bound("loop (x) { loop (y) { r = r + 1; if (r > 2) { break; } } r = r + 5; }",
                                "loop (x) { loop (y) { r = r + 1; if (r > 2) { break; } } r = r + 5; break; }");
}

TEST(BoundedComparisonTest, ALoopThatEndsByItselfIsComparedForEveryInput) {
  const Proof proof = compare("loop (3) { r = r + x; }", "r = r + x + x + x;");
  EXPECT_EQ(proof.answer, Answer::Unknown) << "a bound is no proof, even where it is enough";
  EXPECT_GE(proof.bound, 4U);
}

TEST(BoundedComparisonTest, AConstantOverABackEdgeIsRefuted) {
  expect_refuted_within_a_bound("let i32 k = 1; loop (x & 3) { r = r + k; k = 2; }",
                                "let i32 k = 1; loop (x & 3) { r = r + 1; k = 2; }");
}

TEST(BoundedComparisonTest, ADivisionHoistedOutOfALoopThatRunsZeroTimesIsRefuted) {
  expect_refuted_within_a_bound("loop (x & 1) { r = r + 6 / y; }", "let i32 t = 6 / y; loop (x & 1) { r = r + t; }");
}

TEST(BoundedComparisonTest, AnUnrollRemainderOffByOneIsRefuted) {
  expect_refuted_within_a_bound("loop (x & 7) { r = r + 3; }",
                                "loop ((x & 7) >>> 1) { r = r + 3; r = r + 3; } loop ((x & 7) % 2 + 1) { r = r + 3; }");
}

TEST(BoundedComparisonTest, ALoopSolvedInTheWrongOrderOfStatementsIsRefuted) {
  expect_refuted_within_a_bound("loop (x & 7) { y = y + 1; r = r + y; }",
                                "let i32 m = x & 7; r = r + y * m + m * (m - 1) / 2; y = y + m;");
}

TEST(BoundedComparisonTest, AClosedFormInSpiteOfABreakIsRefuted) {
  expect_refuted_within_a_bound("y = 0; loop (12) { if (y == (x & 7)) { break; } y = y + 1; }", "y = 0; y = y + 12;");
}

}  // namespace
}  // namespace assay::smt
