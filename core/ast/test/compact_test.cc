// Edited programs put back in order; see core/ast/compact.h.
#include "core/ast/compact.h"

#include <gtest/gtest.h>

#include "core/ast/builder.h"
#include "core/ast/test/support.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace {

Program compacted(const Program& program) {
  Program result;
  compact(program, result);
  return result;
}

TEST(CompactTest, LeavesAProgramInOrderTheSame) {
  const Program program = parsed_body(
      "let i32 t = a + 1; if (t < b) { let i64 u = x; y = select(a, u, 3); } else { print t; } "
      "loop (t) { while (x) { break; } continue; } push ~b; push wrap(y); if (a) { return; } return clz(x);");
  const Program result = compacted(program);
  EXPECT_TRUE(verify(result));
  EXPECT_TRUE(same_program(result, program));
}

TEST(CompactTest, NumbersLocalsInTheOrderOfTheirLet) {
  Program program;
  Builder build(program);
  const VarId second = build.local("second", Type::I32);
  const VarId first = build.local("first", Type::I64);
  build.body({build.let(first, build.i64(1)), build.let(second, build.i32(2)), build.push(build.load(first))});
  ASSERT_FALSE(verify(program));
  const Program result = compacted(program);
  EXPECT_TRUE(verify(result));
  EXPECT_TRUE(same_program(result, parsed("program program() { let i64 first = 1; let i32 second = 2; push first; }")));
}

TEST(CompactTest, DropsLocalsWithoutALet) {
  Program program;
  Builder build(program);
  build.local("unused", Type::I32);
  ASSERT_FALSE(verify(program));
  EXPECT_EQ(compacted(program).variable_count(), 0U);
}

TEST(CompactTest, DropsDeadNodes) {
  Program program = parsed_body("a = 1; b = 2;");
  program.node(program.body()).next = NodeId::none();
  EXPECT_EQ(compacted(program).node_count(), 2U);
}

TEST(CompactTest, KeepsPositions) {
  const Program program = parsed("program p(i32 a) {\n  a = 1;\n}");
  const Program result = compacted(program);
  EXPECT_EQ(result.position(result.body()), (base::SourcePosition{2, 3}));
}

TEST(CompactTest, LeavesWhatElseIsWrongToTheVerifier) {
  Program program;
  Builder build(program);
  const VarId local = build.local("t", Type::I32);
  const NodeId let = build.let(local, build.i32(1));
  build.body({build.push(build.load(local)), let});
  const auto verified = verify(compacted(program));
  EXPECT_FALSE(verified);
}

TEST(CompactTest, EndsOnACycle) {
  Program program;
  Builder build(program);
  const NodeId statement = build.push(build.i32(1));
  program.node(statement).next = statement;
  program.set_body(statement);
  EXPECT_FALSE(verify(compacted(program)));
}

}  // namespace
}  // namespace assay::ast
