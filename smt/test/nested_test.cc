// Loops within loops: proved by a summary of the inner loop that is proved itself, and refuted with one thing wrong.
#include <gtest/gtest.h>

#include <algorithm>
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
  std::string_view right;  // in the solved program
  std::string_view wrong;
};

constexpr std::string_view kTriangular =
    "while (i < n) { let i32 j = 0; while (j < i) { a = a + j; j = j + 1; } i = i + 1; }";
constexpr std::string_view kAffineBound =
    "while (i < n) { let i32 j = 0; while (j < 2 * i + 3) { a = a + j; j = j + 1; } i = i + 1; }";

constexpr std::array<Case, 9> kCases = {{
    {"rectangular_without_its_guard",
     "while (i < n) { let i32 j = 0; while (j < s) { a = a + i * j; j = j + 1; } i = i + 1; }", "select(s >= 0, s, 0)",
     "s"},
    {"triangular_count_off_by_one", kTriangular, "select(i >= 0, i, 0)", "select(i >= 0, i + 1, 0)"},
    {"triangular_without_its_guard", kTriangular, "select(i >= 0, i, 0)", "i"},
    {"triangular_phase_too_long", kTriangular, "0) - i;", "0) - i + 4;"},
    {"triangular_sign", kTriangular, "i * s4 + s8", "i * s4 - s8"},
    {"triangular_from_i", "while (i < n) { let i32 j = i; while (j < s) { a = a + j; j = j + 1; } i = i + 1; }",
     "select(i < s, s - i, 0)", "select(i < s, s - i + 1, 0)"},
    {"affine_bound", kAffineBound, "select(s4, i * 2 + 5, 0)", "select(s4, i * 2 + 4, 0)"},
    {"affine_bound_coefficient", kAffineBound, "s15 * -2", "s15 * -1"},
    {"counted", "loop (n) { loop (s) { a = a + b; b = b + c; } }", "s * s * s3", "s * s3"},
}};

class NestedTest : public testing::TestWithParam<Case> {
 protected:
  Solver solver_;
  ProofLimits limits_{2000, false};
  Theorems theorems_{solver_, limits_};
};

std::string program_of(std::string_view loop) {
  return "program p(i32 n, i32 i, i32 s, i32 a, i32 b, i32 c, i32 d) { " + std::string(loop) + " }";
}

TEST_P(NestedTest, IsProvedAndWithOneThingWrongRefuted) {
  const ast::Program before = parsed(program_of(GetParam().loop));
  const ast::Program after = opt::solve_loops(before).program;
  const Proof proof = prove_solved_loop(before, after, solver_, theorems_, limits_);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
  EXPECT_TRUE(std::any_of(proof.obligations.begin(), proof.obligations.end(),
                          [](const Obligation& one) { return one.name.starts_with("inner loop: "); }));

  std::string text = ast::print_program(after);
  const std::size_t place = text.find(GetParam().right);
  ASSERT_NE(place, std::string::npos) << text;
  text.replace(place, GetParam().right.size(), GetParam().wrong);
  const ast::Program wrong = parsed(text);
  const Proof refuted = prove_solved_loop(before, wrong, solver_, theorems_, limits_);
  ASSERT_EQ(refuted.answer, Answer::Refuted) << refuted.reason << "\n" << text;
  EXPECT_FALSE(agree_on(before, wrong, refuted.counterexample));
}

INSTANTIATE_TEST_SUITE_P(Nests, NestedTest, testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

using NestedProofTest = NestedTest;

TEST_F(NestedProofTest, AnInnerLoopThatIsNotSolvedMakesTheWholeUnknown) {
  const ast::Program before = parsed(program_of("loop (n) { while (a < s) { a = a * 3; } }"));
  const Proof proof = prove_solved_loop(before, parsed(program_of("i = i + 0;")), solver_, theorems_, limits_);
  EXPECT_NE(proof.answer, Answer::Proved);
}

TEST_F(NestedProofTest, AStepThatIsASymbolIsProved) {
  const ast::Program before =
      parsed(program_of("loop (n) { let i32 j = 0; while (j < i) { a = a + j; j = j + 1; } i = i + d; }"));
  const Proof proof = prove_solved_loop(before, opt::solve_loops(before).program, solver_, theorems_, limits_);
  EXPECT_EQ(proof.answer, Answer::Proved) << proof.reason;
}

// An inner count that wraps is no natural number: without the limit of the phase nothing is proved.
TEST_F(NestedProofTest, AnInnerCountThatMayWrapIsNotProved) {
  const std::string loop = "loop (n) { loop (i) { a = a + b; b = b + 1; } i = i + 1; }";
  const ast::Program before = parsed(program_of(loop));
  const ast::Program after = opt::solve_loops(before).program;
  EXPECT_EQ(prove_solved_loop(before, after, solver_, theorems_, limits_).answer, Answer::Proved);
  std::string text = ast::print_program(after);
  const std::size_t limit = text.find("-1 - i");
  ASSERT_NE(limit, std::string::npos) << text;
  text.replace(limit, 6, "-1");
  EXPECT_NE(prove_solved_loop(before, parsed(text), solver_, theorems_, limits_).answer, Answer::Proved);
}

}  // namespace
}  // namespace assay::smt
