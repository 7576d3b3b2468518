// Shapes of loops: names do not count, everything else does.
#include "smt/loop_shape.h"

#include <gtest/gtest.h>

#include <string>

#include "core/ast/text.h"
#include "smt/extract_loop.h"

namespace assay::smt {
namespace {

std::uint64_t shape(const std::string& text) {
  const auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return loop_shape(*program, loops_of(*program).front());
}

const std::string kSum = "program p(i32 n, i32 i, i32 s) { while (i < n) { s = s + i; i = i + 3; } }";

TEST(LoopShapeTest, NamesAndTheRestOfTheProgramDoNotCount) {
  EXPECT_EQ(shape(kSum), shape("program q(i64 z, i32 a, i32 b, i32 c) { z = 7; while (c < a) { b = b + c; c = c + 3; } "
                               "z = z * z; }"));
}

TEST(LoopShapeTest, ALocalCountsAsItsPlaceDoes) {
  EXPECT_EQ(shape("program p(i32 a, i32 b) { loop (3) { let i32 t = a; a = b; b = t; } }"),
            shape("program p(i32 x, i32 y) { loop (3) { let i32 other = x; x = y; y = other; } }"));
}

TEST(LoopShapeTest, WhichVariableIsWhichCounts) {
  EXPECT_NE(shape(kSum), shape("program p(i32 n, i32 i, i32 s) { while (i < n) { s = s + n; i = i + 3; } }"));
}

TEST(LoopShapeTest, ConstantsCount) {
  EXPECT_NE(shape(kSum), shape("program p(i32 n, i32 i, i32 s) { while (i < n) { s = s + i; i = i + 4; } }"));
}

TEST(LoopShapeTest, TypesCount) {
  EXPECT_NE(shape(kSum), shape("program p(i64 n, i64 i, i64 s) { while (i < n) { s = s + i; i = i + 3; } }"));
}

TEST(LoopShapeTest, OperatorsAndTheOrderOfStatementsCount) {
  EXPECT_NE(shape(kSum), shape("program p(i32 n, i32 i, i32 s) { while (i <= n) { s = s + i; i = i + 3; } }"));
  EXPECT_NE(shape(kSum), shape("program p(i32 n, i32 i, i32 s) { while (i < n) { i = i + 3; s = s + i; } }"));
}

TEST(LoopShapeTest, WhereABlockEndsCounts) {
  EXPECT_NE(shape("program p(i32 a, i32 b) { loop (3) { if (a) { b = 1; } a = 2; } }"),
            shape("program p(i32 a, i32 b) { loop (3) { if (a) { b = 1; a = 2; } } }"));
}

}  // namespace
}  // namespace assay::smt
