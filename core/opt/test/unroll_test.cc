// Specification of unrolling.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/ast/limits.h"
#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "core/interp/interpreter.h"
#include "core/opt/passes.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

void expect_unrolled(std::string_view before, std::string_view after) { expect_rewrite(unroll, before, after); }
void expect_unchanged(std::string_view text) { expect_rewrite(unroll, text, text); }

std::string repeated(std::string_view text, unsigned times) {
  std::string result;
  for (unsigned i = 0; i < times; ++i) result += text;
  return result;
}

TEST(UnrollTest, CopiesTheBodyOfASmallConstantCount) {
  expect_unrolled("loop (3) { a = a * b; }", "a = a * b; a = a * b; a = a * b;");
  expect_unrolled("loop (8L) { a = a * b; }", repeated("a = a * b;", 8));
  expect_unrolled("loop (1) { a = b; }", "a = b;");
  expect_unrolled("b = 1; loop (0) { a = b; } x = 2;", "b = 1; x = 2;");
}

TEST(UnrollTest, KeepsLargeConstantCountsOfSmallBodies) {
  expect_unchanged("loop (9) { a = a * b; }");
  expect_unchanged("loop (1000) { a = a * b; }");
}

TEST(UnrollTest, UnrollsLargeBodiesOfLargeConstantCountsByFour) {
  const std::string body = "a = a * b + (a ^ 3); b = b * a + (b ^ 5);";
  expect_unrolled("loop (101) { " + body + " }", "loop (25) { " + repeated(body, 4) + " } " + body);
  expect_unrolled("loop (103) { " + body + " }", "loop (25) { " + repeated(body, 4) + " } " + repeated(body, 3));
  expect_unrolled("loop (36L) { " + body + " }", "loop (9L) { " + repeated(body, 4) + " }");
  // The result would be unrolled again.
  expect_unchanged("loop (35) { " + body + " }");
}

TEST(UnrollTest, CountsWithoutASign) {
  const std::string body = "a = a * b + (a ^ 3); b = b * a + (b ^ 5); if (a > 7) { return; }";
  expect_unrolled("loop (-1) { " + body + " }", "loop (0x3fffffff) { " + repeated(body, 4) + " } " + repeated(body, 3));
}

TEST(UnrollTest, UnrollsUnknownCountsWithARemainder) {
  expect_unrolled("loop (a) { b = b * 3; }",
                  "let i32 u0 = a; loop (u0 >>> 2) { b = b * 3; b = b * 3; b = b * 3; b = b * 3; }"
                  "loop (u0 & 3) { b = b * 3; }");
  expect_unrolled("loop (x) { b = b * 3; }",
                  "let i64 u0 = x; loop (u0 >>> 2) { b = b * 3; b = b * 3; b = b * 3; b = b * 3; }"
                  "loop (u0 & 3) { b = b * 3; }");
}

TEST(UnrollTest, UnrollsAWhileThatCountsByOne) {
  const std::string runs =
      "loop (u0 >>> 2) { a = a + 1; a = a + 1; a = a + 1; a = a + 1; } loop (u0 & 3) { a = a + 1; } }";
  for (const char* const condition : {"a < b", "b > a", "lt_u(a, b)", "gt_u(b, a)", "a != b", "b != a"}) {
    expect_unrolled("while (" + std::string(condition) + ") { a = a + 1; }",
                    "if (" + std::string(condition) + ") { let i32 u0 = b - a; " + runs);
  }
  expect_unrolled("while (a < 1000) { a = a + 1; }", "if (a < 1000) { let i32 u0 = 1000 - a; " + runs);
  const std::string falling =
      "loop (u0 >>> 2) { " + repeated("x = x - 1L; b = b * 3;", 4) + " } loop (u0 & 3) { x = x - 1L; b = b * 3; } }";
  for (const char* const condition : {"x > y", "y < x", "gt_u(x, y)", "lt_u(y, x)", "x != y"}) {
    expect_unrolled("while (" + std::string(condition) + ") { x = x - 1L; b = b * 3; }",
                    "if (" + std::string(condition) + ") { let i64 u0 = x - y; " + falling);
  }
}

TEST(UnrollTest, KeepsAWhileWhoseRunsAreNotKnown) {
  for (const char* const loop : {
           "while (a < b) { a = a + 2; }",                            // jumps over the bound
           "while (a < b) { a = a - 1; }",                            // away from it
           "while (a > b) { a = a + 1; }",                            //
           "while (a <= b) { a = a + 1; }",                           // is the bound the greatest number?
           "while (a < b) { a = a + 1; b = b - 1; }",                 // the bound moves
           "while (a < b) { if (x) { b = 7; } a = a + 1; }",          //
           "while (a < b) { if (x) { a = a + 1; } }",                 // not every time
           "while (a < b) { a = a + 1; if (x) { a = a + 1; } }",      // or twice
           "while (a < b) { a = b + 1; }",                            // not by a step
           "while (a < b) { a = a * 1; }",                            //
           "while (a < b + 1) { a = a + 1; }",                        // hoisting gives the bound a name
           "while (a < b) { a = a + 1; if (x) { break; } }",          //
           "while (a < b) { a = a + 1; if (x) { continue; } }",       //
           "while (a < b) { a = a + 1; while (x) { x = x >> 1; } }",  // not innermost
           "while (a < b) { }",                                       //
       }) {
    expect_unchanged(loop);
  }
}

TEST(UnrollTest, KeepsAWhileThatWouldBeTooDeep) {
  std::string value = "b";
  for (unsigned i = 0; i < 16; ++i) value = (i % 2 == 0 ? "neg(" : "clz(") + value + ")";
  const auto nested = [&value](unsigned levels) {
    std::string text = "while (a < 1000) { b = " + value + "; a = a + 1; }";
    for (unsigned i = 0; i < levels; ++i) text = "if (x) { " + text + " b = b / a; }";
    return text;
  };
  // A `while`, a store, 16 operators and a load, and one more level once it is unrolled.
  expect_unchanged(nested(ast::kMaxDepth - 19));
  const auto program = ast::parse_program("program p(i32 a, i32 b, i64 x) { " + nested(ast::kMaxDepth - 20) + " }");
  ASSERT_TRUE(program);
  const PassResult result = unroll(*program);
  EXPECT_EQ(result.changes, 1U);
  EXPECT_TRUE(ast::verify(result.program));
}

TEST(UnrollTest, EvaluatesTheCountOnce) {
  expect_unrolled("loop (a / b) { b = b + 1; a = a - b; }",
                  "let i32 u0 = a / b; loop (u0 >>> 2) { b = b + 1; a = a - b; b = b + 1; a = a - b; b = b + 1;"
                  "a = a - b; b = b + 1; a = a - b; } loop (u0 & 3) { b = b + 1; a = a - b; }");
}

TEST(UnrollTest, GivesLocalsNewNames) {
  expect_unrolled("loop (2) { let i32 t = a + b; if (t) { let i64 s = x; y = s; } a = t; } let i32 t = 1; b = t;",
                  "let i32 u0 = a + b; if (u0) { let i64 u1 = x; y = u1; } a = u0;"
                  "let i32 u2 = a + b; if (u2) { let i64 s = x; y = s; } a = u2; let i32 t = 1; b = t;");
}

TEST(UnrollTest, TakesNoNameThatIsInUse) {
  expect_unrolled(
      "let i32 u0 = a; let i32 u2 = u0; loop (2) { let i32 t = b; u0 = t; u2 = t; }",
      "let i32 u0 = a; let i32 u2 = u0; let i32 u1 = b; u0 = u1; u2 = u1; let i32 u3 = b; u0 = u3; u2 = u3;");
}

TEST(UnrollTest, UnrollsInnerLoopsFirst) {
  expect_unrolled("loop (2) { b = 1; loop (2) { a = a * b; } }",
                  "b = 1; a = a * b; a = a * b; b = 1; a = a * b; a = a * b;");
  expect_unrolled("loop (2) { let i32 t = b; loop (2) { let i32 s = t; a = s; } }",
                  "let i32 u2 = b; let i32 u3 = u2; a = u3; let i32 u4 = u2; a = u4;"
                  "let i32 u5 = b; let i32 u6 = u5; a = u6; let i32 u7 = u5; a = u7;");
}

TEST(UnrollTest, KeepsLoopsThatJump) {
  expect_unchanged("loop (3) { a = a + 1; if (a) { break; } }");
  expect_unchanged("loop (a) { b = b + 1; if (b) { continue; } x = 1; }");
}

TEST(UnrollTest, DoesNotMindJumpsOfInnerLoops) {
  expect_unrolled("loop (2) { while (a) { a = a - 1; break; } }",
                  "while (a) { a = a - 1; break; } while (a) { a = a - 1; break; }");
}

TEST(UnrollTest, DoesNotMindReturns) {
  expect_unrolled("loop (2) { a = a + 1; if (a) { return a; } }",
                  "a = a + 1; if (a) { return a; } a = a + 1; if (a) { return a; }");
}

TEST(UnrollTest, KeepsWhileLoopsAndOuterLoopsOfUnknownCount) {
  expect_unchanged("while (a) { a = a - 1; }");
  expect_unchanged("loop (a) { while (b) { b = b - 1; } }");
  expect_unchanged("loop (a) { }");
}

TEST(UnrollTest, KeepsLargeBodies) {
  expect_unchanged("loop (a) { " + repeated("b = b * 3;", 11) + " }");
  expect_unchanged("loop (8) { " + repeated("b = b * 3;", 9) + " }");
}

TEST(UnrollTest, KeepsCountsThatAreSmallOrDivided) {
  expect_unchanged("loop (a & 3) { b = b * 3; }");
  expect_unchanged("loop (a >>> 2) { b = b * 3; }");
}

TEST(UnrollTest, StaysWithinTheDepth) {
  // The loop's statements stand at the deepest level but one, where the new counts find no room.
  const std::string ifs = repeated("if (a) { ", ast::kMaxDepth - 2);
  const std::string ends = repeated("}", ast::kMaxDepth - 2);
  expect_unchanged(ifs + "loop (a) { return; }" + ends);
}

TEST(UnrollTest, GrowsAProgramWithinBounds) {
  const std::string text = repeated("loop (8) { a = a + 1; }", 20'000);
  const ast::Program program = parsed_body(text);
  const PassResult result = unroll(program);
  EXPECT_GT(result.changes, 1'000U);
  EXPECT_LE(result.program.node_count(), 2 * program.node_count() + 4096);
}

// Programs with loops worth unrolling; a and x count.
constexpr std::array kLoops = {
    "loop (a) { b = b * 3 + 1; }",
    "loop (x) { b = b * 3 + 1; }",
    "loop (a) { let i32 t = b; b = b + a; a = t; }",
    "loop (a) { a = a + 1; b = b + a; }",
    "loop (a) { b = 100 / (b - 3); y = y + 1; }",
    "loop (a) { b = b + 1; if (b == 7) { return b; } y = y * 5 + 1; }",
    "loop (a) { print b; b = b - 2; }",
    "loop (a) { loop (2) { let i32 t = b; b = t * 3; if (t == 9) { return; } } print b; }",
    "loop (a) { loop (b & 15) { y = y + 3; } b = b + 1; }",
    "loop (4) { loop (a) { let i64 s = y; y = s + x; } a = a + 1; }",
    "loop (3) { let i32 t = a; loop (t) { let i32 t2 = t + b; b = t2; } let i32 t3 = b; y = y + extend_s(t3); }",
    "loop (a) { if (b & 1) { b = b * 3 + 1; } else { b = b >> 1; } }",
    "loop (37) { a = a * b + (a ^ 3); b = b * a + (b ^ 5); if (a == 5) { return a; } }",
    "loop (7) { while (b > 10) { b = b - 3; if (b == 12) { break; } } b = b + a; }",
    "let i32 n = a + b; loop (n & 15) { loop (x & 15) { y = y + 1; } n = n + 1; } print n;",
    "if (a) { loop (a) { b = b + 7; } } else { loop (b) { a = a - 3; } }",
};

TEST(UnrollTest, RunsEveryLoopAsOftenAsBefore) {
  for (const std::string_view text : kLoops) {
    const ast::Program before = parsed_body(text);
    const PassResult result = unroll(before);
    EXPECT_GT(result.changes, 0U) << text;
    expect_same_behaviour(before, result.program);
    for (const std::uint64_t count : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 10U, 35U}) {
      for (const std::uint64_t other : {0U, 1U, 3U, 7U, 0x7FFFFFFFU}) {
        const std::array<std::uint64_t, 4> frame{count, other, count, 11};
        interp::Outcome expected;
        interp::Outcome got;
        interp::interpret(before, frame, 100'000, expected);
        interp::interpret(result.program, frame, 100'000, got);
        if (expected.end == interp::End::OutOfFuel) continue;
        EXPECT_EQ(expected.end, got.end) << text;
        EXPECT_EQ(expected.frame, got.frame) << text << ", count " << count;
        EXPECT_EQ(expected.stack, got.stack) << text;
        EXPECT_EQ(expected.printed, got.printed) << text;
      }
    }
  }
}

TEST(UnrollTest, KeepsTheBehaviourOfRandomPrograms) { expect_sound_on_random_programs(unroll, 3'000); }

}  // namespace
}  // namespace assay::opt
