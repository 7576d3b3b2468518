// Specification of add recurrences, by evaluating them next to plain iteration.
#include "core/scev/recurrence.h"

#include <gtest/gtest.h>

namespace assay::scev {
namespace {

using ast::Type;

AddRecurrence recurrence(std::initializer_list<std::uint64_t> coefficients, Type type = Type::I32) {
  AddRecurrence result;
  for (const std::uint64_t bits : coefficients) result.coefficients.push_back(constant(type, bits));
  return result;
}

std::uint64_t at(const AddRecurrence& sequence, std::uint64_t k, Type count_type = Type::I32) {
  Atoms atoms;
  const Polynomial value = value_after(atoms, sequence, constant(count_type, k));
  EXPECT_TRUE(value.is_constant());
  return value.constant_term();
}

TEST(RecurrenceTest, ValuesFollowTheDifferences) {
  const AddRecurrence sequence = recurrence({5, 3, 2});
  std::uint32_t value = 5;
  std::uint32_t step = 3;
  for (std::uint64_t k = 0; k < 50; ++k) {
    EXPECT_EQ(at(sequence, k), value);
    value += step;
    step += 2;
  }
}

TEST(RecurrenceTest, ProductsAreProductsOfTheValues) {
  const AddRecurrence left = recurrence({5, 3, 2});
  const AddRecurrence right = recurrence({7, 0xFFFF'FFFE, 0, 1});
  const AddRecurrence product = multiply(left, right);
  EXPECT_EQ(product.degree(), 5U);
  for (std::uint64_t k = 0; k < 50; ++k) {
    EXPECT_EQ(at(product, k), at(left, k) * at(right, k) & 0xFFFF'FFFFU);
  }
}

TEST(RecurrenceTest, SumsAddUpWhatCameBefore) {
  const AddRecurrence summand = recurrence({1, 2, 3});
  const AddRecurrence total = sum(constant(Type::I32, 10), summand);
  std::uint64_t expected = 10;
  for (std::uint64_t k = 0; k < 20; ++k) {
    EXPECT_EQ(at(total, k), expected);
    expected += at(summand, k);
  }
}

TEST(RecurrenceTest, DelayLooksOneIterationBack) {
  const AddRecurrence sequence = recurrence({4, 3, 2, 1});
  const AddRecurrence delayed = delay(sequence);
  for (std::uint64_t k = 1; k < 20; ++k) EXPECT_EQ(at(delayed, k), at(sequence, k - 1));
}

TEST(RecurrenceTest, TooHighADegreeIsPoisoned) {
  AddRecurrence power = recurrence({0, 1});
  for (int i = 0; i < 4; ++i) power = multiply(power, power);
  EXPECT_TRUE(power.poisoned());
}

// Pascal's rule from C(n, 0) = 1 and C(0, d) = 0 is all there is to binomials; it must hold across the wraparound of
// n's products.
TEST(RecurrenceTest, BinomialsObeyPascalsRule) {
  for (const Type type : {Type::I32, Type::I64}) {
    for (unsigned d = 1; d <= kMaxRecurrenceDegree; ++d) {
      EXPECT_EQ(binomial_value(type, 0, d), 0U);
      for (std::uint64_t base : {std::uint64_t{0}, std::uint64_t{1} << 31, all_ones(type) - 40}) {
        for (std::uint64_t n = base; n < base + 40; ++n) {
          EXPECT_EQ(binomial_value(type, n + 1, d),
                    (binomial_value(type, n, d) + binomial_value(type, n, d - 1)) & all_ones(type))
              << n << " over " << d;
        }
      }
    }
  }
}

TEST(RecurrenceTest, ANarrowValueUnderAWideCountUsesAllOfTheCount) {
  // C(2^32, 2) = 2^31 (2^32 - 1), which is 2^31 modulo 2^32; of the count modulo 2^32 it would be 0.
  EXPECT_EQ(at(recurrence({0, 0, 1}), std::uint64_t{1} << 32, Type::I64), std::uint64_t{1} << 31);
}

TEST(RecurrenceTest, InversesOfOddNumbers) {
  for (std::uint64_t odd = 1; odd < 2000; odd += 2) EXPECT_EQ(odd * inverse_of_odd(odd), 1U);
  EXPECT_EQ(~std::uint64_t{0} * inverse_of_odd(~std::uint64_t{0}), 1U);
}

}  // namespace
}  // namespace assay::scev
