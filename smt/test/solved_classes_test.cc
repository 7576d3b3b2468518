// Loops whose closed forms are no polynomials: each is proved as SCEV-Lite solves it, and no longer proved, but refuted
// by an input that running confirms, when one thing in the emitted statements is another.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/opt/passes.h"
#include "smt/counterexample.h"
#include "smt/loop_proof.h"
#include "smt/test/parsed.h"

namespace assay::smt {
namespace {

struct Case {
  std::string_view name;
  std::string_view loop;
  // What stands in the solved program, and what it is replaced by; empty: the proof alone is of interest.
  std::string_view right;
  std::string_view wrong;
};

constexpr std::array<Case, 48> kCases = {{
    {"affine", "while (i < n) { a = a * s + b; i = i + 1; }", "s3 = s1 + s2 * s3;", "s3 = s2 + s1 * s3;"},
    {"affine_not_squared", "while (i < n) { a = a * s + b; i = i + 1; }", "s2 = s2 * s2;", "s2 = s2 + s2;"},
    {"affine_first_twice", "while (i < n) { a = a * s + b; i = i + 1; }", "let i32 s4 = s0;", "let i32 s4 = s0 + 1;"},
    {"geometric_sum", "while (i < n) { a = a * 3; b = b + a; i = i + 1; }", "s2 = s2 * s1 + s2;", "s2 = s2 * s1 + s1;"},
    {"affine_of_the_counter", "while (i < n) { a = a * 3 + i; i = i + 1; }", "s5 = s1 + s5;", "s5 = s1 + s5 + 1;"},
    {"fibonacci", "while (i < n) { let i32 t = a + b; a = b; b = t; i = i + 1; }", "s1 = s1 * s1 + s5;",
     "s1 = s1 * s1 - s5;"},
    {"fibonacci_from_another_bit", "while (i < n) { let i32 t = a + b; a = b; b = t; i = i + 1; }", "32 - clz(s3)",
     "31 - clz(s3)"},
    {"fibonacci_behind", "while (i < n) { let i32 t = a + b; a = b; b = t; i = i + 1; }", "b * s2 + s7", "b * s1 + s7"},
    {"xor_of_the_counter", "while (i < n) { a = a ^ i; i = i + 1; }", "(i + s0 + -1)", "(i + s0)"},
    {"xor_of_an_invariant", "while (i < n) { a = a ^ s; i = i + 1; }", "(s0 & 1)", "(s0 & 3)"},
    {"or_of_an_invariant", "while (i < n) { a = a | s; i = i + 1; }", "select(s0 != 0, a | s, a)", "a | s"},
    {"minimum", "while (i < n) { a = select(i < a, i, a); i = i + 1; }", "select(i < a, select(",
     "select(lt_u(i, a), select("},
    {"minimum_in_phases", "loop (n) { a = select(i < a, i, a); i = i + d; }", "2147483647 - i", "-1 - i"},
    {"swap", "while (i < n) { let i32 t = a; a = b; b = t; i = i + 1; }", "loop (s2)", "loop (s2 ^ 1)"},
    {"swap_too_few", "while (i < n) { let i32 t = a; a = b; b = t; i = i + 1; }", "i = i + s1 * 2;", "i = i + s1;"},
    {"parity", "while (i < n) { if (i & 1) { a = a + i; } i = i + 1; }", "(i + 1 & 1) != 0", "(i + 2 & 1) != 0"},
    {"split_range", "while (i < n) { if (i < s) { a = a + i; } else { a = a - 1; } i = i + 1; }",
     "select(i < s, s - i,", "select(i < s, n - i,"},
    {"split_range_no_progress", "while (i < n) { if (i < s) { a = a + i; } else { a = a - 1; } i = i + 1; }", "a - s2",
     "a - s2 - 1"},
    {"split_range_of_a_count", "loop (n) { if (i < s) { a = a + i; } else { a = a - 1; } i = i + 1; }", "s0 = s0 - s2;",
     "s0 = s0 - s2 - 1;"},
    {"step_of_three", "while (i < n) { a = a + i; i = i + 3; }", "div_u(s0, 3) + 1", "div_u(s0, 3) + 2"},
    {"symbolic_step", "while (i < n) { a = a + i; i = i + d; }", "(d == 0)) + 1", "(d == 0)) + 2"},
    {"break_in_a_count", "loop (n) { if (i > s) { break; } a = a + i; i = i + 1; }", "s0 = s0 - s2;",
     "s0 = s0 - s2 + 1;"},
    {"break_last_in_a_count", "loop (n) { a = a + i; i = i + 1; if (i == s) { break; } }", "if (s1 != n)",
     "if (s1 != s)"},
    {"exit_that_the_first_iteration_decides", "loop (n) { a = s; if (b < a) { break; } }", "select(s2 != 0, s, a)",
     "select(s2 != 0, b, a)"},
    // Exits by != whose count is an inverse.
    {"not_equal_odd", "while (i != n) { a = a + i; i = i + 5; }", "n * -858993459 + i * 858993459",
     "n * -858993457 + i * 858993457"},
    {"not_equal_falling", "while (i != n) { a = a + s; i = i - 3; }", "n * 1431655765", "n * 1431655767"},
    {"not_equal_even", "while (i != n) { a = a + i; i = i + 6; }", "* -1431655765 &", "* 1431655765 &"},
    {"not_equal_even_shift", "while (i != n) { a = a + i; i = i + 6; }", ">>> 1)", ">>> 2)"},
    {"not_equal_or_a_break", "while (i != n) { i = i + 893; b = s; if (c != d) { break; } }", "-1, 0)", "-1, 1)"},
    // Periods that are no power of two, and what only follows within them.
    {"remainder", "loop (n) { if (i % 3 == 0) { a = a + i; } i = i + 1; }", "rem_u(s2, 3)", "rem_u(s2, 2)"},
    {"remainder_condition", "loop (n) { if (i % 3 == 0) { a = a + i; } i = i + 1; }", "s8 % 3 == 0", "s8 % 3 == 1"},
    {"unsigned_remainder", "while (i < n) { if (rem_u(i, 3) == 1) { a = a + 1; } i = i + 1; }", "rem_u(i, 3)",
     "rem_u(i, 2)"},
    {"rotation", "loop (n) { let i32 t = a; a = b; b = c; c = t; }", "rem_u(n, 3)", "rem_u(n, 2)"},
    {"alternating_sum", "while (i < n) { b = b + a * i; a = -a; i = i + 1; }", "b - a * s1", "b + a * s1"},
    // The first iteration is another than the rest.
    {"peeled", "while (i < n) { a = a + b; b = i; i = i + 1; }", "s0 + -1;", "s0;"},
    {"peeled_sum", "while (i < n) { a = a + b; b = i; i = i + 1; }", "a + b * s1 + s3", "a + b * s1"},
    {"peeled_with_a_break_in_a_count",
     "loop (60) { a = a + b; b = 7; if (!(i < n)) { b = c; break; } a = a - i; i = i + 1; }", "if (s1 != 60)",
     "if (s1 != 59)"},
    {"follower", "while (i < n) { b = i * s; i = i + 1; }", "(i + s0 + -1)", "(i + s0)"},
    // Ranges of bits.
    {"and_of_the_counter", "while (i < n) { a = a & i; i = i + 1; }", "s2 + -1", "s2 + -2"},
    {"or_of_the_counter", "while (i < n) { a = a | i; i = i + 1; }", "s2 + -1", "s2 + -2"},
    {"and_of_the_counter_with_a_stride", "while (i < n) { a = a & i; i = i + 4; }", "& -4, 0)", "& -8, 0)"},
    {"or_of_the_counter_with_a_stride", "while (i < n) { a = a | i; i = i + 4; }", "& -4, 0)", "& -2, 0)"},
    {"maximum", "while (i < n) { if (i > a) { a = i; } i = i + 1; }", "select(s0 != 0, i + s0 + -1, a)",
     "select(s0 != 0, i + s0, a)"},
    // Doubling with a constant beside it, with another slot that only follows, and of order 3.
    {"affine_fibonacci", "loop (n) { let i32 t = a + b + s; a = b; b = t; i = i + 1; }", "(s + b) * 2 + a",
     "(s + b) * 3 + a"},
    {"affine_with_follower", "while (i < n) { a = a * s + b; c = 7; i = i + 1; }", "7, c)", "8, c)"},
    {"affine_of_the_counter_under_a_condition", "while (i != n) { if (i < s) { a = a * b + i; } i = i + 1; }",
     "select(i < s, i, 0)", "select(i < s, i, 1)"},
    {"sum_of_seventh_powers", "loop (n) { a = a + i * i * i * i * i * i * i; i = i + 3; }", "s13 * 11022480",
     "s13 * 11022481"},
    {"order_3", "loop (n) { let i32 t = 2 * a - b + 3 * c; a = b; b = c; c = t; }", "a * 6", "a * 5"},
}};

class SolvedClassTest : public testing::TestWithParam<Case> {
 protected:
  Solver solver_;
  ProofLimits limits_{3000, false};
  Theorems theorems_{solver_, limits_};
};

std::string program_of(const Case& one) {
  return "program p(i32 n, i32 i, i32 s, i32 a, i32 b, i32 c, i32 d) { " + std::string(one.loop) + " }";
}

TEST_P(SolvedClassTest, IsProvedAndWithOneThingWrongRefuted) {
  const ast::Program before = parsed(program_of(GetParam()));
  const ast::Program after = opt::solve_loops(before).program;
  const Proof proof = prove_solved_loop(before, after, solver_, theorems_, limits_);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
  EXPECT_FALSE(proof.obligations.empty());

  std::string text = ast::print_program(after);
  const std::size_t place = text.find(GetParam().right);
  ASSERT_NE(place, std::string::npos) << text;
  text.replace(place, GetParam().right.size(), GetParam().wrong);
  const ast::Program wrong = parsed(text);
  const Proof refuted = prove_solved_loop(before, wrong, solver_, theorems_, limits_);
  ASSERT_EQ(refuted.answer, Answer::Refuted) << refuted.reason << "\n" << text;
  EXPECT_FALSE(agree_on(before, wrong, refuted.counterexample));
}

INSTANTIATE_TEST_SUITE_P(Classes, SolvedClassTest, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace assay::smt
