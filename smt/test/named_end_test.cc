// A name for one of the ends of a range: what it makes provable, and that it makes nothing true that is not.
#include "smt/named_end.h"

#include <gtest/gtest.h>

namespace assay::smt {
namespace {

class NamedEndTest : public testing::Test {
 protected:
  TermId number(std::uint64_t value) { return terms_.constant(64, value); }
  TermId end(std::uint64_t step, TermId k) { return terms_.add(v_, terms_.mul(k, number(step))); }
  TermId bits(Kind kind, TermId left, TermId right) { return terms_.binary(kind, left, right); }

  Solver solver_;
  ProofLimits limits_{3000, false};
  Theorems theorems_{solver_, limits_};
  Proving proving_{"test", solver_, theorems_, limits_};
  Terms& terms_ = proving_.terms;
  TermId v_ = terms_.symbol(64, "v");
  TermId k_ = terms_.symbol(64, "k");
  TermId next_ = terms_.add(k_, number(1));
};

TEST_F(NamedEndTest, OfAnOddStepTheCountIsSaidByTheEnd) {
  const TermId claim = terms_.equal(bits(Kind::Xor, end(3, k_), end(3, next_)), number(7));
  const auto named = name_an_end(proving_, "test", {terms_.nonzero(k_), claim}, k_);
  ASSERT_EQ(named.size(), 2U);
  EXPECT_NE(named[1], claim);
  EXPECT_GE(proving_.mark(), 1U);  // that the ends are what is put in their place
}

TEST_F(NamedEndTest, OfAnEvenStepTheLowBitsAreSaid) {
  const TermId low = bits(Kind::And, end(4, k_), number(3));
  EXPECT_TRUE(equal_by_named_end(proving_, "test", {}, low, bits(Kind::And, v_, number(3)), k_));
}

TEST_F(NamedEndTest, WithoutAnEndTheAssertionsStay) {
  const std::vector<TermId> assertions = {terms_.nonzero(k_), terms_.equal(v_, number(1))};
  EXPECT_EQ(name_an_end(proving_, "test", assertions, k_), assertions);
}

TEST_F(NamedEndTest, NeighboursDifferInTheirLowestBit) {
  for (const std::uint64_t step : {~std::uint64_t{0}, std::uint64_t{1}}) {
    const TermId both = bits(Kind::Xor, end(step, k_), end(step, next_));
    EXPECT_TRUE(equal_by_named_end(proving_, "test", {}, bits(Kind::And, both, number(1)), number(1), k_));
  }
}

TEST_F(NamedEndTest, WhatIsNotSoIsNotProved) {
  for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{4}}) {
    const TermId both = bits(Kind::Xor, end(step, k_), end(step, next_));
    EXPECT_FALSE(equal_by_named_end(proving_, "test", {}, bits(Kind::And, both, number(8)), number(8), k_));
    EXPECT_FALSE(equal_by_named_end(proving_, "test", {}, end(step, k_), v_, k_));
  }
}

// What is known of the count still is where the ends have names.
TEST_F(NamedEndTest, HypothesesAboutTheCountHold) {
  const TermId first = terms_.equal(k_, number(0));
  for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{4}}) {
    const TermId left = bits(Kind::Or, end(step, k_), number(1));
    EXPECT_TRUE(equal_by_named_end(proving_, "test", {first}, left, bits(Kind::Or, v_, number(1)), k_));
  }
}

}  // namespace
}  // namespace assay::smt
