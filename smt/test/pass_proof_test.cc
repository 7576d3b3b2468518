// Loop-free programs: equal behaviour is proved, different behaviour refuted by an input that running confirms.
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

}  // namespace
}  // namespace assay::smt
