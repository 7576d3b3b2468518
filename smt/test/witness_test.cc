// What is assumed can be so: values are found where there are any, and none where there are none.
#include "smt/witness.h"

#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/opt/passes.h"
#include "smt/loop_proof.h"
#include "smt/proving.h"

namespace assay::smt {
namespace {

TEST(WitnessTest, ValuesAreFoundForWhatCanBeSo) {
  Terms terms;
  const TermId x = terms.symbol(64, "x");
  const TermId y = terms.symbol(64, "y");
  EXPECT_TRUE(find_witness(terms, {}));
  EXPECT_TRUE(find_witness(terms, {terms.binary(Kind::Ult, x, y), terms.binary(Kind::Slt, y, x)}));
}

TEST(WitnessTest, NoneIsFoundForAContradiction) {
  Terms terms;
  const TermId x = terms.symbol(32, "x");
  const TermId y = terms.symbol(32, "y");
  EXPECT_FALSE(find_witness(terms, {terms.binary(Kind::Ult, x, y), terms.binary(Kind::Ult, y, x)}));
}

// Obligations that are proved with witnesses looked for.
class ObligationTest : public testing::Test {
 protected:
  const ProofLimits limits_{1000, false, true};
  Solver solver_;
  Theorems theorems_{solver_, limits_};
  Proving proving_{"test", solver_, theorems_, limits_};
  Terms& terms_ = proving_.terms;
  const TermId x_ = terms_.symbol(32, "x");
  const TermId y_ = terms_.symbol(32, "y");
};

// What contradicts the assumptions before it is a place that no run reaches, and that is what is said of it then.
TEST_F(ObligationTest, APlaceThatNoRunReachesIsSaidToBeNone) {
  const TermId less = terms_.binary(Kind::Ult, x_, y_);
  const TermId more = terms_.binary(Kind::Ult, y_, x_);
  ASSERT_TRUE(proving_.impossible("claim", {less, more, terms_.equal(x_, terms_.constant(32, 7))}));
  const Proof proof = proving_.finish(true);
  ASSERT_EQ(proof.obligations.size(), 1U);
  EXPECT_TRUE(proof.obligations[0].never_reached);
  EXPECT_EQ(proof.obligations[0].witness, Witness::Found);
  EXPECT_EQ(proof.obligations[0].name, "claim: no run gets there");
}

// Assumptions that no run fulfils are reported, however well the rest is proved.
TEST_F(ObligationTest, AnObligationThatAssumesAContradictionIsSeen) {
  const TermId both = terms_.both(terms_.binary(Kind::Ult, x_, y_), terms_.binary(Kind::Ult, y_, x_));
  ASSERT_TRUE(proving_.impossible("vacuous", {both, terms_.equal(x_, terms_.constant(32, 7))}));
  const Proof proof = proving_.finish(true);
  ASSERT_FALSE(proof.obligations.empty());
  for (const Obligation& one : proof.obligations) EXPECT_EQ(one.witness, Witness::None);
}

TEST_F(ObligationTest, WhatTheProofOfASumAssumesCanBeSo) {
  const auto program =
      ast::parse_program("program p(i32 n, i32 i, i32 sum) { while (i < n) { sum = sum + i; i = i + 1; } }");
  ASSERT_TRUE(program.ok());
  const Proof proof = prove_solved_loop(*program, opt::solve_loops(*program).program, solver_, theorems_, limits_);
  ASSERT_EQ(proof.answer, Answer::Proved) << proof.reason;
  for (const Obligation& one : proof.obligations) {
    EXPECT_NE(one.witness, Witness::None) << one.name;
    EXPECT_NE(one.witness, Witness::Unknown) << one.name;
  }
}

}  // namespace
}  // namespace assay::smt
