// Programs as containers, and when two are the same; see core/ast/program.h.
#include "core/ast/program.h"

#include <gtest/gtest.h>

#include "core/ast/builder.h"
#include "core/ast/test/support.h"

namespace assay::ast {
namespace {

TEST(ProgramTest, BeginsEmpty) {
  const Program program;
  EXPECT_EQ(program.name(), "program");
  EXPECT_EQ(program.variable_count(), 0U);
  EXPECT_EQ(program.node_count(), 0U);
  EXPECT_FALSE(program.body().valid());
}

TEST(ProgramTest, KeepsSlotsAndLocalsApart) {
  Program program;
  const VarId slot = program.add_slot("s", Type::I64);
  const VarId local = program.add_local("t", Type::I32);
  EXPECT_EQ(program.slot_count(), 1U);
  EXPECT_EQ(program.variable_count(), 2U);
  EXPECT_TRUE(program.is_slot(slot));
  EXPECT_FALSE(program.is_slot(local));
  EXPECT_EQ(program.variable_name(local), "t");
  EXPECT_EQ(program.variable_type(slot), Type::I64);
}

TEST(ProgramTest, AVariableCanBeRenamed) {
  Program program;
  const VarId first = program.add_slot("first", Type::I32);
  const VarId second = program.add_slot("second", Type::I32);
  program.set_variable_name(first, "renamed");
  EXPECT_EQ(program.variable_name(first), "renamed");
  EXPECT_EQ(program.variable_name(second), "second");
}

TEST(ProgramTest, ANodeIsTwentyBytes) { EXPECT_EQ(sizeof(Node), 20U); }

TEST(ProgramTest, AConstantHasItsBitsInTwoHalves) {
  Program program;
  const NodeId id = Builder(program).i64(-2);
  EXPECT_EQ(program.node(id).bits(), 0xFFFFFFFFFFFFFFFEULL);
}

TEST(ProgramTest, PositionsAreUnknownUnlessSet) {
  Program program;
  Builder build(program);
  const NodeId first = build.i32(1);
  const NodeId second = build.i32(2);
  EXPECT_FALSE(program.position(second).known());
  program.set_position(second, {3, 4});
  EXPECT_EQ(program.position(second), (base::SourcePosition{3, 4}));
  EXPECT_FALSE(program.position(first).known());
}

TEST(ProgramTest, ClearForgetsEverything) {
  Program program = parsed_body("let i32 t = 1; a = t;");
  program.clear();
  EXPECT_TRUE(same_program(program, Program{}));
  EXPECT_FALSE(program.position(NodeId{0}).known());
}

TEST(SameProgramTest, IgnoresTheOrderInTheArenaDeadNodesAndPositions) {
  const Program text = parsed("program p(i32 a) { a = a + 1; }");
  Program built;
  built.set_name("p");
  Builder build(built);
  const VarId a = build.slot("a", Type::I32);
  build.i32(99);
  const NodeId one = build.i32(1);
  const NodeId sum = build.binary(Op::Add, build.load(a), one);
  build.body({build.store(a, sum)});
  EXPECT_TRUE(same_program(text, built));
}

struct Different {
  const char* left;
  const char* right;
};

class DifferentPrograms : public testing::TestWithParam<Different> {};

TEST_P(DifferentPrograms, AreNotTheSame) {
  const Program left = parsed(GetParam().left);
  const Program right = parsed(GetParam().right);
  EXPECT_TRUE(same_program(left, left));
  EXPECT_TRUE(same_program(right, right));
  EXPECT_FALSE(same_program(left, right));
  EXPECT_FALSE(same_program(right, left));
}

INSTANTIATE_TEST_SUITE_P(
    All, DifferentPrograms,
    testing::Values(
        Different{"program p() { }", "program q() { }"},                                              // name
        Different{"program p(i32 a) { }", "program p() { }"},                                         // slots
        Different{"program p(i32 a) { }", "program p(i32 b) { }"},                                    // slot name
        Different{"program p(i32 a) { }", "program p(i64 a) { }"},                                    // slot type
        Different{"program p(i32 a) { }", "program p() { let i32 a = 0; }"},                          // slot or local
        Different{"program p() { push 1; }", "program p() { push 2; }"},                              // value
        Different{"program p() { push 1; }", "program p() { push 1L; }"},                             // type
        Different{"program p() { push 1L; }", "program p() { push 4294967297L; }"},                   // high half
        Different{"program p() { push 1; }", "program p() { print 1; }"},                             // kind
        Different{"program p() { push 1; }", "program p() { push 1; push 1; }"},                      // length
        Different{"program p() { return; }", "program p() { return 0; }"},                            // value or none
        Different{"program p(i32 a, i32 b) { a = a; }", "program p(i32 a, i32 b) { a = b; }"},        // loaded
        Different{"program p(i32 a, i32 b) { a = a; }", "program p(i32 a, i32 b) { b = a; }"},        // stored
        Different{"program p(i32 a) { a = clz(a); }", "program p(i32 a) { a = ctz(a); }"},            // unary
        Different{"program p(i32 a) { a = a + 1; }", "program p(i32 a) { a = a - 1; }"},              // binary
        Different{"program p(i32 a) { a = a - 1; }", "program p(i32 a) { a = 1 - a; }"},              // operand order
        Different{"program p(i32 a) { a = a < 1; }", "program p(i32 a) { a = lt_u(a, 1); }"},         // comparison
        Different{"program p(i64 a) { a = extend_s(1); }", "program p(i64 a) { a = extend_u(1); }"},  // conversion
        Different{"program p(i32 a) { a = select(1, 2, 3); }", "program p(i32 a) { a = select(1, 3, 2); }"},
        Different{"program p() { if (1) { push 1; } }", "program p() { if (1) { } else { push 1; } }"},
        Different{"program p() { if (1) { push 1; } }", "program p() { if (1) { push 1; } else { push 1; } }"},
        Different{"program p() { loop (1) { } }", "program p() { while (1) { } }"},
        Different{"program p() { loop (1) { break; } }", "program p() { loop (1) { continue; } }"}));

}  // namespace
}  // namespace assay::ast
