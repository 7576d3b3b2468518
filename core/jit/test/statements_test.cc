// Statements, loops, scopes and traps, as compiled code runs them.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/text.h"
#include "core/jit/test/agreement.h"

namespace assay::jit::test {
namespace {

using Frame = std::vector<std::uint64_t>;

class CompiledStatements : public testing::Test {
 protected:
  // Runs natively, compares with the interpreter, and gives what both say.
  interp::Outcome run(std::string_view text, const Frame& frame) {
    auto program = ast::parse_program(text);
    EXPECT_TRUE(program.ok()) << (program.ok() ? "" : program.error().describe());
    if (!program.ok()) return {};
    EXPECT_EQ(agreement_.check_program(*program, frame), "");
    return agreement_.expected();
  }

  Agreement agreement_;
};

TEST_F(CompiledStatements, AnEmptyProgramChangesNothing) {
  EXPECT_EQ(run("program p(i32 a) {}", {~0ULL}).frame, Frame{~0ULL});
  EXPECT_EQ(run("program p() {}", {}).end, interp::End::Completed);
}

TEST_F(CompiledStatements, AStoreToAnI32SlotLeavesItsHighHalf) {
  EXPECT_EQ(run("program p(i32 a) { a = a + 1; }", {0xDEADBEEFFFFFFFFFULL}).frame, Frame{0xDEADBEEF00000000ULL});
  EXPECT_EQ(run("program p(i32 a) { a = 7; }", {~0ULL}).frame, Frame{0xFFFFFFFF00000007ULL});
}

TEST_F(CompiledStatements, AnI32SlotIsReadWithoutItsHighHalf) {
  EXPECT_EQ(run("program p(i32 a, i64 b) { b = extend_u(a); }", {~0ULL, 0}).frame[1], 0xFFFFFFFFU);
  EXPECT_EQ(run("program p(i32 a, i64 b) { b = extend_s(a); }", {0x1234567880000000ULL, 0}).frame[1],
            0xFFFFFFFF80000000U);
  EXPECT_EQ(run("program p(i32 a, i32 b) { if (a) { b = 1; } }", {0xFFFFFFFF00000000ULL, 0}).frame[1], 0U);
}

TEST_F(CompiledStatements, AWrappedValueIsExtendedByItsOwnSign) {
  EXPECT_EQ(run("program p(i64 a, i64 b) { b = extend_u(wrap(a)); }", {~0ULL, 0}).frame[1], 0xFFFFFFFFU);
  EXPECT_EQ(run("program p(i64 a) { push wrap(a); }", {~0ULL}).stack, Frame{0xFFFFFFFFU});
  EXPECT_EQ(run("program p(i64 a) { let i32 l = wrap(a); push l; a = extend_u(l); }", {~0ULL}).frame[0], 0xFFFFFFFFU);
}

// Here wrap has nothing to move, so the register still holds the high half of the product.
TEST_F(CompiledStatements, AWrappedTemporaryHasNoHighHalfLeft) {
  EXPECT_EQ(run("program p(i64 a) { push wrap(a * 3L); }", {~0ULL}).stack, Frame{0xFFFFFFFDU});
  EXPECT_EQ(run("program p(i64 a, i64 b) { b = extend_u(wrap(a * 3L)); }", {~0ULL, 0}).frame[1], 0xFFFFFFFDU);
}

TEST_F(CompiledStatements, AConditionHoldsWhenItIsNotZero) {
  constexpr std::string_view kText = "program p(i64 a, i32 b) { if (a) { b = 1; } else { b = 2; } }";
  EXPECT_EQ(run(kText, {0, 0}).frame[1], 2U);
  EXPECT_EQ(run(kText, {1, 0}).frame[1], 1U);
  EXPECT_EQ(run(kText, {~0ULL, 0}).frame[1], 1U) << "negative";
  EXPECT_EQ(run(kText, {1ULL << 63U, 0}).frame[1], 1U) << "only the top bit";
  EXPECT_EQ(run("program p(i32 a, i32 b) { while (a) { a = a + 1; b = b + 1; } }", {0xFFFFFFFDU, 0}).frame[1], 3U);
}

// By shifts, sums in an address, two of these, or a multiplication.
TEST_F(CompiledStatements, AProductWithAConstantIsThatProduct) {
  constexpr std::uint64_t kValue = 0x9E3779B97F4A7C15U;
  for (std::int64_t factor = -10; factor <= 100; ++factor) {
    const std::string number = std::to_string(factor);
    const auto expected = kValue * static_cast<std::uint64_t>(factor);
    EXPECT_EQ(run("program p(i64 a, i64 b) { b = a * " + number + "L; a = a * " + number + "L; }", {kValue, 0}).frame,
              (Frame{expected, expected}));
    EXPECT_EQ(run("program p(i32 a, i32 b) { b = a * " + number + "; a = b; }", {kValue & 0xFFFFFFFFU, 0}).frame[0],
              expected & 0xFFFFFFFFU);
  }
}

// A select of 0 is the conjunction of two conditions, which are asked one after the other.
TEST_F(CompiledStatements, AConjunctionHoldsWhenBothDo) {
  for (const std::uint64_t a : {0U, 1U, 2U}) {
    for (const std::uint64_t b : {0U, 1U, 2U}) {
      EXPECT_EQ(
          run("program p(i32 a, i64 b, i32 c) { if (select(a > 0, b, 0L)) { c = 1; } else { c = 2; } }", {a, b, 0})
              .frame[2],
          a > 0 && b != 0 ? 1U : 2U);
      EXPECT_EQ(run("program p(i32 a, i32 b, i32 c) { while (select(a, select(b < 2, c < 9, 0), 0)) { c = c + 2; } }",
                    {a, b, 0})
                    .frame[2],
                a != 0 && b < 2 ? 10U : 0U);
    }
  }
}

TEST_F(CompiledStatements, AConjunctionTrapsAlsoWhereItsFirstPartAnswers) {
  const auto outcome = run("program p(i32 a, i32 b) { if (select(a, 1 / b, 0)) { a = 7; } }", {0, 0});
  EXPECT_EQ(outcome.end, interp::End::Trapped);
}

TEST_F(CompiledStatements, AConstantConditionIsNotAsked) {
  EXPECT_EQ(run("program p(i32 a) { while (1) { a = a + 1; if (a > 9) { break; } } }", {3}).frame[0], 10U);
  EXPECT_EQ(run("program p(i32 a) { while (0) { a = a + 1; } if (0) { a = 7; } if (2) { a = a + 4; } }", {3}).frame[0],
            7U);
}

// The value for 0 may be a constant, and each of the values may be in the result's own register.
TEST_F(CompiledStatements, ASelectOfAComparisonTakesEitherValue) {
  for (const std::uint64_t a : {3U, 5U}) {
    EXPECT_EQ(run("program p(i64 a, i32 x, i32 y) { x = select(a < 4L, x, y); }", {a, 1, 2}).frame[1], a < 4 ? 1U : 2U);
    EXPECT_EQ(run("program p(i64 a, i32 x, i32 y) { x = select(a < 4L, y, x); }", {a, 1, 2}).frame[1], a < 4 ? 2U : 1U);
    EXPECT_EQ(run("program p(i64 a, i32 x, i32 y) { a = select(x, a, 7L); }", {a, a - 3, 2}).frame[0],
              a == 5 ? 5U : 7U);
    EXPECT_EQ(run("program p(i64 a, i64 x, i32 y) { a = select(y == 2, a - x, x - a); }", {a, 1, a}).frame[0], 1 - a);
  }
}

// Such a comparison has no place of its own. Its operands may be what the choice is stored to.
TEST_F(CompiledStatements, AComparisonMayBeBoundForOneChoice) {
  for (const std::uint64_t a : {3U, 5U}) {
    EXPECT_EQ(run("program p(i32 a, i32 b) { let i32 c = a < 4; a = select(c, a + b, b - a); }", {a, 9}).frame[0],
              a < 4 ? a + 9 : 9 - a);
    EXPECT_EQ(run("program p(i32 a, i32 b) { let i32 c = a < 4; if (c) { a = 7; } else { b = 7; } }", {a, 9}).frame[0],
              a < 4 ? 7U : a);
    EXPECT_EQ(run("program p(i32 a, i32 b) { let i32 c = a < 4; let i32 d = b * 3; a = d + select(c, a, d); }", {a, 9})
                  .frame[0],
              a < 4 ? 27 + a : 54);
    EXPECT_EQ(run("program p(i32 a, i32 b) { let i32 c = a < 4; b = b + c; }", {a, 9}).frame[1], a < 4 ? 10U : 9U);
    EXPECT_EQ(run("program p(i32 a, i32 b) { let i32 c = a < 4; a = 9; if (c) { b = 7; } }", {a, 9}).frame[1],
              a < 4 ? 7U : 9U);
    EXPECT_EQ(run("program p(i32 a, i32 b) { let i32 c = a < 4; a = select(c, 1, 2); b = c; }", {a, 9}).frame[1],
              a < 4 ? 1U : 0U);
    EXPECT_EQ(
        run("program p(i32 a, i32 b) { loop (3) { let i32 c = a < 4; c = b; a = select(c, 1, 2); } }", {a, 0}).frame[0],
        2U);
  }
}

TEST_F(CompiledStatements, ALoopCountIsEvaluatedOnceAndUnsigned) {
  EXPECT_EQ(run("program p(i32 n, i32 s) { loop (n) { n = n + 1; s = s + 1; } }", {5, 0}).frame, (Frame{10, 5}));
  EXPECT_EQ(run("program p(i32 n, i32 s) { loop (n) { s = s + 1; } }", {0, 0}).frame[1], 0U) << "zero runs none";
  EXPECT_EQ(run("program p(i32 n, i32 s) { loop (n) { s = s + 1; if (s == 9) { break; } } }", {~0ULL, 0}).frame[1], 9U);
}

TEST_F(CompiledStatements, ALoopCountOfMoreThan32BitsIsNotTruncated) {
  constexpr std::string_view kText = "program p(i64 n, i32 s) { loop (n) { s = s + 1; if (s == 7) { break; } } }";
  EXPECT_EQ(run(kText, {1ULL << 32U, 0}).frame[1], 7U);
  EXPECT_EQ(run(kText, {(1ULL << 32U) + 3, 0}).frame[1], 7U);
  EXPECT_EQ(run(kText, {1ULL << 63U, 0}).frame[1], 7U);
}

TEST_F(CompiledStatements, BreakAndContinueConcernTheInnermostLoop) {
  const auto outcome = run(R"(program p(i32 n, i32 a, i32 b, i32 c) {
    loop (n) {
      a = a + 1;
      let i32 k = 0;
      while (k < 10) {
        k = k + 1;
        if (k == 3) { continue; }
        if (k == 6) { break; }
        b = b + k;
      }
      if (a == 2) { continue; }
      if (a == 4) { break; }
      c = c + k;
    }
  })",
                           {6, 0, 0, 0});
  EXPECT_EQ(outcome.frame, (Frame{6, 4, 4 * (1 + 2 + 4 + 5), 12}));
}

TEST_F(CompiledStatements, NestedLoopsEachKeepTheirOwnCount) {
  EXPECT_EQ(run("program p(i32 s) { loop (3) { loop (4) { loop (5) { s = s + 1; } s = s + 100; } } }", {0}).frame[0],
            1260U);
}

TEST_F(CompiledStatements, AVariableOfANestedScopeKeepsItsValueOnEveryPath) {
  constexpr std::string_view kText = R"(program p(i32 c, i64 a, i64 b) {
    if (c) { let i64 x = a * 3L; if (c > 1) { let i64 y = x + b; b = y; } else { a = x; } }
    else { let i64 z = b - a; loop (3) { let i64 w = z; z = w + 1L; } a = z; }
  })";
  EXPECT_EQ(run(kText, {0, 10, 20}).frame, (Frame{0, 13, 20}));
  EXPECT_EQ(run(kText, {1, 10, 20}).frame, (Frame{1, 30, 20}));
  EXPECT_EQ(run(kText, {2, 10, 20}).frame, (Frame{2, 10, 50}));
}

TEST_F(CompiledStatements, ASlotStoredOnOnePathKeepsItsValueOnTheOther) {
  EXPECT_EQ(run("program p(i32 c, i32 a) { if (c) { a = 1; } }", {0, 77}).frame[1], 77U);
}

TEST_F(CompiledStatements, TwoVariablesAreSwappedInALoop) {
  EXPECT_EQ(run("program p(i64 a, i64 b) { loop (3) { let i64 t = a; a = b; b = t; } }", {1, 2}).frame, (Frame{2, 1}));
  EXPECT_EQ(run("program p(i64 a, i64 b) { loop (10) { let i64 t = a + b; a = b; b = t; } }", {0, 1}).frame,
            (Frame{55, 89}));
}

TEST_F(CompiledStatements, ACounterThatIsTestedAndChangedCountsEachTime) {
  EXPECT_EQ(run("program p(i32 i, i32 n) { while (i) { i = i - 1; n = n + 1; } }", {9, 0}).frame, (Frame{0, 9}));
}

TEST_F(CompiledStatements, PushedValuesComeInOrderAndZeroExtended) {
  const auto outcome =
      run("program p(i32 a, i64 b) { push a; push b; if (a) { push 1; push -1; } push b; return a; push 5; }",
          {0xFFFFFFFF80000001ULL, ~0ULL});
  EXPECT_EQ(outcome.stack, (Frame{0x80000001U, ~0ULL, 1, 0xFFFFFFFFU, ~0ULL, 0x80000001U}));
}

TEST_F(CompiledStatements, AReturnLeavesFromInsideLoopsAndWritesTheFrameBack) {
  const auto outcome =
      run("program p(i32 s) { loop (10) { while (1) { s = s + 1; if (s == 5) { return s; } break; } } s = 0; }", {0});
  EXPECT_EQ(outcome.frame[0], 5U);
  EXPECT_EQ(outcome.stack, Frame{5});
}

TEST_F(CompiledStatements, ABareReturnPushesNothing) {
  const auto outcome = run("program p(i32 s) { s = 1; if (s) { return; } s = 2; }", {0});
  EXPECT_EQ(outcome.frame[0], 1U);
  EXPECT_TRUE(outcome.stack.empty());
}

TEST_F(CompiledStatements, StatementsThatAreNeverReachedDoNoHarm) {
  EXPECT_EQ(run("program p(i32 s) { loop (3) { s = s + 1; continue; s = 99; } return s; s = 98; }", {0}).frame[0], 3U);
  EXPECT_EQ(run("program p(i32 s) { while (1) { s = s + 1; break; s = 99; } }", {0}).frame[0], 1U);
}

TEST_F(CompiledStatements, ATrapFindsTheFrameAsOfTheTrap) {
  const auto outcome = run(R"(program p(i32 a, i64 b, i32 c) {
    a = 1; push a;
    loop (5) { b = b + 1L; c = c / (extend_u(a) == b - 3L); a = a + 1; b = b; }
  })",
                           {0xFFFFFFFF00000000ULL, 0, 10});
  EXPECT_EQ(outcome.end, interp::End::Trapped);
}

TEST_F(CompiledStatements, ATrapKeepsTheStoredVariableOfItsOwnStatement) {
  EXPECT_EQ(run("program p(i32 a, i32 b) { a = a / b; }", {12, 0}).frame[0], 12U);
  EXPECT_EQ(run("program p(i64 a, i64 b) { b = a / b; }", {1ULL << 63U, ~0ULL}).frame[1], ~0ULL);
}

TEST_F(CompiledStatements, TheFirstTrapInEvaluationOrderWins) {
  constexpr std::string_view kText = "program p(i32 a, i32 b, i32 c) { a = a / b + a / c; }";
  constexpr std::uint64_t kMin = 0x80000000U;
  EXPECT_EQ(run(kText, {kMin, 0xFFFFFFFFU, 0}).trap, ast::TrapKind::IntegerOverflow);
  EXPECT_EQ(run(kText, {kMin, 0, 0xFFFFFFFFU}).trap, ast::TrapKind::DivideByZero);
  EXPECT_EQ(run("program p(i32 a, i32 b) { a = div_u(1 / b, a / a); }", {0, 0}).trap, ast::TrapKind::DivideByZero);
}

TEST_F(CompiledStatements, SelectEvaluatesAllThreeAndMayTrapInWhatItDoesNotTake) {
  EXPECT_EQ(run("program p(i32 a, i32 b) { a = select(b, 1 / b, 5); }", {9, 0}).trap, ast::TrapKind::DivideByZero);
  EXPECT_EQ(run("program p(i32 a, i64 b) { a = select(b, 1, 2); }", {9, 1ULL << 40U}).frame[0], 1U);
}

TEST_F(CompiledStatements, TrapsOnPathsNotTakenDoNotHappen) {
  EXPECT_EQ(run("program p(i32 a, i32 b) { if (b) { a = a / b; } loop (b) { a = a / b; } }", {9, 0}).frame[0], 9U);
}

// Its first test is left out where the branch was taken for the same reason.
TEST_F(CompiledStatements, ALoopAtTheHeadOfABranchRunsAsOftenAsItAsks) {
  const std::string_view same = "program p(i32 a, i32 b) { if (a < b) { while (a < b) { a = a + 3; } } }";
  EXPECT_EQ(run(same, {1, 9}).frame[0], 10U);
  EXPECT_EQ(run(same, {9, 9}).frame[0], 9U);
  const std::string_view one_of_two =
      "program p(i32 a, i32 b) { if (select(b != 7, a < b, 0)) { while (a < b) { a = a + 3; } } }";
  EXPECT_EQ(run(one_of_two, {1, 9}).frame[0], 10U);
  EXPECT_EQ(run(one_of_two, {9, 9}).frame[0], 9U);
  const std::string_view other = "program p(i32 a, i32 b) { if (a < b) { while (b < a) { a = a - 3; } } }";
  EXPECT_EQ(run(other, {1, 9}).frame[0], 1U);
  const std::string_view in_else = "program p(i32 a, i32 b) { if (a < b) { } else { while (a < b) { a = a + 3; } } }";
  EXPECT_EQ(run(in_else, {9, 9}).frame[0], 9U);
  const std::string_view behind_a_store =
      "program p(i32 a, i32 b) { if (a < b) { a = 20; while (a < b) { a = a + 3; } } }";
  EXPECT_EQ(run(behind_a_store, {1, 9}).frame[0], 20U);
  const std::string_view either =
      "program p(i32 a, i32 b) { if (select(a < b, 1, b == 9)) { while (a < b) { a = a + 3; } } }";
  EXPECT_EQ(run(either, {9, 9}).frame[0], 9U);
}

}  // namespace
}  // namespace assay::jit::test
