// Specification of the removal of dead code and dead stores.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/ast/limits.h"
#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

// In the frame `i32 a, i32 b, i64 x, i64 y`.
void becomes(std::string_view before, std::string_view after) { expect_rewrite(eliminate_dead_code, before, after); }
void stays(std::string_view text) { expect_rewrite(eliminate_dead_code, text, text); }

TEST(DeadCodeTest, CutsOffWhatStandsBehindAJump) {
  becomes("return; print a;", "return;");
  becomes("loop (x) { print a; if (b) { break; print a; } continue; }", "loop (x) { print a; if (b) { break; } }");
  becomes("if (a) { return 1; } else { return; } b = 2;", "if (a) { return 1; } else { return; }");
}

TEST(DeadCodeTest, CutsOffWhatStandsBehindAnEndlessLoop) {
  becomes("while (1) { a = a + 1; print a; } b = 1;", "while (1) { a = a + 1; print a; }");
  stays("while (1) { a = a + 1; print a; if (a) { break; } } b = 1;");
  stays("while (a) { a = a + 1; print a; } b = 1;");
  becomes("while (1) { print a; loop (x) { break; } } b = 1;", "while (1) { print a; }");
}

TEST(DeadCodeTest, DropsStoresThatAreOverwritten) {
  becomes("a = 1; a = 2;", "a = 2;");
  becomes("a = b * 3; print b; a = 2;", "print b; a = 2;");
  becomes("a = 1; if (x) { a = 2; } else { a = 3; }", "if (x) { a = 2; } else { a = 3; }");
  becomes("a = 1; a = a;", "a = 1;");
}

TEST(DeadCodeTest, KeepsStoresThatAreRead) {
  stays("a = 1; print a; a = 2;");
  stays("a = 1; a = a + 2;");
  stays("a = 1; if (x) { a = 2; }");
  stays("a = b + 1; if (x) { b = a; } a = 3;");
}

TEST(DeadCodeTest, KeepsStoresThatAReturnShows) {
  stays("a = 1; if (x) { return; } a = 2;");
  stays("a = 1; loop (x) { if (y) { return 4; } } a = 2;");
}

TEST(DeadCodeTest, KeepsStoresThatATrapShows) {
  stays("a = 1; x = x / y; a = 2;");
  stays("a = 1; a = a / 0;");
  stays("a = 1; a = 2 % b;");
  stays("a = 1; if (div_u(x, y)) { } a = 2;");
  stays("a = 1; loop (x) { print rem_u(x, y); } a = 2;");
  stays("a = 1; x = x / -1L; a = 2;");
}

TEST(DeadCodeTest, KnowsDivisionsThatCannotTrap) {
  becomes("a = 1; x = x / 3L; a = 2;", "x = x / 3L; a = 2;");
  becomes("a = 1; x = x % -1L; a = 2;", "x = x % -1L; a = 2;");
  becomes("a = 1; x = div_u(x, -1L); a = 2;", "x = div_u(x, -1L); a = 2;");
}

TEST(DeadCodeTest, ATrapBehindBothStoresDoesNotShowWhatTheyOverwrite) {
  becomes("a = 1; if (x) { a = 2; y = y / x; } else { a = 3; }", "if (x) { a = 2; y = y / x; } else { a = 3; }");
  stays("a = 1; if (x) { y = y / x; a = 2; } else { a = 3; }");
  stays("a = 1; if (x) { a = 3; } else { y = y / x; a = 2; }");
}

TEST(DeadCodeTest, ATrapDoesNotShowLocals) {
  becomes("let i32 t = a; print t; t = a * 2; x = x / y; t = 3; print t;",
          "let i32 t = a; print t; x = x / y; t = 3; print t;");
}

TEST(DeadCodeTest, KeepsADeadDivisionThatMayTrap) {
  stays("a = b / a; a = 2;");
  stays("let i32 t = a % b;");
  becomes("let i32 t = 0; t = a % b;", "let i32 t = 0; t = a % b;");
  becomes("a = b / 7; a = 2;", "a = 2;");
}

TEST(DeadCodeTest, DropsLocalsThatNothingReads) {
  becomes("let i32 t = a * 2; t = b; t = t + 1;", "");
  becomes("let i32 t = a; let i32 u = t; a = 1;", "a = 1;");
  becomes("loop (x) { let i32 t = a; t = t + 1; print b; }", "loop (x) { print b; }");
  becomes("let i32 t = 1; if (a) { t = 2; print a; }", "if (a) { print a; }");
}

TEST(DeadCodeTest, ClearsTheFirstValueOfALocalWhenNothingReadsIt) {
  becomes("let i32 t = a * 2; if (x) { t = 1; } else { t = 2; } print t;",
          "let i32 t = 0; if (x) { t = 1; } else { t = 2; } print t;");
  stays("let i32 t = 9; t = a; print t; print t;");
}

TEST(DeadCodeTest, KeepsWhatABackEdgeReads) {
  stays("loop (x) { print a; a = b + 1; b = 3; } a = 0;");
  stays("let i32 t = 1; loop (x) { print t; t = t + 1; }");
  stays("let i32 t = 0; loop (x) { if (b) { print t; continue; } t = a; }");
}

TEST(DeadCodeTest, DropsStoresInALoopThatAreOverwrittenInTheSameRound) {
  becomes("loop (x) { a = 1; print b; a = 2; }", "loop (x) { print b; a = 2; }");
  stays("loop (x) { a = 1; if (b) { break; } print b; a = 2; }");
  stays("loop (x) { a = 1; if (b) { continue; } print b; a = 2; }");
}

TEST(DeadCodeTest, DropsStoresInALoopThatNothingReads) {
  becomes("loop (x) { a = a + 1; print b; } a = 0;", "loop (x) { print b; } a = 0;");
  becomes("loop (x) { loop (y) { a = a + 1; print b; } } a = 0;", "loop (x) { loop (y) { print b; } } a = 0;");
  stays("loop (x) { a = a + 1; print b; }");
  stays("loop (x) { a = a + 1; print b / b; } a = 0;");
  stays("loop (x) { a = a + 1; if (b) { return; } } a = 0;");
  stays("loop (x) { print a; loop (y) { a = a + 1; print b; } } a = 0;");
}

TEST(DeadCodeTest, AJumpLeavesForWhatIsReadThere) {
  stays("let i32 t = a; loop (x) { t = b; if (y) { break; } t = 0; print 1; } print t;");
  becomes("let i32 t = a; loop (x) { let i32 u = b; if (y) { break; } u = 5; print u; } print t;",
          "let i32 t = a; loop (x) { let i32 u = 0; if (y) { break; } u = 5; print u; } print t;");
}

TEST(DeadCodeTest, DropsIfsThatDoNothing) {
  becomes("if (a) { } print b;", "print b;");
  becomes("if (a) { if (b) { let i32 t = a; } } else { }", "");
  stays("if (a / b) { }");
}

TEST(DeadCodeTest, TurnsAroundAnIfWithNothingButAnElse) {
  becomes("if (a) { } else { print b; }", "if (!a) { print b; }");
  becomes("if (!x) { } else { print b; }", "if (x) { print b; }");
  becomes("if (a < b) { } else { print b; }", "if (a >= b) { print b; }");
  becomes("if (gt_u(x, y)) { } else { print b; }", "if (le_u(x, y)) { print b; }");
  becomes("if (a == b) { let i32 t = 1; } else { print b; }", "if (a != b) { print b; }");
}

TEST(DeadCodeTest, DoesNotTurnAroundAnIfBeyondTheDepth) {
  // The condition reaches the deepest level already.
  std::string condition;
  for (std::uint32_t level = 2; level < ast::kMaxDepth; ++level) condition += "neg(";
  condition += "a" + std::string(ast::kMaxDepth - 2, ')');
  stays("if (" + condition + ") { } else { print b; }");
}

TEST(DeadCodeTest, DropsCountedLoopsThatDoNothing) {
  becomes("loop (x) { } print b;", "print b;");
  becomes("loop (x) { a = a + 1; if (a == b) { break; } } a = 3;", "a = 3;");
  becomes("loop (x) { let i32 t = a; loop (y) { t = t + 1; } }", "");
  becomes("loop (0) { print a; }", "");
}

TEST(DeadCodeTest, KeepsTheTrapOfACount) {
  becomes("loop (a / b) { }", "if (a / b) { }");
  becomes("loop (a / b) { x = x + 1L; if (y) { break; } } x = 0L;", "if (a / b) { } x = 0L;");
}

TEST(DeadCodeTest, KeepsAWhileBecauseItMayBeEndless) {
  stays("while (a) { }");
  becomes("while (a) { let i32 t = b; }", "while (a) { }");
  stays("loop (x) { while (a) { } }");
  becomes("while (0) { print a; }", "");
}

TEST(DeadCodeTest, DropsAContinueAtTheEndOfABody) {
  becomes("loop (x) { print a; continue; }", "loop (x) { print a; }");
  becomes("loop (x) { if (a) { print a; continue; } else { print b; } }",
          "loop (x) { if (a) { print a; } else { print b; } }");
  stays("loop (x) { if (a) { continue; } print b; }");
}

TEST(DeadCodeTest, KeepsEffects) { stays("push a; print b; loop (x) { print 1; } return 3;"); }

TEST(DeadCodeTest, KeepsTheValuesOfNestedScopesApart) {
  becomes("if (x) { let i32 t = a; print t; } else { let i32 t = a; } let i32 t = b; print t;",
          "if (x) { let i32 t = a; print t; } let i32 t = b; print t;");
}

TEST(DeadCodeTest, KeepsTheBehaviourOfRandomPrograms) { expect_sound_on_random_programs(eliminate_dead_code, 10'000); }

// The two feed each other.
TEST(DeadCodeTest, ComesToAnEndTogetherWithPropagation) {
  expect_sound_on_random_programs(
      [](const ast::Program& program) {
        const PassResult propagated = propagate(program);
        PassResult result = eliminate_dead_code(propagated.program);
        result.changes += propagated.changes;
        return result;
      },
      5'000);
}

}  // namespace
}  // namespace assay::opt
