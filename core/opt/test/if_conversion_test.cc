// Specification of if-conversion.
#include <gtest/gtest.h>

#include <string>

#include "core/ast/limits.h"
#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

void expect_converted(std::string_view before, std::string_view after) {
  expect_rewrite(convert_branches, before, after);
}
void expect_unchanged(std::string_view text) { expect_rewrite(convert_branches, text, text); }

TEST(IfConversionTest, ConvertsAStoreInOneBranch) {
  expect_converted("if (a) { b = a + 1; }", "b = select(a, a + 1, b);");
  expect_converted("if (a) { } else { b = a + 1; }", "b = select(a, b, a + 1);");
  expect_converted("if (x > y) { x = y; }", "x = select(x > y, y, x);");
}

TEST(IfConversionTest, ConvertsAStoreInEachBranch) {
  expect_converted("if (a == 3) { b = a + 1; } else { b = b * 2; }", "b = select(a == 3, a + 1, b * 2);");
}

TEST(IfConversionTest, LetsTheBranchChangeItsCondition) {
  expect_converted("if (a) { a = a + 1; } else { a = b; }", "a = select(a, a + 1, b);");
}

TEST(IfConversionTest, LetsTheConditionTrap) {
  expect_converted("if (a / b) { b = 1; }", "b = select(a / b, 1, b);");
  expect_converted("if (a / b) { b = 1; a = 2; }", "let i32 c0 = a / b; b = select(c0, 1, b); a = select(c0, 2, a);");
}

TEST(IfConversionTest, KeepsValuesThatCanTrap) {
  expect_unchanged("if (b) { a = a / b; }");
  expect_unchanged("if (b) { a = 1; } else { a = a % b; }");
  expect_unchanged("if (b) { a = a / -1; }");
  expect_converted("if (b) { a = a / 7; }", "a = select(b, a / 7, a);");
}

TEST(IfConversionTest, ComputesTheConditionOfSeveralStoresOnce) {
  expect_converted("if (x & y) { x = 1; y = 2; }", "let i64 c0 = x & y; x = select(c0, 1, x); y = select(c0, 2, y);");
}

TEST(IfConversionTest, AsksAComparisonAgain) {
  expect_converted("if (a < b) { x = y; b = 1; }", "x = select(a < b, y, x); b = select(a < b, 1, b);");
  expect_converted("if (a < 5) { x = y; y = 1L; } else { y = 2L; }",
                   "x = select(a < 5, y, x); y = select(a < 5, 1L, 2L);");
}

TEST(IfConversionTest, ComputesTheSecondValueBeforeTheFirstStoreChangesTheComparison) {
  expect_converted("if (a < b) { a = b; x = y; }",
                   "let i64 c0 = select(a < b, y, x); a = select(a < b, b, a); x = c0;");
  expect_converted("if (a > b) { a = a - b; } else { b = b - a; }",
                   "let i32 c0 = select(a > b, b, b - a); a = select(a > b, a - b, a); b = c0;");
}

TEST(IfConversionTest, BindsAComparisonWhereTheSecondValueSeesTheFirstStore) {
  expect_converted("if (a < b) { a = b; b = a; }", "let i32 c0 = a < b; a = select(c0, b, a); b = select(c0, a, b);");
  expect_converted("if (a < b) { a = 1; a = 2; } else { a = 0; }",
                   "let i32 c0 = a < b; a = select(c0, 1, 0); a = select(c0, 2, a);");
  expect_converted("if (a < b) { a = 1; x = 2L; y = 3L; }",
                   "let i32 c0 = a < b; a = select(c0, 1, a); x = select(c0, 2L, x); y = select(c0, 3L, y);");
}

TEST(IfConversionTest, BindsAConditionThatAStoreBeforeTheLastChanges) {
  expect_converted("if (a) { a = 1; b = 2; }", "let i32 c0 = a; a = select(c0, 1, a); b = select(c0, 2, b);");
  expect_converted("if (a) { b = 2; a = 1; }", "b = select(a, 2, b); a = select(a, 1, a);");
  expect_converted("if (a) { b = 2; x = 1; }", "b = select(a, 2, b); x = select(a, 1, x);");
}

TEST(IfConversionTest, KeepsTheOrderOfStoresThatReadEachOther) {
  expect_converted("if (x) { a = b + 1; b = a * 2; }", "a = select(x, b + 1, a); b = select(x, a * 2, b);");
  expect_converted("if (x) { a = b; b = a; } else { b = a; a = b; }",
                   "b = select(x, b, a); a = select(x, b, b); b = select(x, a, b);");
}

TEST(IfConversionTest, TakesAVariableThatIsStoredTwice) {
  expect_converted("if (x) { a = b; a = a + 1; } else { a = 7; }", "a = select(x, b, 7); a = select(x, a + 1, a);");
}

TEST(IfConversionTest, PairsStoresOfTheSameVariable) {
  expect_converted("if (x) { a = 1; y = 2; } else { b = 3; y = 4; }",
                   "a = select(x, 1, a); b = select(x, b, 3); y = select(x, 2, 4);");
}

TEST(IfConversionTest, GoesFromTheInside) {
  expect_converted("if (a) { if (b) { x = y; } }", "x = select(a, select(b, y, x), x);");
  expect_converted("while (a) { if (b) { b = b - 1; } else { a = 0; } }",
                   "while (a) { let i32 c0 = b; b = select(c0, b - 1, b); a = select(c0, a, 0); }");
}

TEST(IfConversionTest, KeepsBranchesThatDoMore) {
  expect_unchanged("if (a) { b = 1; print b; }");
  expect_unchanged("if (a) { let i32 t = b; b = t; }");
  expect_unchanged("if (a) { b = 1; return; }");
  expect_unchanged("loop (a) { if (b) { a = 1; break; } }");
  expect_unchanged("if (a) { push b; } else { b = 1; }");
  expect_unchanged("if (a) { } ");
}

TEST(IfConversionTest, KeepsLargeBranches) {
  expect_converted("if (a) { b = a * a + b * b + 1; }", "if (a) { b = a * a + b * b + 1; }");
  expect_converted("if (a) { b = a * a + b * b; }", "b = select(a, a * a + b * b, b);");
  expect_unchanged("if (x) { a = 1; b = 2; y = 3; a = 4; }");
}

TEST(IfConversionTest, LeavesConstantConditionsToFolding) { expect_unchanged("if (1) { a = b; }"); }

TEST(IfConversionTest, TakesANameThatIsFree) {
  expect_converted("let i32 c0 = a; if (a ^ b) { a = c0; b = 1; }",
                   "let i32 c0 = a; let i32 c1 = a ^ b; a = select(c1, c0, a); b = select(c1, 1, b);");
}

TEST(IfConversionTest, StaysWithinTheDepth) {
  // The condition reaches the deepest level already, and would get deeper in a select.
  std::string condition = "a";
  for (unsigned i = 0; i < ast::kMaxDepth - 2; ++i) condition = "neg(" + condition + ")";
  expect_converted("if (" + condition + ") { b = 1; }", "let i32 c0 = " + condition + "; b = select(c0, 1, b);");
}

TEST(IfConversionTest, BindsAComparisonThatWouldBeTooDeep) {
  // The comparison is on the level below the deepest one that an `if` may have.
  std::string text = "if (a < b) { x = 1L; }";
  for (unsigned i = 0; i + 3 < ast::kMaxDepth; ++i) text = "if (b) { " + text + " b = b / a; }";
  std::string converted = "let i32 c0 = a < b; x = select(c0, 1L, x);";
  for (unsigned i = 0; i + 3 < ast::kMaxDepth; ++i) converted = "if (b) { " + converted + " b = b / a; }";
  expect_converted(text, converted);
}

TEST(IfConversionTest, KeepsTheBehaviourOfRandomPrograms) { expect_sound_on_random_programs(convert_branches, 3'000); }

}  // namespace
}  // namespace assay::opt
