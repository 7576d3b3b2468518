// Specification of what SCEV-Lite solves and what it declines: a loop of each class, in both widths.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "core/opt/solve_loops.h"
#include "core/scev/test/same_behaviour.h"

namespace assay::scev {
namespace {

struct SolvedCase {
  std::string_view name;
  LoopClass one_class;
  std::string_view statements;  // over the slots n, s, k, i, a, b, c of type T
};

constexpr SolvedCase kSolved[] = {
    {"sum", LoopClass::Polynomial, "while (i < n) { a = a + i; i = i + 1; }"},
    {"sum_step_first", LoopClass::Polynomial, "while (i < n) { i = i + 1; a = a + i; }"},
    {"sum_counted", LoopClass::Counted, "loop (n) { a = a + i; i = i + s; }"},
    {"sum_symbolic_step", LoopClass::OrderedExit, "while (i < n) { a = a + i; i = i + s; }"},
    {"falling", LoopClass::OrderedExit, "while (i > n) { a = a + i; i = i - 1; }"},
    {"unsigned_le", LoopClass::OrderedExit, "while (le_u(i, n)) { a = a + i; i = i + 3; }"},
    {"unsigned_ge_falling", LoopClass::OrderedExit, "while (ge_u(i, n)) { a = a + 1; i = i - 2; }"},
    {"not_equal", LoopClass::EqualityExit, "while (i != n) { a = a + i; i = i + 1; }"},
    {"not_equal_odd_step", LoopClass::EqualityExit, "while (i != n) { a = a + i; i = i + 5; }"},
    {"not_equal_even_step", LoopClass::EqualityExit, "while (i != n) { a = a + i; i = i - 12; }"},
    {"equal", LoopClass::EqualityExit, "while (i == n) { a = a + i; i = i + 1; }"},
    {"step_min", LoopClass::OrderedExit, "while (i < n) { a = a + i; i = i + MIN; }"},
    {"two_accumulators", LoopClass::Linear, "loop (n & 63) { a = a + k; b = b - i; i = i + 1; }"},
    {"squares", LoopClass::Polynomial, "while (i < n) { a = a + i * i; i = i + 1; }"},
    {"degree_7", LoopClass::Polynomial, "while (i < n) { a = a + i * i * i * i * i * i * i; i = i + 1; }"},
    {"chain", LoopClass::Polynomial, "loop (n & 63) { a = a + b; b = b + c; c = c + k; }"},
    {"invariant_multiplier", LoopClass::Polynomial, "while (i < n) { a = a + i * k * s; i = i + 1; }"},
    {"through_a_local", LoopClass::Polynomial, "while (i < n) { let T t = i * i + k; a = a + t; i = i + 1; }"},
    {"break_first", LoopClass::MiddleExit, "while (1) { if (i >= n) { break; } a = a + i; i = i + 1; }"},
    {"break_middle", LoopClass::MiddleExit, "while (1) { a = a + i; if (i >= n) { b = b + a; break; } i = i + 1; }"},
    {"break_last", LoopClass::MiddleExit, "while (1) { a = a + i; i = i + 1; if (i > n) { break; } }"},
    {"break_in_counted", LoopClass::MiddleExit, "loop (k & 31) { a = a + i; if (i == n) { break; } i = i + 1; }"},
    {"two_exits", LoopClass::MiddleExit, "while (i < n) { a = a + 1; if (i > k) { break; } i = i + 1; }"},
    {"break_at_once", LoopClass::MiddleExit, "while (i < n) { a = a + i; i = i + 1; break; }"},
    {"break_at_once_behind_an_exit", LoopClass::MiddleExit,
     "loop (n & 3) { a = a + i; if (i == k) { break; } i = i + 1; break; a = 1; }"},
    {"affine", LoopClass::Affine, "loop (n & 63) { a = a * k + s; }"},
    {"affine_of_counter", LoopClass::Affine, "loop (n & 63) { a = a * k + i; i = i + 1; }"},
    {"geometric_sum", LoopClass::Affine, "loop (n & 63) { b = b + a; a = a * 3; }"},
    {"fibonacci", LoopClass::Recurrence, "loop (n & 63) { let T t = a + b; a = b; b = t; }"},
    {"order_3", LoopClass::Recurrence, "loop (n & 63) { let T t = a + b * k - c; a = b; b = c; c = t; }"},
    {"xor_invariant", LoopClass::Bitwise, "loop (n & 63) { a = a ^ k; }"},
    {"and_or_invariant", LoopClass::Bitwise, "loop (n & 63) { a = a & k; b = b | s; }"},
    {"xor_counter", LoopClass::Bitwise, "while (i < n) { a = a ^ i; i = i + 1; }"},
    {"xor_counter_step_4", LoopClass::Bitwise, "loop (n & 63) { a = a ^ i; i = i - 4; }"},
    {"and_or_counter", LoopClass::Bitwise, "loop (n & 63) { a = a & i; b = b | i; i = i + 1; }"},
    {"minimum", LoopClass::MinMax, "while (i < n) { if (i < a) { a = i; } i = i + 1; }"},
    {"maximum", LoopClass::MinMax, "loop (n & 63) { a = select(gt_u(i, a), i, a); i = i + s; }"},
    {"swap", LoopClass::Periodic, "loop (n & 63) { let T t = a; a = b; b = t; }"},
    {"rotation", LoopClass::Periodic, "loop (n & 63) { let T t = a; a = b; b = c; c = t; }"},
    {"alternating", LoopClass::Periodic, "loop (n & 63) { a = -a; b = b + a; }"},
    {"alternating_sum", LoopClass::Periodic, "while (i < n) { b = b + a * i; a = -a; i = i + 1; }"},
    {"parity", LoopClass::Periodic, "while (i < n) { if (i & 1) { a = a + i; } else { b = b + 1; } i = i + 1; }"},
    {"modulo_3", LoopClass::Periodic, "while (i < n) { if (i % 3 == 1) { a = a + i; } i = i + 1; }"},
    {"split", LoopClass::SplitRange, "while (i < n) { if (i < k) { a = a + i; } else { b = b + 2; } i = i + 1; }"},
    {"split_at_one", LoopClass::SplitRange, "while (i < n) { if (i == k) { a = a + i; } i = i + 1; }"},
    {"invariant_condition", LoopClass::InvariantCondition, "while (i < n) { if (k > s) { a = a + i; } i = i + 1; }"},
    {"kept_or_replaced", LoopClass::InvariantCondition, "while (i < n) { if (k > s) { a = b * k; } i = i + 1; }"},
    {"kept_or_replaced_then_summed", LoopClass::InvariantCondition,
     "while (i < n) { if (k > s) { a = b * k; } c = c + a; i = i + 1; }"},
    {"rectangular", LoopClass::Nested,
     "while (i < n) { let T j = 0; while (j < k) { a = a + j; j = j + 1; } i = i + 1; }"},
    {"triangular", LoopClass::Nested,
     "while (i < n) { let T j = 0; while (j < i) { a = a + j; j = j + 1; } i = i + 1; }"},
    {"triangular_from_i", LoopClass::Nested,
     "while (i < n) { let T j = i; while (j < n) { a = a + 1; j = j + 1; } i = i + 1; }"},
    {"affine_bound", LoopClass::Nested,
     "while (i < n) { let T j = 0; while (j < 2 * i + 1) { a = a + j; j = j + 1; } i = i + 1; }"},
    {"follower", LoopClass::Linear, "while (i < n) { b = i * k; i = i + 1; }"},
    {"delayed_follower", LoopClass::Polynomial, "while (i < n) { a = a + b; b = i; i = i + 1; }"},
    {"continue", LoopClass::InvariantCondition, "while (i < n) { i = i + 1; if (k > s) { continue; } a = a + i; }"},
};

std::string program_text(std::string_view statements, bool wide) {
  const std::string type = wide ? "i64" : "i32";
  std::string text = "program p(" + type + " n";
  for (const std::string_view slot : {"s", "k", "i", "a", "b", "c"}) text += ", " + type + " " + std::string(slot);
  text += ") { " + std::string(statements) + " }";
  const auto replace = [&text](std::string_view from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
      text.replace(at, from.size(), to);
  };
  replace("T ", type + " ");
  replace("MIN", wide ? "-9223372036854775808L" : "-2147483648");
  return text;
}

opt::PassResult solved(const ast::Program& program) { return opt::solve_loops(program, {.spare_short_runs = false}); }

class SolveTest : public testing::TestWithParam<std::tuple<SolvedCase, bool>> {};

TEST_P(SolveTest, IsSolvedAndMeansTheSame) {
  const auto& [one, wide] = GetParam();
  const auto program = ast::parse_program(program_text(one.statements, wide));
  ASSERT_TRUE(program) << program.error().message;
  const opt::PassResult result = solved(*program);
  ASSERT_EQ(result.loops.size(), 1U);
  EXPECT_TRUE(result.loops[0].solved) << sentence(result.loops[0].reason);
  EXPECT_TRUE(result.loops[0].is(one.one_class));
  base::Rng rng(7);
  EXPECT_GT(agreed_runs(*program, result.program, 1000, rng), 15U);
}

INSTANTIATE_TEST_SUITE_P(Classes, SolveTest, testing::Combine(testing::ValuesIn(kSolved), testing::Bool()),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) +
                                  (std::get<1>(test.param) ? "_i64" : "_i32");
                         });

struct DeclinedCase {
  std::string_view name;
  Decline reason;
  std::string_view statements;
};

constexpr DeclinedCase kDeclined[] = {
    {"collatz", Decline::Condition,
     "while (a != 1) { if (a & 1) { a = 3 * a + 1; } else { a = a >>> 1; } i = i + 1; }"},
    {"gcd", Decline::MayTrap, "while (b != 0) { let T t = a % b; a = b; b = t; }"},
    {"square_map", Decline::NotARecurrence, "loop (n & 63) { a = a * a + k; }"},
    {"xorshift", Decline::NotARecurrence, "loop (n & 63) { a = a ^ (a >>> 3); }"},
    {"factorial", Decline::NotARecurrence, "while (i < n) { a = a * i; i = i + 1; }"},
    {"data_exit", Decline::ExitCondition, "while (a < n) { a = a * 3; }"},
    {"data_break", Decline::ExitCondition, "while (i < n) { if (k > s) { if (i > 3) { break; } } i = i + 1; }"},
    {"data_condition", Decline::Condition,
     "while (i < n) { if (a > 5) { a = a - i; } else { a = a * 3; } i = i + 1; }"},
    {"quadratic_exit", Decline::ExitCondition, "while (i * i < n) { i = i + 1; }"},
    {"returns", Decline::Leaves, "while (i < n) { if (a == 3) { return; } i = i + 1; }"},
    {"prints", Decline::Leaves, "while (i < n) { print i; i = i + 1; }"},
    {"may_trap", Decline::MayTrap, "while (i < n) { a = a + k / s; i = i + 1; }"},
    {"may_overflow", Decline::MayTrap, "while (i < n) { a = a + k / -1; i = i + 1; }"},
    {"endless", Decline::Endless, "while (1) { i = i + 1; }"},
    {"never_moving", Decline::Endless, "while (k < n) { i = i + 1; }"},
    {"moving_bound", Decline::ExitCondition, "while (i < n) { n = n - k; i = i + 1; }"},
    {"moving_step", Decline::ExitCondition, "while (i < n) { i = i + s; s = s + 1; }"},
    {"inner_not_solved", Decline::InnerLoop, "loop (n & 7) { while (a < k) { a = a * 3; } i = i + 1; }"},
};

class DeclineTest : public testing::TestWithParam<DeclinedCase> {};

TEST_P(DeclineTest, IsLeftAloneWithAReason) {
  const auto program = ast::parse_program(program_text(GetParam().statements, false));
  ASSERT_TRUE(program) << program.error().message;
  const opt::PassResult result = solved(*program);
  ASSERT_GE(result.loops.size(), 1U);
  EXPECT_FALSE(result.loops[0].solved);
  EXPECT_EQ(sentence(result.loops[0].reason), sentence(GetParam().reason));
  EXPECT_EQ(result.changes, 0U);
  EXPECT_TRUE(ast::same_program(*program, result.program));
}

INSTANTIATE_TEST_SUITE_P(Reasons, DeclineTest, testing::ValuesIn(kDeclined),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SolveFormsTest, TheLoopThatStartedItBecomesTwoStores) {
  const auto program = ast::parse_program("program p(i32 i, i32 sum) { loop (1000000) { sum = sum + i; i = i + 1; } }");
  const auto expected =
      ast::parse_program("program p(i32 i, i32 sum) { sum = i * 1000000 + sum + 1783293664; i = i + 1000000; }");
  EXPECT_EQ(ast::print_program(opt::solve_loops(*program).program), ast::print_program(*expected));
}

TEST(SolveFormsTest, StatementOrderCounts) {
  const auto program = ast::parse_program("program p(i32 i, i32 sum) { loop (1000000) { i = i + 1; sum = sum + i; } }");
  const auto expected =
      ast::parse_program("program p(i32 i, i32 sum) { sum = i * 1000000 + sum + 1784293664; i = i + 1000000; }");
  EXPECT_EQ(ast::print_program(opt::solve_loops(*program).program), ast::print_program(*expected));
}

TEST(SolveFormsTest, WhatIsKnownBeforeTheLoopIsUsed) {
  const auto program =
      ast::parse_program("program p(i32 i, i32 sum) { i = 0; sum = 0; while (i < 10) { sum = sum + i; i = i + 1; } }");
  const auto expected = ast::parse_program("program p(i32 i, i32 sum) { i = 0; sum = 0; i = 10; sum = 45; }");
  EXPECT_EQ(ast::print_program(opt::solve_loops(*program).program), ast::print_program(*expected));
}

TEST(SolveFormsTest, AFewIterationsOfACostlyFormStayALoop) {
  const auto program = ast::parse_program("program p(i32 a) { loop (5) { a = a * 3 + 1; } }");
  const opt::PassResult result = opt::solve_loops(*program);
  EXPECT_EQ(result.loops[0].reason, Decline::NotWorth);
}

std::string solved_text(std::string_view loop) {
  const auto program = ast::parse_program("program p(i32 n, i32 k, i32 i, i32 a, i32 b) { " + std::string(loop) + " }");
  return ast::print_program(opt::solve_loops(*program).program);
}

TEST(SolveFormsTest, AlikeCoefficientsAreMultipliedOnce) {
  EXPECT_NE(solved_text("while (i < n) { a = a - 3 * i; i = i + 1; }").find("a = (i * s0 + s2) * -3 + a;"),
            std::string::npos);
}

TEST(SolveFormsTest, AConditionThatStaysChoosesBetweenTheSums) {
  EXPECT_NE(solved_text("while (i < n) { if (k > 3) { a = a + i; } else { a = a - 2 * i; } i = i + 1; }")
                .find("a = select(k > 3, i * s0 + a + s2, (i * s0 + s2) * -2 + a);"),
            std::string::npos);
}

TEST(SolveFormsTest, ATruthTimesASmallNumberIsAProduct) {
  EXPECT_NE(solved_text("loop (8) { a = a + (k < i) * 3; b = b + (k < n); }").find("(k < n) * 8"), std::string::npos);
}

TEST(SolveFormsTest, AComparisonOfVariablesIsAskedWhereItDecides) {
  const std::string text = solved_text("while (i < n) { a = a + i; i = i + 1; }");
  EXPECT_NE(text.find("select(i < n, n - i, 0)"), std::string::npos) << text;
  EXPECT_EQ(text.find("= i < n;"), std::string::npos) << text;
}

// A campaign found one that took twenty times as long as its loop.
TEST(SolveFormsTest, PhasesThatWrapEveryFewIterationsStayALoop) {
  const auto loops_with = [](const std::string& step) {
    const auto program =
        ast::parse_program("program p(i32 t, i64 n, i32 d) { while (ge_u(extend_u(t), n)) { t = t + " + step + "; } }");
    return opt::solve_loops(*program).loops[0];
  };
  EXPECT_EQ(loops_with("2147483507").reason, Decline::ShortPhases);
  EXPECT_EQ(loops_with("-0x40000000").reason, Decline::ShortPhases);
  EXPECT_TRUE(loops_with("0x2000000").solved);
  EXPECT_TRUE(loops_with("-0x2000000").solved);
  EXPECT_TRUE(loops_with("d").solved) << "asks for the step at run time";
}

// A narrow counter, extended, does not go on for ever: in exits, conditions, remainders, followers, linear systems.
TEST(SolveFormsTest, AnExtendedCounterWrapsInItsOwnWidth) {
  constexpr std::string_view kLoops[] = {
      "while (extend_s(i) > 0L) { i = i + 0x30000000; a = a + 1; }",
      "while (extend_s(i) < n) { i = i + 0x10000001; a = a + 3; }",
      "while (extend_u(i) != 5L) { i = i + 0x11111111; a = a + 1; }",
      "loop (5) { b = extend_u(extend_s(i) <= 0L); i = i + 0x20000000; }",
      "loop (5) { b = extend_u(extend_s(i) <= n); i = i + 0x20000000; }",
      "loop (n & 63) { a = a + extend_s(i) % 3; i = i + 0x20000000; }",
      "loop (n & 63) { a = a + b; b = extend_s(i); i = i + 0x20000000; }",
      "loop (n & 63) { a = a * 3 + extend_u(i); i = i - 0x20000000; }",
  };
  base::Rng rng(20261128);
  for (const std::string_view loop : kLoops) {
    SCOPED_TRACE(loop);
    const auto program = ast::parse_program("program p(i32 i, i64 n, i64 a, i64 b) { " + std::string(loop) + " }");
    ASSERT_TRUE(program) << program.error().message;
    const opt::PassResult result = solved(*program);
    EXPECT_TRUE(result.loops[0].solved);
    EXPECT_GT(agreed_runs(*program, result.program, 200, rng), 0U);
  }
}

// A follower of an inner sum, whose count moves by steps of 2: the sum of the round before is no value of the closed
// form.
TEST(SolveFormsTest, AFollowerOfAnInnerSumIsNotContinuedBackwards) {
  constexpr std::string_view kHeads[] = {"while (gt_u(k - i, 1)) {", "while (i < k) {", "loop (n & 7) {"};
  constexpr std::string_view kInner[] = {"loop (k - i & 15) { q = q + j; j = j + 1; }",
                                         "while (j < k - i) { q = q + j * j; j = j + 1; }"};
  for (const std::string_view head : kHeads) {
    for (const std::string_view inner : kInner) {
      for (const std::string_view step : {"2", "3", "-2"}) {
        const std::string text = "program p(i32 k, i32 i, i32 n, i32 a, i32 t) { " + std::string(head) +
                                 " let i32 q = 0; let i32 j = 0; " + std::string(inner) +
                                 " a = a + t; t = q; i = i + " + std::string(step) + "; } }";
        SCOPED_TRACE(text);
        const auto program = ast::parse_program(text);
        ASSERT_TRUE(program) << program.error().message;
        const ast::Program after = solved(*program).program;
        for (std::uint64_t k = 0; k < 12; ++k) {
          const std::vector<std::uint64_t> frame = {k, 0, k, 0, 0};
          interp::Outcome expected;
          interp::Outcome got;
          interp::interpret(*program, frame, 100'000, expected);
          interp::interpret(after, frame, 100'000, got);
          if (expected.end == interp::End::OutOfFuel) continue;
          EXPECT_EQ(got.frame, expected.frame) << "k = " << k;
        }
      }
    }
  }
}

// Each value is chosen by a condition of its own and holds the one before.
TEST(SolveFormsTest, AChainOfChoicesGrowsByItsLength) {
  const auto nodes = [](int length) {
    std::string text = "program p(i32 n, i32 i, i32 y, i32 a, i32 b) { while (i < n) { let i32 t0 = a;";
    for (int k = 1; k < length; ++k) {
      const std::string number = std::to_string(k);
      text +=
          " let i32 t" + number + " = select(a < b + " + number + ", b, a) + rotl(t" + std::to_string(k - 1) + ", 1);";
    }
    const auto program = ast::parse_program(text + " y = t" + std::to_string(length - 1) + "; i = i + 1; } }");
    EXPECT_TRUE(program);
    const opt::PassResult result = solved(*program);
    EXPECT_TRUE(result.loops[0].solved);
    return result.program.node_count();
  };
  EXPECT_LT(nodes(24), 4 * nodes(12));
}

TEST(SolveFormsTest, ALoopThatIsNestedTooDeeplyForItsCopyIsLeftAlone) {
  for (int depth = 225; depth <= 250; ++depth) {
    std::string value = "i";
    for (int k = 0; k < depth; ++k) value = "(" + value + " ^ n)";
    const auto program =
        ast::parse_program("program p(i32 n, i32 i, i32 a) { while (i < n) { a = " + value + "; i = i + 1; } }");
    ASSERT_TRUE(program) << depth << program.error().message;
    EXPECT_TRUE(ast::verify(solved(*program).program).ok()) << depth;
  }
}

TEST(SolveFormsTest, ALongBodyIsLeftAloneAtOnce) {
  std::string body;
  for (int k = 0; k < 20'000; ++k) body += "a = a + " + std::to_string(k) + "; ";
  const auto program = ast::parse_program("program p(i32 n, i32 a) { loop (n) { " + body + "} }");
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(solved(*program).loops[0].reason, Decline::TooLarge);
}

TEST(SolveFormsTest, TheLoopsInsideOfADeclinedOneAreTried) {
  const auto program = ast::parse_program(
      "program p(i32 a, i32 i, i32 n) { while (a < n) { a = a * 3; i = 0; while (i < n) { i = i + 1; } } }");
  const opt::PassResult result = opt::solve_loops(*program);
  ASSERT_EQ(result.loops.size(), 2U);
  EXPECT_FALSE(result.loops[0].solved);
  EXPECT_TRUE(result.loops[1].solved);
}

}  // namespace
}  // namespace assay::scev
