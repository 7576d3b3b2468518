// Arithmetic of double width; see wide.h. Tested by oracles/instructions/test/semantics_test.cc.
#include "oracles/instructions/wide.h"

#include "oracles/instructions/flags.h"

namespace assay::oracles::instructions {
namespace {

Wide negated(Wide value) {
  value.low = 0 - value.low;
  value.high = ~value.high + (value.low == 0 ? 1 : 0);
  return value;
}

}  // namespace

Wide product_of(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t a0 = low(a, 32);
  const std::uint64_t a1 = a >> 32;
  const std::uint64_t b0 = low(b, 32);
  const std::uint64_t b1 = b >> 32;
  const std::uint64_t p00 = a0 * b0;
  const std::uint64_t p01 = a0 * b1;
  const std::uint64_t p10 = a1 * b0;
  const std::uint64_t middle = (p00 >> 32) + low(p01, 32) + low(p10, 32);
  return {a1 * b1 + (p01 >> 32) + (p10 >> 32) + (middle >> 32), (middle << 32) | low(p00, 32)};
}

Division divide_unsigned(Wide dividend, std::uint64_t divisor, int bits) {
  // The quotient fits exactly if the high half is below the divisor; zero is never above it.
  if (dividend.high >= divisor) return {true, 0, 0};
  Division done;
  std::uint64_t rest = dividend.high;
  for (int i = bits - 1; i >= 0; --i) {
    const bool carried = bit_of(rest, bits - 1);
    rest = low(rest << 1, bits) | (bit_of(dividend.low, i) ? 1 : 0);
    if (carried || rest >= divisor) {
      rest = low(rest - divisor, bits);
      done.quotient |= std::uint64_t{1} << i;
    }
  }
  done.remainder = rest;
  return done;
}

Division divide_signed(Wide dividend, std::uint64_t divisor, int bits) {
  const bool negative_dividend = sign_of(dividend.high, bits);
  const bool negative_divisor = sign_of(divisor, bits);
  if (negative_dividend) {
    if (bits == 64) {
      dividend = negated(dividend);
    } else {
      const std::uint64_t whole = 0 - ((dividend.high << 32) | dividend.low);
      dividend = {whole >> 32, low(whole, 32)};
    }
  }
  Division done = divide_unsigned(dividend, negative_divisor ? low(0 - divisor, bits) : divisor, bits);
  const bool negative = negative_dividend != negative_divisor;
  const std::uint64_t most = (std::uint64_t{1} << (bits - 1)) - (negative ? 0 : 1);
  if (done.error || done.quotient > most) return {true, 0, 0};
  if (negative) done.quotient = low(0 - done.quotient, bits);
  if (negative_dividend) done.remainder = low(0 - done.remainder, bits);
  return done;
}

}  // namespace assay::oracles::instructions
