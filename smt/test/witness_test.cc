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

// What contradicts the assumptions before it is a place that no run reaches, and that is what is said of it then.
TEST(WitnessTest, APlaceThatNoRunReachesIsSaidToBeNone) {
  Solver solver;
  const ProofLimits limits{1000, false, true};
  Theorems theorems(solver, limits);
  Proving proving("test", solver, theorems, limits);
  Terms& terms = proving.terms;
  const TermId x = terms.symbol(32, "x");
  const TermId y = terms.symbol(32, "y");
  const TermId less = terms.binary(Kind::Ult, x, y);
  const TermId more = terms.binary(Kind::Ult, y, x);
  ASSERT_TRUE(proving.impossible("claim", {less, more, terms.equal(x, terms.constant(32, 7))}));
  const Proof proof = proving.finish(true);
  ASSERT_EQ(proof.obligations.size(), 1U);
  EXPECT_TRUE(proof.obligations[0].never_reached);
  EXPECT_EQ(proof.obligations[0].witness, Witness::Found);
  EXPECT_EQ(proof.obligations[0].name, "claim: no run gets there");
}

// Assumptions that no run fulfils are reported, however well the rest is proved.
TEST(WitnessTest, AnObligationThatAssumesAContradictionIsSeen) {
  Solver solver;
  const ProofLimits limits{1000, false, true};
  Theorems theorems(solver, limits);
  Proving proving("test", solver, theorems, limits);
  Terms& terms = proving.terms;
  const TermId x = terms.symbol(32, "x");
  const TermId y = terms.symbol(32, "y");
  const TermId both = terms.both(terms.binary(Kind::Ult, x, y), terms.binary(Kind::Ult, y, x));
  ASSERT_TRUE(proving.impossible("vacuous", {both, terms.equal(x, terms.constant(32, 7))}));
  const Proof proof = proving.finish(true);
  ASSERT_FALSE(proof.obligations.empty());
  for (const Obligation& one : proof.obligations) EXPECT_EQ(one.witness, Witness::None);
}

TEST(WitnessTest, WhatTheProofOfASumAssumesCanBeSo) {
  const auto program =
      ast::parse_program("program p(i32 n, i32 i, i32 sum) { while (i < n) { sum = sum + i; i = i + 1; } }");
  ASSERT_TRUE(program.ok());
  Solver solver;
  const ProofLimits limits{1000, false, true};
  Theorems theorems(solver, limits);
  const Proof proof = prove_solved_loop(*program, opt::solve_loops(*program).program, solver, theorems, limits);
  ASSERT_EQ(proof.answer, Answer::Proved) << proof.reason;
  for (const Obligation& one : proof.obligations) {
    EXPECT_NE(one.witness, Witness::None) << one.name;
    EXPECT_NE(one.witness, Witness::Unknown) << one.name;
  }
}

}  // namespace
}  // namespace assay::smt
