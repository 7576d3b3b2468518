// Division by constants: every kind of divisor against the CPU's own division, on the dividends where rounding could go
// wrong.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/ast/text.h"
#include "core/interp/interpreter.h"
#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

using ast::Type;

std::uint64_t mask_of(Type type) { return type == Type::I32 ? 0xFFFF'FFFFU : ~std::uint64_t{0}; }

std::vector<std::uint64_t> divisors(Type type) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t small = 1; small <= 300; ++small) {
    result.push_back(small);
    result.push_back((0 - small) & mask_of(type));
  }
  const unsigned width = type == Type::I32 ? 32 : 64;
  for (unsigned bit = 9; bit < width; ++bit) {
    for (const std::uint64_t offset : {0ULL, 1ULL, 2ULL, ~0ULL, ~1ULL}) {
      result.push_back(((std::uint64_t{1} << bit) + offset) & mask_of(type));
    }
  }
  return result;
}

// Around the multiples of the divisor at both ends of both ranges, and around 0.
std::vector<std::uint64_t> dividends(Type type, std::uint64_t divisor) {
  const std::uint64_t mask = mask_of(type);
  std::vector<std::uint64_t> result;
  for (const std::uint64_t end :
       {std::uint64_t{0}, mask, mask / 2, mask / 2 + 1, mask / 3, mask / 2 / divisor * divisor,
        mask / divisor * divisor, divisor, 2 * divisor, (0 - divisor) & mask}) {
    for (const std::uint64_t offset : {0ULL, 1ULL, ~0ULL}) result.push_back((end + offset) & mask);
  }
  return result;
}

// `tail` follows the operation: a comparison of its result.
void check_all(Type type, const std::string& operation, const std::string& tail = "") {
  const std::string name = type == Type::I32 ? "i32" : "i64";
  unsigned reduced = 0;
  for (const std::uint64_t divisor : divisors(type)) {
    const std::string literal = type == Type::I32
                                    ? std::to_string(static_cast<std::int32_t>(static_cast<std::uint32_t>(divisor)))
                                    : std::to_string(static_cast<std::int64_t>(divisor)) + "L";
    const ast::Program before =
        parsed("program p(" + name + " n, " + name + " q, i32 t) { " + (tail.empty() ? "q" : "t") + " = " + operation +
               "(n, " + literal + ")" + tail + "; }");
    const PassResult after = simplify(before);
    reduced += after.changes != 0 ? 1U : 0U;
    interp::Outcome expected;
    interp::Outcome got;
    for (const std::uint64_t dividend : dividends(type, divisor)) {
      const std::vector<std::uint64_t> frame = {dividend, 0, 0};
      interp::interpret(before, frame, 1000, expected);
      interp::interpret(after.program, frame, 1000, got);
      ASSERT_EQ(got.end, expected.end) << operation << " " << dividend << " by " << literal;
      ASSERT_EQ(got.frame, expected.frame) << operation << " " << dividend << " by " << literal;
    }
  }
  EXPECT_GT(reduced, divisors(type).size() - 4);
}

TEST(DivideByConstantTest, UnsignedQuotients) {
  check_all(Type::I32, "div_u");
  check_all(Type::I64, "div_u");
}

TEST(DivideByConstantTest, UnsignedRemainders) {
  check_all(Type::I32, "rem_u");
  check_all(Type::I64, "rem_u");
}

TEST(DivideByConstantTest, SignedQuotients) {
  check_all(Type::I32, "div_s");
  check_all(Type::I64, "div_s");
}

TEST(DivideByConstantTest, SignedRemainders) {
  check_all(Type::I32, "rem_s");
  check_all(Type::I64, "rem_s");
}

TEST(DivisibilityTest, UnsignedMultiples) {
  check_all(Type::I32, "rem_u", " == 0");
  check_all(Type::I64, "rem_u", " == 0L");
}

TEST(DivisibilityTest, SignedMultiples) {
  check_all(Type::I32, "rem_s", " == 0");
  check_all(Type::I64, "rem_s", " == 0L");
}

TEST(DivisibilityTest, WhatIsNoMultiple) {
  check_all(Type::I32, "rem_s", " != 0");
  check_all(Type::I64, "rem_u", " != 0L");
}

TEST(DivisibilityTest, NeedsNoQuotient) {
  expect_rewrite(simplify, "a = b % 3 == 0;", "a = le_u(b * -1431655765 + 715827882, 1431655764);");
  expect_rewrite(simplify, "a = 0 == rem_u(b, 6);", "a = le_u(rotr(b * -1431655765, 1), 715827882);");
  expect_rewrite(simplify, "a = b % -8 != 0;", "a = (b & 7) != 0;");
  expect_rewrite(simplify, "if (b % 3) { a = 1; }", "if (gt_u(b * -1431655765 + 715827882, 1431655764)) { a = 1; }");
  expect_rewrite(simplify, "a = select(!(b % 2), 1, 2);", "a = select(b & 1, 2, 1);");
}

TEST(DivisibilityTest, KeepsWhatTraps) {
  expect_rewrite(simplify, "a = b % 0 == 0;", "a = !(b % 0);");
  expect_rewrite(simplify, "a = (a / b) % 3 == 0;", "a = le_u((a / b) * -1431655765 + 715827882, 1431655764);");
}

}  // namespace
}  // namespace assay::opt
