// Rng: the one source of randomness, the same on every machine, compiler and build.
//
// xoshiro256** by Blackman and Vigna ("Scrambled linear pseudorandom number generators", 2018), seeded through
// SplitMix64. std::mt19937 would be reproducible too, but the standard's distributions are not, and they are what a
// generator uses.
//
// Tested by core/base/test/rng_test.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace assay::base {

// One step of SplitMix64: mixes `state` and advances it. Also serves to derive independent seeds from a seed and a
// counter.
[[nodiscard]] constexpr std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// The seed of the `index`-th member of the family `seed`.
[[nodiscard]] constexpr std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t state = seed ^ (index * 0xD1342543DE82EF95ULL + 0x2545F4914F6CDD1DULL);
  return split_mix(state);
}

class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = split_mix(seed);
  }

  [[nodiscard]] constexpr std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform up to a bias below bound / 2^32. Precondition: bound > 0.
  [[nodiscard]] constexpr std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  // Precondition: low <= high.
  [[nodiscard]] constexpr std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + below(high - low + 1);
  }

  // True in `numerator` of `denominator` cases. Precondition: denominator > 0.
  [[nodiscard]] constexpr bool chance(std::uint32_t numerator, std::uint32_t denominator) {
    return below(denominator) < numerator;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace assay::base
