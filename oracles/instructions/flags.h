// Numbers of a given width, and the flags that most instructions derive from their result alone.
//
// Part of the semantics (semantics.h), kept apart for its length only. Intel SDM 1, section 3.4.3.1.
//
// Tested by oracles/instructions/test/semantics_test.cc.
#pragma once

#include <cstdint>

#include "oracles/instructions/semantics.h"

namespace assay::oracles::instructions {

// The low `bits` bits. Precondition: bits is 8, 16, 32 or 64.
[[nodiscard]] constexpr std::uint64_t low(std::uint64_t value, int bits) {
  return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

[[nodiscard]] constexpr bool bit_of(std::uint64_t value, int position) { return ((value >> position) & 1U) != 0; }

[[nodiscard]] constexpr bool sign_of(std::uint64_t value, int bits) { return bit_of(value, bits - 1); }

// The value of `bits` bits, with its sign continued to 64.
[[nodiscard]] constexpr std::uint64_t sign_extended(std::uint64_t value, int bits) {
  const std::uint64_t narrow = low(value, bits);
  if (bits == 64 || !sign_of(narrow, bits)) return narrow;
  return narrow | ~((std::uint64_t{1} << bits) - 1);
}

[[nodiscard]] constexpr std::uint64_t flag_if(bool condition, std::uint64_t flag) { return condition ? flag : 0; }

// PF: whether the lowest byte has an even number of ones.
[[nodiscard]] constexpr std::uint64_t parity_flag(std::uint64_t result) {
  int ones = 0;
  for (int i = 0; i < 8; ++i) ones += bit_of(result, i) ? 1 : 0;
  return flag_if(ones % 2 == 0, kParity);
}

// ZF, SF and PF.
[[nodiscard]] constexpr std::uint64_t result_flags(std::uint64_t result, int bits) {
  return flag_if(low(result, bits) == 0, kZero) | flag_if(sign_of(result, bits), kSign) | parity_flag(result);
}

// A sum or a difference of two numbers of `bits` bits, with all six flags.
struct Flagged {
  std::uint64_t result = 0;
  std::uint64_t flags = 0;
};

[[nodiscard]] constexpr Flagged sum_of(std::uint64_t a, std::uint64_t b, int bits) {
  const std::uint64_t result = low(a + b, bits);
  // A carry out of the top means that the sum wrapped; signed overflow, that two numbers of one sign gave the other.
  const bool overflow = sign_of(a, bits) == sign_of(b, bits) && sign_of(result, bits) != sign_of(a, bits);
  return {result, flag_if(result < a, kCarry) | flag_if((a % 16) + (b % 16) > 15, kAdjust) |
                      flag_if(overflow, kOverflow) | result_flags(result, bits)};
}

[[nodiscard]] constexpr Flagged difference_of(std::uint64_t a, std::uint64_t b, int bits) {
  const std::uint64_t result = low(a - b, bits);
  const bool overflow = sign_of(a, bits) != sign_of(b, bits) && sign_of(result, bits) != sign_of(a, bits);
  return {result, flag_if(a < b, kCarry) | flag_if(a % 16 < b % 16, kAdjust) | flag_if(overflow, kOverflow) |
                      result_flags(result, bits)};
}

// Whether the condition of number `code` holds (Intel SDM 2, appendix B.1.4.7): pairs of a condition and its opposite.
[[nodiscard]] constexpr bool condition_holds(unsigned code, std::uint64_t flags) {
  const bool carry = (flags & kCarry) != 0;
  const bool zero = (flags & kZero) != 0;
  const bool sign = (flags & kSign) != 0;
  const bool overflow = (flags & kOverflow) != 0;
  const bool parity = (flags & kParity) != 0;
  bool holds = false;
  switch (code / 2) {
    case 0:
      holds = overflow;
      break;
    case 1:
      holds = carry;
      break;
    case 2:
      holds = zero;
      break;
    case 3:
      holds = carry || zero;
      break;
    case 4:
      holds = sign;
      break;
    case 5:
      holds = parity;
      break;
    case 6:
      holds = sign != overflow;
      break;
    case 7:
      holds = zero || sign != overflow;
      break;
    default:
      break;
  }
  return (code % 2 == 0) == holds;
}

}  // namespace assay::oracles::instructions
