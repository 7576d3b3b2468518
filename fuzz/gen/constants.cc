// Edge-biased constants; see constants.h. Tested by fuzz/gen/test/constants_test.cc.
#include "fuzz/gen/constants.h"

#include <array>

namespace assay::fuzz {
namespace {

// Around the borders of imm8, imm32, the two types and the two signs. Cut to 32 bits for an i32.
constexpr std::array<std::int64_t, 28> kEdges = {0,
                                                 1,
                                                 -1,
                                                 2,
                                                 -2,
                                                 3,
                                                 7,
                                                 8,
                                                 15,
                                                 16,
                                                 31,
                                                 32,
                                                 63,
                                                 64,
                                                 127,
                                                 128,
                                                 -128,
                                                 -129,
                                                 255,
                                                 256,
                                                 32767,
                                                 -32768,
                                                 0x7FFFFFFF,
                                                 0x80000000LL,
                                                 0xFFFFFFFFLL,
                                                 0x100000000LL,
                                                 -0x80000000LL,
                                                 -0x80000001LL};

}  // namespace

std::uint64_t draw_constant(base::Rng& rng, ast::Type type) {
  const std::uint32_t width = ast::bit_width(type);
  switch (rng.below(8)) {
    case 0:
    case 1:
    case 2:
      return fit(type, static_cast<std::uint64_t>(kEdges[rng.below(kEdges.size())]));
    case 3: {
      const std::uint64_t power = std::uint64_t{1} << rng.below(width);
      const std::uint64_t offset = rng.below(3);  // 2^k - 1, 2^k or 2^k + 1
      return fit(type, power + offset - 1);
    }
    case 4:
      return fit(type, std::uint64_t{0} - (std::uint64_t{1} << rng.below(width)));
    case 5: {
      const std::uint64_t least = std::uint64_t{1} << (width - 1);
      return fit(type, least + rng.below(3) - 1);  // MAX, MIN or MIN + 1
    }
    case 6:
      return rng.below(100);
    default:
      return fit(type, rng.next());
  }
}

std::uint64_t draw_shift_count(base::Rng& rng, ast::Type type) {
  const std::uint64_t width = ast::bit_width(type);
  switch (rng.below(4)) {
    case 0:
      return fit(type, width + rng.below(3) - 1);
    case 1:
      return rng.below(3);
    case 2:
      return draw_constant(rng, type);
    default:
      return rng.below(static_cast<std::uint32_t>(width));
  }
}

}  // namespace assay::fuzz
