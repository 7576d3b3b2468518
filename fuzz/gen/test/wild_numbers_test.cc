// What the steps and bounds of wild loops reach; see fuzz/gen/wild_numbers.h.
#include "fuzz/gen/wild_numbers.h"

#include <gtest/gtest.h>

namespace assay::fuzz {
namespace {

using ast::Type;

constexpr int kDraws = 20'000;

// Iterations until a counter of 32 bits has gone round once.
std::uint64_t iterations_of_a_turn(std::uint64_t step) {
  const std::uint64_t magnitude = step >> 31 == 0 ? step : (std::uint64_t{1} << 32) - step;
  return (std::uint64_t{1} << 32) / magnitude;
}

TEST(WildNumbersTest, StepsOfThirtyTwoBitsFit) {
  base::Rng rng(1);
  for (int i = 0; i < kDraws; ++i) EXPECT_LE(draw_step(rng, Type::I32), 0xFFFFFFFFU);
}

TEST(WildNumbersTest, TwoStepsInThreeGoRoundInAtMost4096Iterations) {
  base::Rng rng(1);
  int round = 0;
  for (int i = 0; i < kDraws; ++i) round += iterations_of_a_turn(draw_step(rng, Type::I32)) <= 4096 ? 1 : 0;
  EXPECT_GT(round, kDraws * 3 / 5);
  EXPECT_LT(round, kDraws * 3 / 4);
}

TEST(WildNumbersTest, StepsAreRisingAndFalling) {
  base::Rng rng(1);
  int rising = 0;
  for (int i = 0; i < kDraws; ++i) rising += draw_step(rng, Type::I64) >> 63 == 0 ? 1 : 0;
  EXPECT_GT(rising, kDraws * 2 / 5);
  EXPECT_LT(rising, kDraws * 3 / 5);
}

TEST(WildNumbersTest, BoundsAreLessThanAStrideFromAnEndAtEitherSide) {
  base::Rng rng(1);
  constexpr std::uint64_t kStride = 1000;
  int ends[4] = {};  // below and above the signed border, below and above the unsigned one
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t bound = draw_bound_near_an_end(rng, Type::I32, kStride);
    const std::uint64_t to_signed = (bound - 0x80000000U) & 0xFFFFFFFFU;
    if (to_signed <= kStride + 2) ++ends[1];
    if (to_signed >= 0xFFFFFFFFU - kStride - 2) ++ends[0];
    if (bound <= kStride + 2) ++ends[3];
    if (bound >= 0xFFFFFFFFU - kStride - 2) ++ends[2];
  }
  for (const int end : ends) EXPECT_GT(end, kDraws / 5);
  EXPECT_EQ(ends[0] + ends[1] + ends[2] + ends[3], kDraws);
}

}  // namespace
}  // namespace assay::fuzz
