// Reciprocals; see divide_by_constant.h. Tested by core/opt/test/divide_by_constant_test.cc.
#include "core/opt/divide_by_constant.h"

#include <bit>

namespace assay::opt {
namespace {

struct Quotient {
  std::uint64_t quotient = 0;
  std::uint64_t remainder = 0;
};

// 2^power / divisor for power <= 127 by long division, bit by bit: the quotient modulo 2^64 and the exact remainder.
Quotient divide_power_of_two(unsigned power, std::uint64_t divisor) {
  Quotient result;
  // The remainder stays below the divisor; its double may need a 65th bit, which `overflow` is.
  result.remainder = 1 % divisor;
  result.quotient = divisor == 1 ? 1 : 0;
  for (unsigned bit = 0; bit < power; ++bit) {
    const bool overflow = result.remainder >> 63 != 0;
    result.remainder <<= 1;
    result.quotient <<= 1;
    if (overflow || result.remainder >= divisor) {
      result.remainder -= divisor;
      ++result.quotient;
    }
  }
  return result;
}

constexpr std::uint64_t mask_of(ast::Type type) { return type == ast::Type::I32 ? 0xFFFF'FFFFU : ~std::uint64_t{0}; }

}  // namespace

UnsignedReciprocal unsigned_reciprocal(ast::Type type, std::uint64_t divisor) {
  const unsigned width = ast::bit_width(type);
  // With 2^shift the power of two above the divisor, ceil(2^(w + shift) / divisor) is exact enough for every dividend;
  // it has w + 1 bits. One bit less is enough where 2^(w + shift - 1) rounds up by no more than 2^(shift - 1).
  const unsigned shift = static_cast<unsigned>(std::bit_width(divisor - 1));
  const Quotient short_one = divide_power_of_two(width + shift - 1, divisor);
  const std::uint64_t short_error = divisor - short_one.remainder;
  if (short_error <= std::uint64_t{1} << (shift - 1)) {
    return {(short_one.quotient + 1) & mask_of(type), shift - 1, false};
  }
  const Quotient long_one = divide_power_of_two(width + shift, divisor);
  return {(long_one.quotient + 1) & mask_of(type), shift, true};
}

SignedReciprocal signed_reciprocal(ast::Type type, std::uint64_t divisor) {
  // ceil(2^(w - 1 + l) / divisor) with 2^(l-1) < divisor < 2^l lies between 2^(w-1) and 2^w: as a signed number it is
  // itself minus 2^w.
  const unsigned width = ast::bit_width(type);
  const unsigned bits = static_cast<unsigned>(std::bit_width(divisor - 1));
  const Quotient exact = divide_power_of_two(width - 1 + bits, divisor);
  return {(exact.quotient + 1) & mask_of(type), bits - 1};
}

}  // namespace assay::opt
