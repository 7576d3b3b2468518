// Equations among the assertions: solved where that decides a question, and left alone where it does not.
#include "smt/equations.h"

#include <gtest/gtest.h>

#include "smt/binomials.h"

namespace assay::smt {
namespace {

class EquationsTest : public testing::Test {
 protected:
  // Whether i + k * step = n contradicts k < (n - i) * factor.
  bool meets_only_there(std::uint64_t step, std::uint64_t factor) {
    Terms& terms = proving_.terms;
    const TermId i = terms.symbol(64, "i");
    const TermId n = terms.symbol(64, "n");
    const TermId k = terms.symbol(64, "k");
    const TermId there = terms.equal(terms.add(i, terms.mul(k, terms.constant(64, step))), n);
    const TermId count = terms.mul(terms.sub(n, i), terms.constant(64, factor));
    return proving_.impossible("test", {terms.binary(Kind::Ult, k, count), there});
  }

  // The same for an even step.
  bool meets_only_there_even(std::uint64_t odd, unsigned twos, std::uint64_t factor) {
    Terms& terms = proving_.terms;
    const TermId i = terms.symbol(64, "i");
    const TermId n = terms.symbol(64, "n");
    const TermId k = terms.symbol(64, "k");
    const TermId there = terms.equal(terms.add(i, terms.mul(k, terms.constant(64, odd << twos))), n);
    const TermId shifted = terms.binary(Kind::LShr, terms.sub(n, i), terms.constant(64, twos));
    const TermId product = terms.mul(shifted, terms.constant(64, factor));
    const TermId count = terms.binary(Kind::And, product, terms.constant(64, mask_of(64 - twos)));
    return proving_.impossible("test", {terms.binary(Kind::Ult, k, count), there});
  }

  // The same where k * 3 is added to 32 bits of which the extension is compared, for no more steps than `most`.
  bool meets_only_there_widened(TermId most) {
    Terms& terms = proving_.terms;
    const TermId n = terms.symbol(64, "n");
    const TermId k = terms.symbol(64, "k");
    const TermId steps = terms.mul(terms.resize(Kind::Truncate, 32, k), terms.constant(32, 3));
    const TermId there = terms.equal(terms.resize(Kind::SignExtend, 64, terms.add(narrow_, steps)), n);
    const TermId distance = terms.sub(n, terms.resize(Kind::SignExtend, 64, narrow_));
    const TermId count = terms.mul(distance, terms.constant(64, inverse_of_odd(3)));
    return proving_.impossible("test", {terms.binary(Kind::Ult, k, most), terms.binary(Kind::Ult, k, count), there});
  }

  Solver solver_;
  ProofLimits limits_{3000, false};
  Theorems theorems_{solver_, limits_};
  Proving proving_{"test", solver_, theorems_, limits_};
  const TermId narrow_ = proving_.terms.symbol(32, "i");
};

TEST_F(EquationsTest, TheInverseOfAnOddStepCountsTheSteps) {
  for (const std::uint64_t step : {3ULL, 5ULL, 0xFFFF'FFFF'FFFF'FFFDULL}) {
    EXPECT_TRUE(meets_only_there(step, inverse_of_odd(step))) << step;
  }
}

TEST_F(EquationsTest, AnotherFactorDoesNot) { EXPECT_FALSE(meets_only_there(5, inverse_of_odd(5) + 2)); }

TEST_F(EquationsTest, OfAnEvenStepTheTwosAreShiftedAway) {
  EXPECT_TRUE(meets_only_there_even(3, 1, inverse_of_odd(3)));
  EXPECT_TRUE(meets_only_there_even(0 - std::uint64_t{3}, 2, inverse_of_odd(0 - std::uint64_t{3})));
}

TEST_F(EquationsTest, OfAnEvenStepAnotherFactorDoesNot) {
  EXPECT_FALSE(meets_only_there_even(3, 1, inverse_of_odd(5)));
}

TEST_F(EquationsTest, AnExtendedSumIsTheSumOfExtensionsWhileItDoesNotWrap) {
  Terms& terms = proving_.terms;
  const TermId room = terms.sub(terms.constant(32, 0x7FFF'FFFF), narrow_);
  const TermId before_it_wraps = terms.binary(Kind::UDiv, room, terms.constant(32, 3));
  EXPECT_TRUE(meets_only_there_widened(terms.resize(Kind::ZeroExtend, 64, before_it_wraps)));
}

TEST_F(EquationsTest, AnExtendedSumThatMayWrapIsNot) {
  EXPECT_FALSE(meets_only_there_widened(proving_.terms.constant(64, ~std::uint64_t{0})));
}

TEST_F(EquationsTest, TheTheoremHoldsForOddFactorsAlone) {
  EXPECT_EQ(theorems_.meeting(64, 1, 3), Answer::Proved);
  EXPECT_EQ(theorems_.meeting(64, 1, 2), Answer::Unknown);
  EXPECT_EQ(theorems_.smear(32), Answer::Proved);
}

}  // namespace
}  // namespace assay::smt
