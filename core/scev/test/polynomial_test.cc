// Specification of polynomials modulo 2^w.
#include "core/scev/polynomial.h"

#include <gtest/gtest.h>

namespace assay::scev {
namespace {

using ast::Type;

Polynomial atom(std::uint32_t id, Type type = Type::I32) { return of_atom(type, AtomId{id}); }

TEST(PolynomialTest, WhatCancelsIsGone) {
  const Polynomial sum = add(atom(1), atom(2));
  EXPECT_EQ(subtract(sum, atom(2)), atom(1));
  EXPECT_TRUE(subtract(sum, sum).is_zero());
}

TEST(PolynomialTest, CoefficientsAreReducedToTheWidth) {
  EXPECT_TRUE(scale(scale(atom(1), 1U << 31), 2).is_zero());
  EXPECT_FALSE(scale(scale(atom(1, Type::I64), 1U << 31), 2).is_zero());
  EXPECT_TRUE(constant(Type::I32, 0x1'0000'0000).is_zero());
}

TEST(PolynomialTest, ProductsAreDistributedAndSorted) {
  const Polynomial left = multiply(add(atom(1), atom(2)), subtract(atom(1), atom(2)));
  const Polynomial right = subtract(multiply(atom(1), atom(1)), multiply(atom(2), atom(2)));
  EXPECT_EQ(left, right);
}

TEST(PolynomialTest, AtomZeroIsNotTheEmptyProduct) {
  const Polynomial one_more = add(atom(0), constant(Type::I32, 1));
  EXPECT_EQ(one_more.terms.size(), 2U);
  EXPECT_EQ(one_more.constant_term(), 1U);
  EXPECT_EQ(atom(0).constant_term(), 0U);
}

TEST(PolynomialTest, PowersOfBooleansCollapse) {
  const Polynomial boolean = atom(kBooleanAtomBit | 3U);
  EXPECT_EQ(multiply(boolean, boolean), boolean);
  const Polynomial product = multiply(boolean, atom(1));
  EXPECT_EQ(multiply(product, boolean), product);
}

TEST(PolynomialTest, BeyondTheDegreeThereIsPoison) {
  Polynomial power = constant(Type::I32, 1);
  for (std::size_t i = 0; i < kMaxDegree; ++i) power = multiply(power, atom(1));
  EXPECT_FALSE(power.poisoned);
  power = multiply(power, atom(1));
  EXPECT_TRUE(power.poisoned);
  EXPECT_TRUE(add(power, atom(1)).poisoned);
  EXPECT_FALSE(power.is_constant());
}

TEST(PolynomialTest, BeyondTheNumberOfTermsThereIsPoison) {
  Polynomial sum = constant(Type::I32, 0);
  for (std::uint32_t i = 0; i < kMaxTerms; ++i) sum = add(sum, atom(i));
  EXPECT_FALSE(sum.poisoned);
  EXPECT_TRUE(add(sum, atom(1000)).poisoned);
}

TEST(TermListTest, KeepsItsTermsWhereverTheyAre) {
  TermList list;
  for (std::uint16_t count = 1; count <= 9; ++count) {
    Term term;
    term.monomial.atoms[0] = count;
    term.monomial.degree = 1;
    term.coefficient = count;
    list.push_back(term);
    TermList copy = list;
    EXPECT_EQ(copy, list);
    TermList moved = std::move(copy);
    EXPECT_EQ(moved, list);
    TermList assigned{term, term, term};
    assigned = moved;
    EXPECT_EQ(assigned, list);
    assigned = TermList{term};
    ASSERT_EQ(assigned.size(), 1U);
    EXPECT_EQ(assigned[0], term);
    assigned = std::move(moved);
    EXPECT_EQ(assigned, list);
    assigned.erase(0);
    ASSERT_EQ(assigned.size(), count - 1U);
    for (std::uint16_t i = 0; i + 1 < count; ++i) EXPECT_EQ(assigned[i].coefficient, i + 2U);
  }
}

}  // namespace
}  // namespace assay::scev
