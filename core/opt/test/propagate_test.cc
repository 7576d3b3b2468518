// Specification of constant and copy propagation.
#include <gtest/gtest.h>

#include <string_view>

#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

// In the frame `i32 a, i32 b, i64 x, i64 y`.
void becomes(std::string_view before, std::string_view after) { expect_rewrite(propagate, before, after); }
void stays(std::string_view text) { expect_rewrite(propagate, text, text); }

TEST(PropagateTest, ReplacesLoadsByTheConstantThatWasStored) {
  becomes("a = 5; b = a + 1; print a;", "a = 5; b = 5 + 1; print 5;");
  becomes("x = -1L; y = x; push y;", "x = -1L; y = -1L; push -1L;");
  becomes("let i32 t = 7; return t;", "let i32 t = 7; return 7;");
}

TEST(PropagateTest, ReplacesLoadsInEveryKindOfExpression) {
  becomes("a = 1; x = 2L; y = select(a, x, extend_s(-a)); b = wrap(x) < clz(a);",
          "a = 1; x = 2L; y = select(1, 2L, extend_s(neg(1))); b = wrap(2L) < clz(1);");
}

TEST(PropagateTest, KnowsTheValueOfConstantExpressionsWithoutFoldingThem) {
  becomes("a = 5; b = a + 1; x = extend_s(-b); y = select(b, x, 1L);",
          "a = 5; b = 5 + 1; x = extend_s(neg(6)); y = select(6, -6L, 1L);");
  becomes("a = 2; b = 3; a = 5 - b;", "a = 2; b = 3;");
}

TEST(PropagateTest, KnowsNothingOfAValueThatTraps) {
  stays("a = 0; a = 0 * (1 / 0);");
  stays("a = 1; a = select(1, 1, 1 % 0);");
}

TEST(PropagateTest, KnowsTheLastStoreOnly) {
  becomes("a = 5; print a; a = 6; print a; a = b * 2; print a;", "a = 5; print 5; a = 6; print 6; a = b * 2; print a;");
}

TEST(PropagateTest, ReplacesACopyByItsSource) {
  becomes("let i32 t = b; a = t + 1; t = t * 2; print t;", "let i32 t = b; a = b + 1; t = b * 2; print t;");
  becomes("let i32 t = a; let i32 u = t; b = u;", "let i32 t = a; let i32 u = a; b = a;");
}

TEST(PropagateTest, ForgetsACopyWhenItsSourceChanges) {
  stays("a = b; b = b + 1; print a;");
  stays("a = b; if (x) { b = 0; } print a;");
  stays("a = b; if (x) { print 1; } else { b = 0; } print a;");
  stays("a = b; if (x) { b = 1; } else { b = 0; } print a;");
  stays("a = b; loop (x) { print a; b = b + 1; }");
}

TEST(PropagateTest, ForgetsACopyOfALocalThatLeavesItsScope) {
  stays("if (x) { let i32 t = b * 3; a = t; } else { return; } print a;");
  stays("loop (x) { let i32 t = b * 3; a = t; } print a;");
}

TEST(PropagateTest, KeepsTheTrapOfADivisionByAKnownZero) { becomes("a = 0; b = b / a;", "a = 0; b = b / 0;"); }

TEST(PropagateTest, KnowsBehindAnIfWhatBothBranchesEndWith) {
  becomes("if (x) { a = 5; } else { a = 5; } print a;", "if (x) { a = 5; } else { a = 5; } print 5;");
  becomes("a = 1; if (x) { b = 2; } print a;", "a = 1; if (x) { b = 2; } print 1;");
  becomes("if (x) { a = b; } else { a = b; } print a;", "if (x) { a = b; } else { a = b; } print b;");
}

TEST(PropagateTest, ForgetsBehindAnIfWhatTheBranchesDisagreeOn) {
  stays("a = 1; if (x) { a = 2; } print a;");
  stays("if (x) { a = 1; } else { a = 2; } print a;");
  stays("a = b; if (x) { b = 1; a = x == 2L; } print a;");
  stays("if (x) { b = clz(b); a = b; } else { b = ctz(b); a = b; } b = b + 1; print a;");
}

TEST(PropagateTest, BranchesDoNotKnowOfEachOther) { stays("if (x) { a = 1; } else { print a; }"); }

TEST(PropagateTest, ABranchThatDoesNotGoOnHasNoSay) {
  becomes("a = 1; if (x) { a = 2; return; } print a;", "a = 1; if (x) { a = 2; return; } print 1;");
  becomes("if (x) { a = 2; } else { return; } print a;", "if (x) { a = 2; } else { return; } print 2;");
  becomes("loop (y) { a = 1; if (x) { a = 2; continue; } print a; }",
          "loop (y) { a = 1; if (x) { a = 2; continue; } print 1; }");
  becomes("loop (y) { a = 1; if (x) { a = 2; break; } print a; } print a;",
          "loop (y) { a = 1; if (x) { a = 2; break; } print 1; } print a;");
}

TEST(PropagateTest, LeavesStatementsBehindAJumpAlone) { stays("a = 1; if (x) { return; print a; }"); }

TEST(PropagateTest, KnowsNothingAtTheHeadOfALoopOfWhatItsBodyAssigns) {
  stays("a = 1; loop (x) { print a; a = 2; }");
  stays("a = 1; while (a < 9) { a = a * 3; }");
  stays("a = 1; loop (x) { print a; loop (y) { if (b) { a = 2; } } }");
  stays("a = 1; loop (x) { loop (y) { print a; } a = 2; }");
}

TEST(PropagateTest, KnowsNothingBehindALoopOfWhatItsBodyAssigns) {
  stays("a = 1; loop (x) { a = 2; } print a;");
  stays("a = 1; while (x) { a = 1 + b; x = x - 1L; break; } print a;");
}

TEST(PropagateTest, KnowsInALoopAndBehindItWhatItDoesNotAssign) {
  becomes("a = 1; loop (x) { b = b + a; } print a;", "a = 1; loop (x) { b = b + 1; } print 1;");
  becomes("let i32 t = a; while (b != t) { b = b + t; } print t;",
          "let i32 t = a; while (b != a) { b = b + a; } print a;");
}

TEST(PropagateTest, TheCountOfALoopIsEvaluatedInFrontOfIt) {
  becomes("a = 3; loop (a) { a = a + 1; }", "a = 3; loop (3) { a = a + 1; }");
}

TEST(PropagateTest, LearnsFromConditions) {
  becomes("if (a == 5) { print a; } else { print a; }", "if (a == 5) { print 5; } else { print a; }");
  becomes("if (5 != a) { print a; } else { print a; }", "if (5 != a) { print a; } else { print 5; }");
  becomes("if (a) { print a; } else { print a; }", "if (a) { print a; } else { print 0; }");
  becomes("if (!x) { print x; }", "if (!x) { print 0L; }");
  becomes("if ((a == 5) & (b == 6)) { print a + b; }", "if ((a == 5) & (b == 6)) { print 5 + 6; }");
  becomes("if ((a != 5) | b) { } else { print a + b; }", "if ((a != 5) | b) { } else { print 5 + 0; }");
  becomes("if ((a == 5) == 0) { } else { print a; }", "if ((a == 5) == 0) { } else { print 5; }");
}

TEST(PropagateTest, DoesNotLearnWhatDoesNotFollow) {
  stays("if (a & b) { } else { print a; }");
  stays("if (a | b) { print a; }");
  stays("if (a == b) { print a; }");
  stays("if (a > 5) { print a; }");
  stays("if (a == 5) { } print a;");
}

TEST(PropagateTest, LearnsTheValueThatABranchMustHaveHad) {
  becomes("if (a != 5) { return; } print a;", "if (a != 5) { return; } print 5;");
  becomes("if (a != 5) { a = 5; } print a;", "if (a != 5) { a = 5; } print 5;");
}

TEST(PropagateTest, LearnsOfTheSourceOfACopy) {
  becomes("let i32 t = a * 2; b = t; if (b == 4) { print b + t; }",
          "let i32 t = a * 2; b = t; if (t == 4) { print 4 + 4; }");
}

TEST(PropagateTest, KnowsWhyALoopEnded) {
  becomes("while (a != 5) { a = a + 1; } print a;", "while (a != 5) { a = a + 1; } print 5;");
  becomes("while (x) { x = x - 1L; } y = x;", "while (x) { x = x - 1L; } y = 0L;");
  becomes("while (x) { x = x - 1L; if (a) { continue; } loop (2) { break; } } y = x;",
          "while (x) { x = x - 1L; if (a) { continue; } loop (2) { break; } } y = 0L;");
}

TEST(PropagateTest, ABreakMayHaveEndedTheLoop) { stays("while (a != 5) { a = a + 1; if (b) { break; } } print a;"); }

TEST(PropagateTest, LearnsFromTheConditionOfALoopForEachRound) {
  becomes("while (a == 5) { print a; a = b / 2; print a; }", "while (a == 5) { print 5; a = b / 2; print a; }");
}

TEST(PropagateTest, DropsStoresOfWhatTheVariableHolds) {
  becomes("a = 5; print b; a = 5;", "a = 5; print b;");
  becomes("a = a;", "");
  becomes("a = b; print 1; b = a; a = b;", "a = b; print 1;");
  becomes("if (a == 0) { a = 0; print 1; }", "if (a == 0) { print 1; }");
  becomes("if (a) { } else { a = 0; }", "if (a) { } else { }");
}

TEST(PropagateTest, KnowsTheLocalsOfNestedScopes) {
  becomes("if (x) { let i32 t = 1; if (y) { let i32 u = t; a = u; } print t; } let i32 t = 2; print t;",
          "if (x) { let i32 t = 1; if (y) { let i32 u = 1; a = 1; } print 1; } let i32 t = 2; print 2;");
}

TEST(PropagateTest, KeepsTheBehaviourOfRandomPrograms) { expect_sound_on_random_programs(propagate, 10'000); }

}  // namespace
}  // namespace assay::opt
