// Specification of constant folding; the frame is `i32 a, i32 b, i64 x, i64 y`.
#include <gtest/gtest.h>

#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

void expect_folded(const char* before, const char* after) { expect_rewrite(fold_constants, before, after); }

TEST(FoldTest, ComputesOperatorsOnConstants) {
  expect_folded("a = (3 + 4) * 2;", "a = 14;");
  expect_folded("x = extend_s(-1) ^ 1L;", "x = -2L;");
  expect_folded("a = 5 < 7;", "a = 1;");
  expect_folded("a = clz(1) + popcnt(255);", "a = 39;");
}

TEST(FoldTest, ComputesAtTheWidthOfTheOperands) {
  expect_folded("a = 1 << 33;", "a = 2;");
  expect_folded("x = 1L << 33L;", "x = 8589934592L;");
  expect_folded("a = -8 >> 1;", "a = -4;");
  expect_folded("a = -8 >>> 1;", "a = 2147483644;");
}

TEST(FoldTest, LeavesWhatTraps) {
  expect_folded("a = 1 / 0;", "a = 1 / 0;");
  expect_folded("a = -2147483648 / -1;", "a = -2147483648 / -1;");
  expect_folded("a = -2147483648 % -1;", "a = 0;");
}

TEST(FoldTest, ChoosesTheArmOfASelect) {
  expect_folded("a = select(1, b, 5);", "a = b;");
  expect_folded("a = select(2 < 1, b, 5);", "a = 5;");
}

TEST(FoldTest, KeepsASelectWhoseOtherArmMayTrap) {
  expect_folded("a = select(1, b, 5 / b);", "a = select(1, b, 5 / b);");
}

TEST(FoldTest, TakesTheBranch) {
  expect_folded("if (1) { a = 1; } else { a = 2; }", "a = 1;");
  expect_folded("if (0) { a = 1; } else { a = 2; }", "a = 2;");
  expect_folded("if (0L) { a = 1; }", "");
}

TEST(FoldTest, LocalsOfABranchTakenGetNamesOfTheirOwn) {
  expect_folded("if (1) { let i32 t = b; a = t; } let i32 t = 5; b = t;",
                "let i32 f0 = b; a = f0; let i32 t = 5; b = t;");
}

TEST(FoldTest, LocalsThatLeaveSeveralBranchesAreRenamedOnce) {
  expect_folded("if (1) { if (1) { let i32 t = b; a = t; } let i32 u = a; b = u; }",
                "let i32 f0 = b; a = f0; let i32 f1 = a; b = f1;");
}

TEST(FoldTest, LoopsThatNeverRunGo) {
  expect_folded("while (0) { a = 1; } loop (0) { a = 2; }", "");
  expect_folded("while (1) { a = 1; break; }", "while (1) { a = 1; break; }");
}

TEST(FoldTest, AWayOutAtTheHeadIsTheCondition) {
  expect_folded("while (1) { if (a >= b) { break; } a = a + 1; }", "while (a < b) { a = a + 1; }");
  expect_folded("while (1) { if (!x) { break; } x = x >> 1L; }", "while (x) { x = x >> 1L; }");
  expect_folded("while (1) { if (a & 1) { break; } a = a / b; continue; }",
                "while (!(a & 1)) { a = a / b; continue; }");
}

TEST(FoldTest, OtherWaysOutStay) {
  for (const char* const loop :
       {"while (1) { if (a) { break; } else { b = 1; } }", "while (1) { if (a) { b = 1; break; } }",
        "while (1) { a = 1; if (b) { break; } }", "while (b) { if (a) { break; } b = 1; }"}) {
    expect_folded(loop, loop);
  }
}

TEST(FoldTest, WhatStandsBehindAJumpGoes) {
  expect_folded("a = 1; return; a = 2;", "a = 1; return;");
  expect_folded("while (b) { break; a = 2; }", "while (b) { break; }");
  expect_folded("if (1) { return; } a = 2;", "return;");
}

TEST(FoldTest, IsSoundOnRandomPrograms) { expect_sound_on_random_programs(fold_constants, 4000); }

}  // namespace
}  // namespace assay::opt
