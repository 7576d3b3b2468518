// Terms: equal ones are one, constants are folded as SMT-LIB says.
#include "smt/terms.h"

#include <gtest/gtest.h>

namespace assay::smt {
namespace {

TEST(TermsTest, EqualTermsAreOneTerm) {
  Terms terms;
  const TermId x = terms.symbol(32, "x");
  const TermId y = terms.symbol(32, "y");
  EXPECT_EQ(terms.add(x, y), terms.add(y, x));
  EXPECT_NE(terms.add(x, y), terms.mul(x, y));
}

TEST(TermsTest, SymbolsOfOneNameDiffer) {
  Terms terms;
  const TermId first = terms.symbol(32, "x");
  EXPECT_NE(first, terms.symbol(32, "x"));
}

TEST(TermsTest, DivisionByZeroIsWhatSmtLibSays) {
  EXPECT_EQ(fold(Kind::UDiv, 8, 7, 0), 0xFFU);
  EXPECT_EQ(fold(Kind::URem, 8, 7, 0), 7U);
  EXPECT_EQ(fold(Kind::SDiv, 8, 0x80, 0xFF), 0x80U);
  EXPECT_EQ(fold(Kind::SRem, 8, 0xF9, 2), 0xFFU);  // -7 rem 2 = -1
}

TEST(TermsTest, ShiftsByTheWidthShiftEverythingOut) {
  EXPECT_EQ(fold(Kind::Shl, 8, 1, 8), 0U);
  EXPECT_EQ(fold(Kind::AShr, 8, 0x80, 200), 0xFFU);
}

TEST(TermsTest, AMaskThatARemainderFitsIntoGoes) {
  Terms terms;
  const TermId rest = terms.binary(Kind::URem, terms.symbol(32, "x"), terms.constant(32, 5));
  EXPECT_EQ(terms.binary(Kind::And, rest, terms.constant(32, 7)), rest);
  EXPECT_NE(terms.binary(Kind::And, rest, terms.constant(32, 3)), rest);
  EXPECT_NE(terms.binary(Kind::And, rest, terms.constant(32, 6)), rest);
  const TermId of_zero = terms.binary(Kind::URem, terms.symbol(32, "x"), terms.constant(32, 0));
  EXPECT_NE(terms.binary(Kind::And, of_zero, terms.constant(32, 7)), of_zero);
}

TEST(TermsTest, SubstitutionRebuildsAndFolds) {
  Terms terms;
  const TermId x = terms.symbol(32, "x");
  const TermId y = terms.symbol(32, "y");
  const TermId sum = terms.add(terms.mul(x, y), terms.constant(32, 1));
  EXPECT_EQ(terms.substitute(sum, {{x.value, terms.constant(32, 0)}}), terms.constant(32, 1));
}

TEST(TermsTest, ATermMentionsItselfAndWhatItIsMadeOf) {
  Terms terms;
  const TermId x = terms.symbol(32, "x");
  const TermId y = terms.symbol(32, "y");
  const TermId product = terms.mul(x, y);
  const TermId sum = terms.add(product, terms.constant(32, 1));
  EXPECT_TRUE(terms.mentions(sum, {sum.value}));
  EXPECT_TRUE(terms.mentions(sum, {terms.symbol(32, "z").value, product.value}));
  EXPECT_TRUE(terms.mentions(sum, {y.value}));
  EXPECT_FALSE(terms.mentions(product, {sum.value}));
  EXPECT_FALSE(terms.mentions(x, {y.value}));
  EXPECT_FALSE(terms.mentions(sum, {}));
}

// By paths it would take 2^60 steps.
TEST(TermsTest, SharedTermsAreLookedAtOnce) {
  Terms terms;
  const TermId x = terms.symbol(32, "x");
  const TermId other = terms.symbol(32, "y");
  TermId term = terms.binary(Kind::UDiv, other, x);
  for (int i = 0; i < 60; ++i) term = terms.binary(Kind::UDiv, terms.binary(Kind::Or, term, other), term);
  EXPECT_FALSE(terms.mentions(term, {terms.symbol(32, "z").value, terms.constant(32, 7).value}));
  EXPECT_TRUE(terms.mentions(term, {x.value}));
}

TEST(TermsTest, AComparisonMadeAValueIsItsTruthAgain) {
  Terms terms;
  const TermId less = terms.binary(Kind::Slt, terms.symbol(32, "x"), terms.symbol(32, "y"));
  const TermId value = terms.ite(less, terms.constant(32, 1), terms.constant(32, 0));
  EXPECT_EQ(terms.nonzero(value), less);
}

TEST(TermsTest, AChoiceOfAKnownTruthIsOneConnective) {
  Terms terms;
  const TermId a = terms.symbol(0, "a");
  const TermId b = terms.symbol(0, "b");
  const TermId yes = terms.truth(true);
  const TermId no = terms.truth(false);
  EXPECT_EQ(terms.ite(a, yes, b), terms.either(a, b));
  EXPECT_EQ(terms.ite(a, no, b), terms.both(terms.negation(a), b));
  EXPECT_EQ(terms.ite(a, b, yes), terms.either(terms.negation(a), b));
  EXPECT_EQ(terms.ite(a, b, no), terms.both(a, b));
}

}  // namespace
}  // namespace assay::smt
