// The code for binomials: recognised, right on numbers, and proved to obey Pascal's rule.
#include "smt/theorems.h"

#include <gtest/gtest.h>

#include "smt/binomials.h"

namespace assay::smt {
namespace {

TEST(BinomialsTest, TheCodeIsRecognisedWithItsMultiplier) {
  Terms terms;
  const TermId k = terms.symbol(32, "k");
  for (unsigned degree = 1; degree <= kMaxBinomial; ++degree) {
    const TermId code = terms.mul(binomial_code(terms, k, degree), terms.constant(32, 6));
    const auto found = find_binomial(terms, code, k);
    if (degree == 1) {
      EXPECT_FALSE(found.has_value());  // a product of k, taken apart by who asks
      continue;
    }
    ASSERT_TRUE(found.has_value()) << degree;
    EXPECT_EQ(found->degree, degree);
    EXPECT_EQ(found->multiplier, 6U);
  }
}

TEST(BinomialsTest, OtherProductsAreNotTakenForIt) {
  Terms terms;
  const TermId k = terms.symbol(32, "k");
  const TermId half = terms.binary(Kind::LShr, k, terms.constant(32, 1));
  const TermId unguarded = terms.mul(half, terms.add(k, terms.constant(32, 0xFFFF'FFFF)));
  EXPECT_FALSE(find_binomial(terms, unguarded, k).has_value());
}

TEST(BinomialsTest, TheCodeIsRightOnNumbers) {
  Terms terms;
  for (std::uint64_t k = 0; k < 40; ++k) {
    std::uint64_t exact = 1;
    for (unsigned degree = 1; degree <= kMaxBinomial; ++degree) {
      exact = k + 1 > degree ? exact * (k - degree + 1) / degree : 0;
      EXPECT_TRUE(terms.is_constant(binomial_code(terms, terms.constant(32, k), degree), exact & 0xFFFF'FFFF)) << k;
    }
  }
}

TEST(TheoremsTest, PascalsRuleIsProvedOnceForEveryDegreeInBothWidths) {
  Solver solver;
  Theorems theorems(solver, {10'000, false});
  for (const unsigned width : {32U, 64U}) EXPECT_EQ(theorems.pascal(width, kMaxBinomial), Answer::Proved) << width;
  const std::uint64_t asked = solver.queries();
  EXPECT_EQ(theorems.pascal(64, 3), Answer::Proved);
  EXPECT_EQ(solver.queries(), asked);
  for (const Obligation& one : theorems.obligations()) EXPECT_EQ(one.first.answer, Answer::Proved) << one.name;
}

}  // namespace
}  // namespace assay::smt
