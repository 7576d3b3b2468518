// Normal forms: what is equal as polynomials has one, what is not has not.
#include "smt/ring.h"

#include <gtest/gtest.h>

namespace assay::smt {
namespace {

class RingTest : public testing::Test {
 protected:
  Terms terms_;
  Ring ring_{terms_};
  TermId x_ = terms_.symbol(32, "x");
  TermId y_ = terms_.symbol(32, "y");
};

TEST_F(RingTest, TheSquareOfASum) {
  const TermId square = terms_.mul(terms_.add(x_, y_), terms_.add(x_, y_));
  const TermId twice = terms_.mul(terms_.mul(x_, y_), terms_.constant(32, 2));
  const TermId expanded = terms_.add(terms_.add(terms_.mul(x_, x_), terms_.mul(y_, y_)), twice);
  EXPECT_EQ(ring_.normal(square), ring_.normal(expanded));
}

TEST_F(RingTest, AMissingTermIsSeen) {
  const TermId square = terms_.mul(terms_.add(x_, y_), terms_.add(x_, y_));
  EXPECT_NE(ring_.normal(square), ring_.normal(terms_.add(terms_.mul(x_, x_), terms_.mul(y_, y_))));
}

TEST_F(RingTest, CoefficientsAreModuloTwoToTheWidth) {
  const TermId high = terms_.mul(x_, terms_.constant(32, 0x8000'0000));
  EXPECT_TRUE(ring_.polynomial(terms_.add(high, high)).is_zero());
}

TEST_F(RingTest, AChoiceIsItsOwnSquare) {
  const TermId condition = terms_.binary(Kind::Slt, x_, y_);
  const TermId choice = terms_.ite(condition, x_, terms_.constant(32, 0));
  const TermId square = terms_.ite(condition, terms_.mul(x_, x_), terms_.constant(32, 0));
  EXPECT_EQ(ring_.normal(terms_.mul(choice, choice)), ring_.normal(square));
}

TEST_F(RingTest, ASumThatIsCutIsTheSumOfWhatIsCut) {
  ring_.cut_sums();
  const TermId wide = terms_.symbol(64, "wide");
  const TermId other = terms_.symbol(64, "other");
  const auto cut = [&](TermId term) { return terms_.resize(Kind::Truncate, 32, term); };
  const TermId product = terms_.mul(terms_.add(wide, terms_.constant(64, 5)), other);
  const TermId claimed = terms_.mul(terms_.add(cut(wide), terms_.constant(32, 5)), cut(other));
  EXPECT_EQ(ring_.normal(cut(product)), ring_.normal(claimed));
  EXPECT_NE(ring_.normal(cut(product)), ring_.normal(terms_.mul(cut(wide), cut(other))));
  // Half of it is another number before than behind.
  const TermId half = terms_.binary(Kind::LShr, wide, terms_.constant(64, 1));
  EXPECT_NE(ring_.normal(cut(half)), ring_.normal(terms_.binary(Kind::LShr, cut(wide), terms_.constant(32, 1))));
}

TEST_F(RingTest, WhatWasExtendedAndIsCutIsWhatItWas) {
  ring_.cut_sums();
  const TermId wide = terms_.resize(Kind::SignExtend, 64, x_);
  EXPECT_EQ(ring_.normal(terms_.resize(Kind::Truncate, 32, wide)), x_);
}

TEST_F(RingTest, ATruthThatIsCutIsTheTruthAtThatWidth) {
  ring_.cut_sums();
  const TermId wide = terms_.resize(Kind::SignExtend, 64, x_);
  const TermId truth = terms_.binary(Kind::Slt, x_, y_);
  const auto number = [this](unsigned width, std::uint64_t value) { return terms_.constant(width, value); };
  const TermId sum = terms_.add(terms_.ite(truth, number(64, 0x1234), number(64, 0)), wide);
  const TermId narrow = terms_.add(terms_.ite(truth, number(32, 0x1234), number(32, 0)), x_);
  EXPECT_EQ(ring_.normal(terms_.resize(Kind::Truncate, 32, sum)), ring_.normal(narrow));
}

TEST_F(RingTest, BeyondItsLimitASumIsAnAtom) {
  Ring small(terms_, 3);
  const TermId sum = terms_.add(x_, y_);
  const TermId square = terms_.mul(sum, sum);
  EXPECT_EQ(ring_.polynomial(square).terms.size(), 3U);
  EXPECT_EQ(small.polynomial(square).terms.size(), 1U);
}

TEST_F(RingTest, ProductsOfBinomialsAreSumsOfSingleOnes) {
  BinomialAtoms binomials{32, {}};
  for (const char* const name : {"c1", "c2", "c3", "c4"}) binomials.atoms.push_back(terms_.symbol(32, name));
  const TermId k = binomials.atoms[0];
  // k * k = 2 C(k,2) + k
  const TermId claimed = terms_.add(terms_.mul(binomials.atoms[1], terms_.constant(32, 2)), k);
  RingPolynomial difference = ring_.polynomial(terms_.sub(terms_.mul(k, k), claimed));
  std::vector<UsedRelation> used;
  EXPECT_TRUE(ring_.reduce(difference, binomials, used));
  EXPECT_TRUE(difference.is_zero());
  EXPECT_EQ(used.size(), 1U);
  RingPolynomial wrong = ring_.polynomial(terms_.sub(terms_.mul(k, k), binomials.atoms[1]));
  EXPECT_TRUE(ring_.reduce(wrong, binomials, used));
  EXPECT_FALSE(wrong.is_zero());
}

TEST_F(RingTest, ProductsBeyondTheGivenBinomialsAreRefused) {
  BinomialAtoms binomials{32, {terms_.symbol(32, "c1")}};
  RingPolynomial square = ring_.polynomial(terms_.mul(binomials.atoms[0], binomials.atoms[0]));
  std::vector<UsedRelation> used;
  EXPECT_FALSE(ring_.reduce(square, binomials, used));
}

}  // namespace
}  // namespace assay::smt
