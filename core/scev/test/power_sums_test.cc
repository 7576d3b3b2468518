// Specification of power sums: the values are those of the binomials, and of adding up.
#include "core/scev/power_sums.h"

#include <gtest/gtest.h>

#include "core/base/rng.h"

namespace assay::scev {
namespace {

using ast::Type;
using ast::VarId;

constexpr VarId kCount{0};
constexpr VarId kCounter{1};
constexpr VarId kStart{2};
constexpr VarId kFactor{3};
constexpr unsigned kLengths[] = {0, 1, 2, 3, 5, 30};

struct Loop {
  Atoms atoms;
  Polynomial count;
  AddRecurrence counter;
};

Loop loop_over(Type type, const Polynomial& offset, std::uint64_t step, bool starts_at_zero = false) {
  Loop loop;
  loop.count = loop.atoms.initial(kCount, type);
  const Polynomial start = starts_at_zero ? constant(type, 0) : loop.atoms.initial(kCounter, type);
  loop.counter = {{add(start, offset), constant(type, step)}, false};
  return loop;
}

AddRecurrence power(const AddRecurrence& counter, unsigned exponent) {
  AddRecurrence result = invariant(constant(counter.type(), 1));
  for (unsigned i = 0; i < exponent; ++i) result = multiply(result, counter);
  return result;
}

AddRecurrence summed(Loop& loop, const AddRecurrence& summand) {
  return sum(loop.atoms.initial(kStart, summand.type()), summand);
}

// With numbers for `n` and all that is symbolic.
std::uint64_t at(Loop& loop, const Polynomial& value, std::uint64_t n, std::uint64_t counter) {
  Substitution numbers(loop.atoms);
  const Type type = value.type;
  const std::pair<VarId, std::uint64_t> values[] = {
      {kCount, n}, {kCounter, counter}, {kStart, 77}, {kFactor, 0x1234567}};
  for (const auto& [variable, bits] : values) {
    numbers.set(loop.atoms.initial(variable, type).single_atom(), constant(type, bits));
  }
  numbers.set(loop.atoms.binomial(loop.count, 2).single_atom(), constant(type, binomial_value(type, n, 2)));
  const Polynomial result = numbers.apply(value);
  EXPECT_TRUE(result.is_constant());
  return result.constant_term();
}

// At random starts: that it is what the binomials give. False where there is no such form.
bool agrees_with_binomials(Loop& loop, const AddRecurrence& recurrence) {
  const auto written = power_sum_after(loop.atoms, recurrence, loop.count);
  if (!written) return false;
  base::Rng rng(11);
  for (const unsigned n : kLengths) {
    const std::uint64_t counter = rng.next();
    const Polynomial expected = value_after(loop.atoms, recurrence, constant(recurrence.type(), n));
    EXPECT_EQ(at(loop, *written, n, counter), at(loop, expected, n, counter)) << n;
  }
  // A count that wraps products: over a whole way around, and nearly one.
  for (const std::uint64_t n : {std::uint64_t{0xFFFF'FFFF}, std::uint64_t{0x8000'0001}}) {
    const Polynomial expected = value_after(loop.atoms, recurrence, constant(recurrence.type(), n));
    EXPECT_EQ(at(loop, *written, n, 5), at(loop, expected, n, 5)) << n;
  }
  return true;
}

class PowerSumTest : public testing::TestWithParam<std::tuple<unsigned, Type, bool>> {};

TEST_P(PowerSumTest, IsWhatTheBinomialsGive) {
  const auto [exponent, type, falls] = GetParam();
  Loop loop = loop_over(type, constant(type, 0), falls ? all_ones(type) : 1);
  EXPECT_TRUE(agrees_with_binomials(loop, summed(loop, power(loop.counter, exponent))));
}

TEST_P(PowerSumTest, IsWhatAddingUpGives) {
  const auto [exponent, type, falls] = GetParam();
  Loop loop = loop_over(type, constant(type, 0), falls ? all_ones(type) : 1);
  const auto written = power_sum_after(loop.atoms, summed(loop, power(loop.counter, exponent)), loop.count);
  ASSERT_TRUE(written);
  std::uint64_t expected = 77;
  std::uint64_t counter = 0xFFFF'FFF0;
  for (unsigned n = 0; n < 40; ++n) {
    EXPECT_EQ(at(loop, *written, n, 0xFFFF'FFF0), expected & all_ones(type)) << n;
    std::uint64_t product = 1;
    for (unsigned i = 0; i < exponent; ++i) product *= counter;
    expected += product;
    counter += falls ? ~std::uint64_t{0} : 1;
  }
}

TEST_P(PowerSumTest, ACounterFromZeroNeedsNoSymbol) {
  const auto [exponent, type, falls] = GetParam();
  Loop loop = loop_over(type, constant(type, 0), falls ? all_ones(type) : 1, true);
  EXPECT_TRUE(agrees_with_binomials(loop, summed(loop, power(loop.counter, exponent))));
}

TEST_P(PowerSumTest, ACounterThatIsAheadIsTheShiftedOne) {
  const auto [exponent, type, falls] = GetParam();
  Loop loop = loop_over(type, constant(type, 3), falls ? all_ones(type) : 1);
  const AddRecurrence recurrence = summed(loop, power(loop.counter, exponent));
  EXPECT_TRUE(agrees_with_binomials(loop, recurrence));
  // One power, as of the counter itself: not one for each power of what it is ahead of.
  EXPECT_LE(power_sum_after(loop.atoms, recurrence, loop.count)->terms.size(), 2U);
}

TEST_P(PowerSumTest, InvariantFactorsAndLowerPowersAreKept) {
  const auto [exponent, type, falls] = GetParam();
  Loop loop = loop_over(type, constant(type, 0), falls ? all_ones(type) : 1);
  const AddRecurrence factor = invariant(loop.atoms.initial(kFactor, type));
  AddRecurrence summand = multiply(power(loop.counter, exponent), factor);
  for (unsigned lower = 0; lower < exponent; ++lower) summand = add(summand, power(loop.counter, lower));
  EXPECT_TRUE(agrees_with_binomials(loop, summed(loop, summand)));
}

INSTANTIATE_TEST_SUITE_P(Powers, PowerSumTest,
                         testing::Combine(testing::Range(3U, 8U), testing::Values(Type::I32, Type::I64),
                                          testing::Bool()),
                         [](const auto& test) {
                           return "x" + std::to_string(std::get<0>(test.param)) +
                                  (std::get<1>(test.param) == Type::I64 ? "_i64" : "_i32") +
                                  (std::get<2>(test.param) ? "_falling" : "_rising");
                         });

TEST(PowerSumsTest, OtherSumsAreLeftToTheBinomials) {
  Loop loop = loop_over(Type::I32, constant(Type::I32, 0), 1);
  EXPECT_FALSE(power_sum_after(loop.atoms, summed(loop, power(loop.counter, 2)), loop.count)) << "as short";
  EXPECT_FALSE(power_sum_after(loop.atoms, summed(loop, power(loop.counter, 8)), loop.count)) << "no formula";
  Loop by_two = loop_over(Type::I32, constant(Type::I32, 0), 2);
  EXPECT_FALSE(power_sum_after(by_two.atoms, summed(by_two, power(by_two.counter, 5)), by_two.count)) << "step";
  const AddRecurrence square = multiply(loop.counter, loop.counter);
  AddRecurrence two = loop.counter;
  two.coefficients[0] = loop.atoms.initial(kFactor, Type::I32);
  EXPECT_FALSE(power_sum_after(loop.atoms, summed(loop, multiply(square, two)), loop.count)) << "two counters";
}

TEST(PowerSumsTest, ManyPowersFromAConstantAreLeftToTheBinomials) {
  Loop loop = loop_over(Type::I32, constant(Type::I32, 0), 1, true);
  AddRecurrence summand = power(loop.counter, 5);
  for (unsigned lower = 0; lower < 5; ++lower) summand = add(summand, power(loop.counter, lower));
  EXPECT_FALSE(power_sum_after(loop.atoms, summed(loop, summand), loop.count));
}

}  // namespace
}  // namespace assay::scev
