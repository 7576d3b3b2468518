// Division by constants as multiplication: the numbers.
//
// Granlund and Montgomery, "Division by invariant integers using multiplication", PLDI 1994; Warren, "Hacker's
// Delight", 2nd edition, chapter 10. The quotient is the high half of the product with a rounded reciprocal; where that
// needs one bit more than the width, the dividend is added back.
//
// Tested by core/opt/test/divide_by_constant_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/type.h"

namespace assay::opt {

// n / divisor = floor(n * (multiplier + carry * 2^w) / 2^w) >> shift, for all unsigned n of w bits.
struct UnsignedReciprocal {
  std::uint64_t multiplier = 0;
  unsigned shift = 0;
  bool carry = false;  // the multiplier has one bit more than the width
};

// Precondition: divisor > 1 at the width, and no power of two.
[[nodiscard]] UnsignedReciprocal unsigned_reciprocal(ast::Type type, std::uint64_t divisor);

// n / divisor = (mulh(n, multiplier) + correction * n) >> shift, plus 1 where n is negative (for a positive divisor),
// with mulh the high half of the signed product and correction 1, 0 or -1.
struct SignedReciprocal {
  std::uint64_t multiplier = 0;
  unsigned shift = 0;
};

// Precondition: divisor >= 3 as a signed number, and no power of two.
[[nodiscard]] SignedReciprocal signed_reciprocal(ast::Type type, std::uint64_t divisor);

}  // namespace assay::opt
