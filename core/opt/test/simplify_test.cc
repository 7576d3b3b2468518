// Specification of algebraic simplification; the frame is `i32 a, i32 b, i64 x, i64 y`.
#include <gtest/gtest.h>

#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

void expect_simplified(const char* before, const char* after) { expect_rewrite(simplify, before, after); }

TEST(SimplifyTest, DropsNeutralOperands) {
  expect_simplified("a = b + 0;", "a = b;");
  expect_simplified("a = b * 1;", "a = b;");
  expect_simplified("x = y & -1L;", "x = y;");
  expect_simplified("a = b << 32;", "a = b;");
  expect_simplified("a = div_u(b, 1);", "a = b;");
  expect_simplified("a = (b + a) % -1;", "a = 0;");
}

TEST(SimplifyTest, KnowsWhatAnOperandDecides) {
  expect_simplified("a = b * 0;", "a = 0;");
  expect_simplified("a = b - b;", "a = 0;");
  expect_simplified("a = (b + 1) ^ (b + 1);", "a = 0;");
  expect_simplified("a = b | b;", "a = b;");
  expect_simplified("a = b < b;", "a = 0;");
  expect_simplified("a = le_u(b, b);", "a = 1;");
}

TEST(SimplifyTest, KeepsWhatMayTrap) {
  expect_simplified("a = (a / b) * 0;", "a = (a / b) * 0;");
  expect_simplified("a = a / b - a / b;", "a = a / b - a / b;");
  expect_simplified("a = select(a / b, 3, 3);", "a = select(a / b, 3, 3);");
}

TEST(SimplifyTest, PutsConstantsRightAndTogether) {
  expect_simplified("a = 3 + b;", "a = b + 3;");
  expect_simplified("a = (b + 3) - 5;", "a = b + -2;");
  expect_simplified("a = 3 * (b * 5);", "a = b * 15;");
  expect_simplified("a = (b << 3) << 4;", "a = b << 7;");
  expect_simplified("a = (b << 20) << 20;", "a = 0;");
  expect_simplified("a = 5 < b;", "a = b > 5;");
  expect_simplified("a = b + 3 == 5;", "a = b == 2;");
}

TEST(SimplifyTest, UndoesWhatIsDoneTwice) {
  expect_simplified("a = -neg(b);", "a = b;");
  expect_simplified("a = ~~b;", "a = b;");
  expect_simplified("a = b - -a;", "a = b + a;");
  expect_simplified("a = !(a < b);", "a = a >= b;");
  expect_simplified("a = wrap(extend_u(b));", "a = b;");
  expect_simplified("a = extend8_s(extend16_s(b));", "a = extend8_s(b);");
}

TEST(SimplifyTest, SelectsTheSignBitByTheSign) {
  expect_simplified("a = select(b < 0, -2147483648, 0);", "a = b & -2147483648;");
  expect_simplified("a = select(b >= 0, -2147483648, 0);", "a = ~b & -2147483648;");
  expect_simplified("x = select(y >= 0L, -9223372036854775808L, 0L);", "x = ~y & -9223372036854775808L;");
  expect_simplified("a = select(y < 0L, -2147483648, 0);", "a = select(y < 0L, -2147483648, 0);");
  expect_simplified("a = select(b > 0, -2147483648, 0);", "a = select(b > 0, -2147483648, 0);");
}

TEST(SimplifyTest, ANegatedConditionSwapsTheArmsUnlessBothMayTrap) {
  expect_simplified("a = select(!b, a, 2);", "a = select(b, 2, a);");
  expect_simplified("a = select(!b, a / b, 2);", "a = select(b, 2, a / b);");
  expect_simplified("a = select(!b, a / b, b / a);", "a = select(!b, a / b, b / a);");
}

TEST(SimplifyTest, AConditionIsOnlyAskedForItsTruth) {
  expect_simplified("if (a != 0) { b = 1; }", "if (a) { b = 1; }");
  expect_simplified("while (!!a) { a = a - 1; }", "while (a) { a = a + -1; }");
  expect_simplified("a = select(-b, 1, 2);", "a = select(b, 1, 2);");
  expect_simplified("a = b != 0;", "a = b != 0;");
}

TEST(SimplifyTest, AnUnsignedPowerOfTwoIsAShiftOrAMask) {
  expect_simplified("a = div_u(b, 8);", "a = b >>> 3;");
  expect_simplified("a = rem_u(b, 8);", "a = b & 7;");
  expect_simplified("a = b * 8;", "a = b << 3;");
}

TEST(SimplifyTest, ASignedPowerOfTwoIsAShiftWithABias) {
  expect_simplified("a = b / 4;", "a = b + (b >> 31 >>> 30) >> 2;");
  expect_simplified("a = b / -4;", "a = -(b + (b >> 31 >>> 30) >> 2);");
}

TEST(SimplifyTest, DivisionsThatMayTrapStay) {
  expect_simplified("a = b / -1;", "a = b / -1;");
  expect_simplified("a = b / 0;", "a = b / 0;");
}

TEST(SimplifyTest, IsSoundOnRandomPrograms) { expect_sound_on_random_programs(simplify, 4000); }

}  // namespace
}  // namespace assay::opt
