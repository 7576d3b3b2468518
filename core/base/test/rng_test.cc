// The generators give the published sequences, on every machine, and draws stay in their ranges; see core/base/rng.h.
//
// The expected numbers come from a second implementation of both algorithms over unbounded integers, not from this one.
// The first number of seed 1234567 is also the published test value of SplitMix64.
#include "core/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace assay::base {
namespace {

template <std::size_t N>
void expect_split_mix(std::uint64_t seed, const std::array<std::uint64_t, N>& expected) {
  std::uint64_t state = seed;
  for (const std::uint64_t number : expected) EXPECT_EQ(split_mix(state), number) << "seed " << seed;
}

template <std::size_t N>
void expect_numbers(std::uint64_t seed, const std::array<std::uint64_t, N>& expected) {
  Rng rng(seed);
  for (const std::uint64_t number : expected) EXPECT_EQ(rng.next(), number) << "seed " << seed;
}

TEST(SplitMix, HasTheKnownSequences) {
  expect_split_mix<5>(0, {0xE220A8397B1DCDAFULL, 0x6E789E6AA1B965F4ULL, 0x06C45D188009454FULL, 0xF88BB8A8724C81ECULL,
                          0x1B39896A51A8749BULL});
  expect_split_mix<5>(1234567, {0x599ED017FB08FC85ULL, 0x2C73F08458540FA5ULL, 0x883EBCE5A3F27C77ULL,
                                0x3FBEF740E9177B3FULL, 0xE3B8346708CB5ECDULL});
  expect_split_mix<5>(~std::uint64_t{0}, {0xE4D971771B652C20ULL, 0xE99FF867DBF682C9ULL, 0x382FF84CB27281E9ULL,
                                          0x6D1DB36CCBA982D2ULL, 0xB4A0472E578069AEULL});
}

TEST(Rng, HasTheKnownSequences) {
  expect_numbers<6>(0, {0x99EC5F36CB75F2B4ULL, 0xBF6E1F784956452AULL, 0x1A5F849D4933E6E0ULL, 0x6AA594F1262D2D2CULL,
                        0xBBA5AD4A1F842E59ULL, 0xFFEF8375D9EBCACAULL});
  expect_numbers<6>(1, {0xB3F2AF6D0FC710C5ULL, 0x853B559647364CEAULL, 0x92F89756082A4514ULL, 0x642E1C7BC266A3A7ULL,
                        0xB27A48E29A233673ULL, 0x24C123126FFDA722ULL});
  expect_numbers<6>(42, {0x15780B2E0C2EC716ULL, 0x6104D9866D113A7EULL, 0xAE17533239E499A1ULL, 0xECB8AD4703B360A1ULL,
                         0xFDE6DC7FE2EC5E64ULL, 0xC50DA53101795238ULL});
  expect_numbers<6>(~std::uint64_t{0}, {0x8F5520D52A7EAD08ULL, 0xC476A018CAA1802DULL, 0x81DE31C0D260469EULL,
                                        0xBF658D7E065F3C2FULL, 0x913593FDA1BCA32AULL, 0xBB535E93941BA525ULL});
}

TEST(Rng, HasTheKnownThousandthNumber) {
  Rng rng(42);
  for (int i = 1; i < 1000; ++i) static_cast<void>(rng.next());
  EXPECT_EQ(rng.next(), 0x8DE5848C61AB8968ULL);
}

TEST(Rng, BelowScalesTheHighHalf) {
  Rng rng(7);
  for (const std::uint32_t expected : {4U, 1U, 5U, 5U, 5U, 5U, 0U, 0U, 2U, 0U, 3U, 4U})
    EXPECT_EQ(rng.below(6), expected);
}

TEST(Rng, BelowReachesEveryValueAndNoOther) {
  Rng rng(1);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.below(7));
  EXPECT_EQ(seen, (std::set<std::uint32_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(Rng, BelowOneIsZero) {
  Rng rng(1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rng.below(1), 0U);
}

TEST(Rng, BetweenIncludesBothEnds) {
  Rng rng(1);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.between(10, 13));
  EXPECT_EQ(seen, (std::set<std::uint32_t>{10, 11, 12, 13}));
}

TEST(Rng, ChanceIsNeverAndAlwaysAtItsEnds) {
  Rng rng(1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(rng.chance(0, 3));
    EXPECT_TRUE(rng.chance(3, 3));
  }
}

TEST(Rng, ChanceHoldsAboutAsOftenAsItSays) {
  Rng rng(1);
  int held = 0;
  for (int i = 0; i < 10'000; ++i) held += rng.chance(1, 4) ? 1 : 0;
  EXPECT_NEAR(held, 2500, 200);
}

TEST(Rng, SameSeedSameNumbers) {
  Rng left(99);
  Rng right(99);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(left.next(), right.next());
}

TEST(DeriveSeed, GivesEveryMemberOfAFamilyItsOwn) {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t family = 0; family < 10; ++family) {
    for (std::uint64_t index = 0; index < 1000; ++index) seeds.insert(derive_seed(family, index));
  }
  EXPECT_EQ(seeds.size(), 10'000U);
}

static_assert(Rng(0).next() == 0x99EC5F36CB75F2B4ULL, "usable in constant expressions");

}  // namespace
}  // namespace assay::base
