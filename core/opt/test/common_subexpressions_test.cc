// Specification of the elimination of common subexpressions.
#include <gtest/gtest.h>

#include <string>

#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

void expect_shared(std::string_view before, std::string_view after) {
  expect_rewrite(eliminate_common_subexpressions, before, after);
}
void expect_unchanged(std::string_view text) { expect_rewrite(eliminate_common_subexpressions, text, text); }

TEST(CommonSubexpressionsTest, ReadsTheVariableThatHoldsTheValue) {
  expect_shared("x = y * 3; print y * 3;", "x = y * 3; print x;");
  expect_shared("x = y * 3; y = y * 3 + 1;", "x = y * 3; y = x + 1;");
  expect_shared("let i32 t = clz(a); b = clz(a);", "let i32 t = clz(a); b = t;");
}

TEST(CommonSubexpressionsTest, BindsTheFirstToALocal) {
  expect_shared("a = a * b + 1; print a; x = y * y + 1; print y * y;",
                "a = a * b + 1; print a; let i64 s0 = y * y; x = s0 + 1; print s0;");
  expect_shared("print a + b; print a + b;", "let i32 s0 = a + b; print s0; print s0;");
}

TEST(CommonSubexpressionsTest, SharesWithinAStatement) {
  expect_shared("x = (y - 1) * (y - 1);", "let i64 s0 = y - 1; x = s0 * s0;");
  expect_unchanged("b = clz(a) * clz(a);");
}

TEST(CommonSubexpressionsTest, AsksAComparisonOfVariablesAgain) {
  expect_unchanged("x = select(a < b, 1L, x); y = select(a < b, 2L, y);");
  expect_unchanged("if (a < b) { x = 1L; } y = select(a < b, 2L, y);");
  expect_shared("if (a < b) { x = 1L; } b = a < b;", "let i32 s0 = a < b; if (s0) { x = 1L; } b = s0;");
  expect_shared("let i32 t = a < b; b = a < b;", "let i32 t = a < b; b = t;");
}

TEST(CommonSubexpressionsTest, BindsPartsBeforeTheWhole) {
  expect_shared("print (a * b + 1) ^ 5; print a * b + 1; print a * b;",
                "let i32 s1 = a * b; let i32 s0 = s1 + 1; print s0 ^ 5; print s0; print s1;");
}

TEST(CommonSubexpressionsTest, KnowsThatOperandsCanBeSwapped) {
  expect_shared("x = y * 3; print 3 * y;", "x = y * 3; print x;");
  expect_unchanged("x = y - 3; print 3 - y;");
}

TEST(CommonSubexpressionsTest, SeesThroughCopies) {
  expect_shared("let i32 t = a; b = t * 3; print a * 3;", "let i32 t = a; b = t * 3; print b;");
}

TEST(CommonSubexpressionsTest, TellsTypesApart) {
  expect_unchanged("x = extend_s(a * 2); y = 2 * x; b = wrap(x) - 2; a = wrap(x - 2);");
  expect_unchanged("print eqz(a) * 0; print eqz(x) * 0; print extend_s(a) == 0; print extend_u(a) == 0;");
}

TEST(CommonSubexpressionsTest, KeepsWhatWasAssignedInBetween) {
  expect_unchanged("print a * b; a = 3; print a * b;");
  expect_unchanged("print a * b; if (b) { a = 3; } print a * b;");
  expect_unchanged("print a * b; loop (b) { a = 3; } print a * b;");
  expect_unchanged("x = y * 3; x = x + 1; y = x; print y * 3;");
}

TEST(CommonSubexpressionsTest, BindsWhereTheHolderChanges) {
  expect_shared("x = y * 3; x = x + 1; print y * 3;", "let i64 s0 = y * 3; x = s0; x = x + 1; print s0;");
  expect_shared("x = y * 3; if (a) { x = 1; } print y * 3;", "let i64 s0 = y * 3; x = s0; if (a) { x = 1; } print s0;");
}

TEST(CommonSubexpressionsTest, ReachesIntoBlocks) {
  expect_shared("if (a * b) { print a * b; } else { x = extend_s(a * b); }",
                "let i32 s0 = a * b; if (s0) { print s0; } else { x = extend_s(s0); }");
  expect_shared("loop (a * b) { x = x + extend_s(a * b); }", "let i32 s0 = a * b; loop (s0) { x = x + extend_s(s0); }");
  expect_shared("x = y * y; while (y * y > 3) { a = a + 1; print y * y; break; }",
                "x = y * y; while (x > 3) { a = a + 1; print x; break; }");
}

TEST(CommonSubexpressionsTest, KeepsWhatTheLoopChanges) {
  expect_unchanged("x = y * y; loop (a) { print y * y; y = y + 1; }");
  expect_unchanged("x = y * y; loop (a) { loop (b) { print y * y; } y = y + 1; }");
  expect_unchanged("x = y * y; while (y * y > 3) { y = y - 1; }");
  expect_shared("x = y * y; loop (a) { print y * y; x = x + 1; }",
                "let i64 s0 = y * y; x = s0; loop (a) { print s0; x = x + 1; }");
}

TEST(CommonSubexpressionsTest, DoesNotReachOutOfBlocks) {
  expect_unchanged("if (a) { print x * y; } print x * y;");
  expect_unchanged("if (a) { print x * y; } else { print x * y; }");
  expect_unchanged("if (a) { x = y * 3; } else { b = 1; print y * 3; }");
  expect_unchanged("loop (a) { print x * y; } print x * y;");
  expect_unchanged("while (x * y) { x = x - 1; } print x * y;");
}

TEST(CommonSubexpressionsTest, TellsBranchesAndWhatFollowsThemApart) {
  expect_unchanged("if (a) { x = 3; } else { print x * y; } print x * y;");
  expect_shared("if (a) { x = 3; } else { b = wrap(x * y); a = wrap(x * y); }",
                "if (a) { x = 3; } else { b = wrap(x * y); a = b; }");
}

TEST(CommonSubexpressionsTest, SharesWithinARunOfALoop) {
  expect_shared("loop (a) { print x * y; y = y + x * y; }", "loop (a) { let i64 s0 = x * y; print s0; y = y + s0; }");
}

TEST(CommonSubexpressionsTest, KeepsWhatAWhileConditionComputesFirst) {
  expect_unchanged("while (a * b < 9) { print a * b; a = a + 1; }");
  expect_shared("while (a * b < 9) { print a * b; print a * b; a = a + 1; }",
                "while (a * b < 9) { let i32 s0 = a * b; print s0; print s0; a = a + 1; }");
}

TEST(CommonSubexpressionsTest, MovesNothingThatCanTrapWithinItsStatement) {
  // The two divisions trap differently: which of them comes first is seen.
  expect_unchanged("print (a / 0) + (a / b); print a / b;");
  expect_unchanged("print (a / b) + 1; x = 3; print (a / b) + 2;");
}

TEST(CommonSubexpressionsTest, SharesDivisionsThatHaveNotTrapped) {
  expect_shared("x = x / y; print x; b = a / b; print b;", "x = x / y; print x; b = a / b; print b;");
  expect_shared("let i32 t = a / b; print a / b + 1;", "let i32 t = a / b; print t + 1;");
  expect_shared("print a / b; print a / b;", "let i32 s0 = a / b; print s0; print s0;");
  // The second has a variable, the third finds it.
  expect_shared("print a / b + 1; x = 5; let i32 t = a / b; a = a / b;",
                "print a / b + 1; x = 5; let i32 t = a / b; a = t;");
}

TEST(CommonSubexpressionsTest, ReadsNoVariableThatIsOutOfScope) {
  expect_shared("print y * 3; if (a) { let i64 t = y * 3; } print y * 3;",
                "let i64 s0 = y * 3; print s0; if (a) { let i64 t = s0; } print s0;");
}

TEST(CommonSubexpressionsTest, TakesANameThatIsFree) {
  expect_shared("let i32 s0 = a; print s0 * b; print s0 * b;",
                "let i32 s0 = a; let i32 s1 = s0 * b; print s1; print s1;");
}

TEST(CommonSubexpressionsTest, KeepsTheBehaviourOfRandomPrograms) {
  expect_sound_on_random_programs(eliminate_common_subexpressions, 3'000);
}

TEST(CommonSubexpressionsTest, KnowsWhatAConditionSaysOfItsBranches) {
  expect_shared("if (a < b) { x = select(a < b, y, 3L); }", "if (a < b) { x = y; }");
  expect_shared("if (a < b) { x = 1L; } else { b = a < b; }", "if (a < b) { x = 1L; } else { b = 0; }");
  expect_shared("if (a < b) { b = a >= b; }", "if (a < b) { b = 0; }");
  expect_shared("if (select(a < b, x > y, 0)) { a = (a < b) + (x <= y); }",
                "if (select(a < b, x > y, 0)) { a = 1 + 0; }");
  expect_shared("if (gt_u(a, 3)) { b = select(a, b * 2, 7); }", "if (gt_u(a, 3)) { b = b * 2; }");
  expect_shared("if (!(a ^ b)) { a = select(a ^ b, 1, 2); }", "if (!(a ^ b)) { a = 2; }");
}

TEST(CommonSubexpressionsTest, KnowsWhichBranchDidNotLeave) {
  expect_shared("while (1) { if (a >= b) { break; } b = a < b; }", "while (1) { if (a >= b) { break; } b = 1; }");
  expect_shared("while (a < b) { y = select(a < b, x, 3L); a = a + 1; }", "while (a < b) { y = x; a = a + 1; }");
}

TEST(CommonSubexpressionsTest, ForgetsTheConditionWhereItMayHaveChanged) {
  expect_unchanged("if (a < b) { a = a + 1; b = a < b; }");
  expect_shared("if (a < b + 1) { x = 1L; } b = a < b + 1;", "let i32 s0 = a < b + 1; if (s0) { x = 1L; } b = s0;");
  expect_unchanged("if (a < b) { loop (b) { b = a < b; a = a + 2; } }");
  expect_unchanged("while (1) { if (a >= b) { if (x) { break; } } b = a < b; }");
  expect_unchanged("while (a < b) { a = a + 1; } b = a < b;");
  expect_unchanged("if (a <= b) { b = a < b; }");
}

TEST(CommonSubexpressionsTest, KeepsTheTrapOfWhatIsKnown) {
  expect_shared("if (a < b) { x = select(a < b, y, y / x); }", "if (a < b) { x = select(1, y, y / x); }");
}

}  // namespace
}  // namespace assay::opt
