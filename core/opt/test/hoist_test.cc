// Specification of loop-invariant motion.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/ast/verify.h"
#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

void expect_hoisted(std::string_view before, std::string_view after) {
  expect_rewrite(hoist_invariants, before, after);
}
void expect_unchanged(std::string_view text) { expect_rewrite(hoist_invariants, text, text); }

std::string repeated(std::string_view text, unsigned times) {
  std::string result;
  for (unsigned i = 0; i < times; ++i) result += text;
  return result;
}

TEST(HoistTest, MovesWhatIsCostly) {
  expect_hoisted("loop (a) { x = x + y * y; }", "let i64 h0 = y * y; loop (a) { x = x + h0; }");
  expect_hoisted("loop (a) { b = b + clz(a); }", "let i32 h0 = clz(a); loop (a) { b = b + h0; }");
  expect_hoisted("loop (a) { x = x + y / 3; }", "let i64 h0 = y / 3; loop (a) { x = x + h0; }");
}

TEST(HoistTest, MovesWhatHasTwoOperators) {
  expect_hoisted("loop (x) { b = b + (a + 1 ^ 3); }", "let i32 h0 = a + 1 ^ 3; loop (x) { b = b + h0; }");
  expect_unchanged("loop (x) { b = b + (a ^ 3); }");
  expect_unchanged("loop (x) { b = a; }");
}

TEST(HoistTest, MovesTheConditionOfAWhileLoop) {
  expect_hoisted("while (a < b * b) { a = a + 1; }", "let i32 h0 = b * b; while (a < h0) { a = a + 1; }");
}

TEST(HoistTest, LeavesTheCountOfALoop) { expect_unchanged("loop (a * b) { x = x + y; }"); }

TEST(HoistTest, MovesWholeValues) {
  expect_hoisted("loop (a) { x = y * 3; print x; }", "let i64 h0 = y * 3; loop (a) { x = h0; print x; }");
  expect_hoisted("while (a) { a = a - 1; if (b * b == 4) { return b * 3; } }",
                 "let i32 h0 = b * b == 4; let i32 h1 = b * 3; while (a) { a = a - 1; if (h0) { return h1; } }");
}

TEST(HoistTest, KeepsWhatTheLoopChanges) {
  expect_unchanged("loop (a) { b = b * 3; }");
  expect_unchanged("loop (a) { x = y * 3; if (a) { y = y + 1; } }");
  expect_unchanged("loop (a) { x = y * 3; loop (b) { y = y + 1; } }");
  expect_unchanged("loop (a) { let i64 t = x; y = y + t * t; x = y; }");
  expect_unchanged("while (a * 3 < b) { a = a + 1; }");
}

TEST(HoistTest, KeepsWhatCanTrap) {
  // The loop may run zero times, and the store before the division is seen when it traps.
  expect_unchanged("loop (a) { x = 1; a = 4 / b; }");
  expect_unchanged("loop (x) { a = 3 / b; }");
  expect_unchanged("loop (x) { a = b / -1; }");
  expect_unchanged("loop (x) { a = a + (b / 0) * 2; }");
  expect_hoisted("loop (x) { a = a + (b * b) / a; }", "let i32 h0 = b * b; loop (x) { a = a + h0 / a; }");
  expect_hoisted("loop (x) { y = 7 % (y * 0 + extend_s(b * b)); }",
                 "let i64 h0 = extend_s(b * b); loop (x) { y = 7 % (y * 0 + h0); }");
}

TEST(HoistTest, MovesOutOfBranchesThatMayNotBeTaken) {
  expect_hoisted("loop (a) { if (b) { x = x + y * y; } }", "let i64 h0 = y * y; loop (a) { if (b) { x = x + h0; } }");
}

TEST(HoistTest, MovesAsFarOutAsItCan) {
  expect_hoisted("loop (a) { loop (a) { x = x + y * y; } }",
                 "let i64 h0 = y * y; loop (a) { loop (a) { x = x + h0; } }");
  expect_hoisted("loop (a) { y = y + 1; loop (a) { x = x + y * y; } }",
                 "loop (a) { y = y + 1; let i64 h0 = y * y; loop (a) { x = x + h0; } }");
  expect_hoisted("loop (a) { loop (a) { x = x + y * y; } y = y + 1; }",
                 "loop (a) { let i64 h0 = y * y; loop (a) { x = x + h0; } y = y + 1; }");
  expect_hoisted("loop (a) { let i64 t = x; loop (b) { x = x + t * 3; } }",
                 "loop (a) { let i64 t = x; let i64 h0 = t * 3; loop (b) { x = x + h0; } }");
}

TEST(HoistTest, MovesPartsFurtherThanTheWhole) {
  expect_hoisted("loop (a) { y = y + 1; loop (a) { x = x + (y ^ extend_s(a * b)); } }",
                 "let i64 h0 = extend_s(a * b);"
                 "loop (a) { y = y + 1; let i64 h1 = y ^ h0; loop (a) { x = x + h1; } }");
}

TEST(HoistTest, MovesAnInnerCountOutOfTheOuterLoop) {
  expect_hoisted("loop (a) { loop (b * 3) { x = x + 1; } }",
                 "let i32 h0 = b * 3; loop (a) { loop (h0) { x = x + 1; } }");
}

TEST(HoistTest, SharesALocalAmongEqualExpressions) {
  expect_hoisted("loop (a) { x = x + y * y; print y * y; }", "let i64 h0 = y * y; loop (a) { x = x + h0; print h0; }");
  expect_hoisted("loop (a) { x = x + y * y; } y = 3; loop (a) { x = x - y * y; }",
                 "let i64 h0 = y * y; loop (a) { x = x + h0; } y = 3;"
                 "let i64 h1 = y * y; loop (a) { x = x - h1; }");
}

TEST(HoistTest, MovesInFrontOfTheLoopInsideItsBlock) {
  expect_hoisted("if (a) { let i32 t = a; while (b) { b = b - t * t; } }",
                 "if (a) { let i32 t = a; let i32 h0 = t * t; while (b) { b = b - h0; } }");
  expect_hoisted("if (a) { } else { while (b) { b = b - a * a; } }",
                 "if (a) { } else { let i32 h0 = a * a; while (b) { b = b - h0; } }");
}

TEST(HoistTest, TakesANameThatIsFree) {
  expect_hoisted("let i32 h0 = a; loop (a) { b = b + h0 * h0; let i32 h2 = b; print h2; }",
                 "let i32 h0 = a; let i32 h1 = h0 * h0; loop (a) { b = b + h1; let i32 h2 = b; print h2; }");
}

TEST(HoistTest, TakesLinearTimeInDeepNests) {
  // Every level assigns what the innermost one reads, in every other statement.
  const unsigned depth = 200;
  std::string text = repeated("loop (a) { b = b + 1; x = x + y * y;", depth);
  text += repeated("a = a + b * b; y = y * y;", 2'000) + repeated("x = x * 3; }", depth);
  const ast::Program program = parsed_body(text);
  const auto start = std::chrono::steady_clock::now();
  const PassResult result = hoist_invariants(program);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(ast::verify(result.program));
  EXPECT_LT(seconds.count(), 1.0);
}

TEST(HoistTest, KeepsTheBehaviourOfRandomPrograms) { expect_sound_on_random_programs(hoist_invariants, 3'000); }

}  // namespace
}  // namespace assay::opt
