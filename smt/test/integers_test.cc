// Questions about bit vectors, asked as questions about whole numbers, have the same answers.
#include "smt/integers.h"

#include <gtest/gtest.h>

#include "smt/solver.h"

namespace assay::smt {
namespace {

class IntegersTest : public testing::Test {
 protected:
  // Proved if the assertions contradict each other.
  Answer ask(const std::vector<TermId>& assertions) {
    const auto question = ask_in_integers(terms_, assertions, "test");
    EXPECT_TRUE(question.has_value());
    for (const std::string& script : question->scripts) {
      const SolverReply reply = solver_.check(script, Strategy::Integers, 5000);
      EXPECT_NE(reply.answer, Answer::Unknown) << reply.reason << "\n" << script;
      if (reply.answer != Answer::Proved) return reply.answer;
    }
    return Answer::Proved;
  }

  TermId number(std::uint64_t value) { return terms_.constant(64, value); }
  TermId below(TermId left, TermId right) { return terms_.binary(Kind::Ult, left, right); }
  TermId below_signed(TermId left, TermId right) { return terms_.binary(Kind::Slt, left, right); }
  TermId no(TermId truth) { return terms_.negation(truth); }

  Terms terms_;
  Solver solver_;
  TermId x_ = terms_.symbol(64, "x");
  TermId y_ = terms_.symbol(64, "y");
  TermId s_ = terms_.symbol(64, "s");
};

TEST_F(IntegersTest, ASumMayWrap) {
  EXPECT_EQ(ask({no(below(x_, terms_.add(x_, number(1))))}), Answer::Refuted);
  EXPECT_EQ(ask({no(below(x_, terms_.add(x_, number(1)))), below(x_, y_)}), Answer::Proved);
}

TEST_F(IntegersTest, TheSignIsTheHighestBit) {
  EXPECT_EQ(ask({below_signed(x_, number(0)), below(x_, number(std::uint64_t{1} << 63))}), Answer::Proved);
  EXPECT_EQ(ask({below_signed(x_, number(0)), below_signed(y_, x_)}), Answer::Refuted);
}

TEST_F(IntegersTest, AQuotientTimesItsDivisorIsNoMoreThanTheDividend) {
  const TermId quotient = terms_.binary(Kind::UDiv, x_, number(3));
  const TermId product = terms_.mul(quotient, number(3));
  EXPECT_EQ(ask({below(x_, product)}), Answer::Proved);
  EXPECT_EQ(ask({no(below(product, x_))}), Answer::Refuted);
  EXPECT_EQ(ask({no(below(x_, terms_.add(product, number(3)))), below(x_, number(1000))}), Answer::Proved);
}

TEST_F(IntegersTest, ADivisorOfZeroGivesWhatBitVectorsGive) {
  const TermId quotient = terms_.binary(Kind::UDiv, x_, s_);
  const TermId zero = terms_.equal(s_, number(0));
  EXPECT_EQ(ask({zero, no(terms_.equal(quotient, number(~std::uint64_t{0})))}), Answer::Proved);
}

TEST_F(IntegersTest, MultiplesOfAnUnknownAreOrderedAsTheirFactors) {
  const TermId quotient = terms_.binary(Kind::UDiv, x_, s_);
  const TermId k = terms_.mul(y_, s_);
  const TermId positive = below(number(0), s_);
  EXPECT_EQ(ask({positive, no(below(quotient, y_)), below(x_, k)}), Answer::Proved);
  EXPECT_NE(ask({positive, no(below(quotient, y_)), no(below(x_, k))}), Answer::Proved);
}

TEST_F(IntegersTest, AQuestionOfTheSignOfAStepIsSplitInThree) {
  const TermId negative = below_signed(s_, number(0));
  const TermId magnitude = terms_.ite(negative, terms_.negate(s_), s_);
  const auto question = ask_in_integers(terms_, {no(below(x_, terms_.mul(magnitude, y_)))}, "test");
  ASSERT_TRUE(question.has_value());
  EXPECT_EQ(question->scripts.size(), 3U);
  // |s| is at most 2^63.
  EXPECT_EQ(ask({below(number(std::uint64_t{1} << 63), magnitude)}), Answer::Proved);
  EXPECT_EQ(ask({below(number((std::uint64_t{1} << 63) - 1), magnitude)}), Answer::Refuted);
}

TEST_F(IntegersTest, AChoiceBetweenNumbersTimesAValueIsAChoice) {
  const TermId choice = terms_.ite(below(x_, y_), number(1), number(0));
  const TermId product = terms_.mul(choice, s_);
  EXPECT_EQ(ask({below(x_, y_), no(terms_.equal(product, s_))}), Answer::Proved);
  EXPECT_EQ(ask({no(terms_.equal(product, s_))}), Answer::Refuted);
}

TEST_F(IntegersTest, ShiftsAndMasksAreQuotientsAndRemainders) {
  const TermId half = terms_.binary(Kind::LShr, x_, number(1));
  const TermId low = terms_.binary(Kind::And, x_, number(1));
  const TermId whole = terms_.add(terms_.mul(half, number(2)), low);
  EXPECT_EQ(ask({no(terms_.equal(whole, x_))}), Answer::Proved);
  EXPECT_EQ(ask({no(terms_.equal(terms_.mul(half, number(2)), x_))}), Answer::Refuted);
}

TEST_F(IntegersTest, WhatIsCombinedBitByBitIsSomeNumber) {
  const TermId mixed = terms_.binary(Kind::Xor, x_, y_);
  const auto question = ask_in_integers(terms_, {terms_.equal(mixed, s_)}, "test");
  ASSERT_TRUE(question.has_value());
  EXPECT_FALSE(question->exact);
  EXPECT_EQ(ask({terms_.equal(mixed, s_), no(terms_.equal(s_, mixed))}), Answer::Proved);
}

TEST_F(IntegersTest, AConjunctionOfUnknownsBitByBitIsRefused) {
  EXPECT_FALSE(ask_in_integers(terms_, {terms_.equal(terms_.binary(Kind::And, x_, y_), s_)}, "test").has_value());
}

TEST_F(IntegersTest, ASignedRemainderHasTheSignOfTheDividend) {
  const TermId three = number(3);
  const TermId rest = terms_.binary(Kind::SRem, x_, three);
  const TermId again = terms_.binary(Kind::SRem, terms_.add(x_, three), three);
  const TermId negative = terms_.binary(Kind::Slt, x_, number(0));
  const TermId small = terms_.binary(Kind::Ult, x_, number(1000));
  EXPECT_EQ(ask({small, no(terms_.equal(rest, again))}), Answer::Proved);
  EXPECT_EQ(ask({no(terms_.equal(rest, again))}), Answer::Refuted);
  EXPECT_EQ(ask({negative, terms_.binary(Kind::Slt, number(0), rest)}), Answer::Proved);
}

TEST_F(IntegersTest, ASignedRemainderIsComparedWithItsSign) {
  const TermId rest = terms_.binary(Kind::SRem, x_, number(3));
  const TermId is_minus_one = terms_.equal(rest, number(~std::uint64_t{0}));
  EXPECT_EQ(ask({is_minus_one, below(x_, number(1000))}), Answer::Proved);
  EXPECT_EQ(ask({is_minus_one}), Answer::Refuted);
  EXPECT_EQ(ask({terms_.equal(number(3), rest)}), Answer::Proved);
  EXPECT_EQ(ask({terms_.equal(rest, number(2)), terms_.equal(x_, number(7))}), Answer::Proved);
  EXPECT_EQ(ask({terms_.equal(rest, number(2)), terms_.equal(x_, number(8))}), Answer::Refuted);
}

TEST_F(IntegersTest, OnlyAQuestionWithoutProductsOfUnknownsIsExact) {
  EXPECT_TRUE(ask_in_integers(terms_, {below(x_, y_)}, "test")->exact);
  EXPECT_FALSE(ask_in_integers(terms_, {below(x_, terms_.mul(y_, s_))}, "test")->exact);
}

}  // namespace
}  // namespace assay::smt
