// Drawing steps and bounds of loops that wrap; see wild_numbers.h. Tested by fuzz/gen/test/wild_numbers_test.cc.
#include "fuzz/gen/wild_numbers.h"

#include <array>

#include "fuzz/gen/constants.h"

namespace assay::fuzz {

std::uint64_t draw_step(base::Rng& rng, ast::Type type) {
  static constexpr std::array<std::uint64_t, 8> kSmall = {1, ~0ULL, 2, 3, 6, ~1ULL, ~2ULL, 4};
  if (rng.chance(1, 3)) return fit(type, kSmall[rng.below(kSmall.size())]);
  const std::uint64_t whole_turn = std::uint64_t{1} << (ast::bit_width(type) - rng.between(1, 12));
  const std::uint64_t off = rng.chance(1, 2) ? 0 : rng.between(1, 1000);
  const std::uint64_t step = whole_turn + off;
  return fit(type, rng.chance(1, 2) ? step : std::uint64_t{0} - step);
}

std::uint64_t draw_bound_near_an_end(base::Rng& rng, ast::Type type, std::uint64_t stride) {
  const std::uint64_t sign = std::uint64_t{1} << (ast::bit_width(type) - 1);
  const std::uint64_t magnitude = stride < sign ? stride : fit(type, std::uint64_t{0} - stride);
  const std::uint32_t narrower = rng.below(10);
  const std::uint64_t gap = (magnitude >> narrower) + rng.below(3);
  const std::uint64_t end = rng.chance(1, 2) ? sign : 0;  // MIN and MAX, or 0 and the largest unsigned number
  return fit(type, rng.chance(1, 2) ? end - 1 - gap : end + gap);
}

}  // namespace assay::fuzz
