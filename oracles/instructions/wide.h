// Products and quotients of double width, as on paper: by halves, and one bit after the other.
//
// Part of the semantics (semantics.h), kept apart for its length only.
//
// Tested by oracles/instructions/test/semantics_test.cc.
#pragma once

#include <cstdint>

namespace assay::oracles::instructions {

struct Wide {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

// The product of two 64-bit numbers.
[[nodiscard]] Wide product_of(std::uint64_t a, std::uint64_t b);

struct Division {
  bool error = false;  // the divisor is zero, or the quotient does not fit
  std::uint64_t quotient = 0;
  std::uint64_t remainder = 0;
};

// high:low by the divisor, all of them `bits` wide: 32 or 64.
[[nodiscard]] Division divide_unsigned(Wide dividend, std::uint64_t divisor, int bits);
// Towards zero; the remainder has the dividend's sign (IDIV).
[[nodiscard]] Division divide_signed(Wide dividend, std::uint64_t divisor, int bits);

}  // namespace assay::oracles::instructions
