// What the verifier refuses, and what may be asked of what it accepts; see core/ast/verify.h.
//
// The parser reports most mistakes itself, so the programs here are damaged after parsing, or built.
#include "core/ast/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/ast/builder.h"
#include "core/ast/limits.h"
#include "core/ast/test/support.h"

namespace assay::ast {
namespace {

using testing::HasSubstr;

std::string complaint(const Program& program) {
  const auto verified = verify(program);
  return verified ? "" : verified.error().describe();
}

TEST(VerifyTest, AcceptsAnEmptyProgram) { EXPECT_TRUE(verify(Program{})); }

TEST(VerifyTest, AcceptsCodeThatCannotBeReached) {
  EXPECT_EQ(complaint(parsed_body("loop (2) { break; a = 1; continue; a = 2; } return; return 5; a = 3;")), "");
}

TEST(VerifyTest, AcceptsANameThatIsUsedAgainOnceOutOfScope) {
  EXPECT_EQ(complaint(parsed_body("if (a) { let i32 t = 1; } else { let i64 t = 2; } let i32 t = 3;")), "");
}

TEST(VerifyTest, NamesThePlaceInTheText) {
  Program program = parsed("program p(i32 a) {\n  a = 1;\n  a = 2;\n}");
  program.node(program.node(program.body()).next).a = 7;
  EXPECT_EQ(complaint(program), "<input>:3:3: the program refers to a variable that does not exist");
}

TEST(VerifyTest, AnswersTheSameEveryTimeItIsAsked) {
  const Program good = parsed_body("let i32 t = 1; a = t;");
  Program bad = good;
  bad.node(bad.body()).next = bad.body();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(complaint(good), "");
    EXPECT_NE(complaint(bad), "");
  }
}

struct Damage {
  const char* statements;
  std::function<void(Program&)> damage;
  const char* message;
};

NodeId first(Program& program) { return program.body(); }
NodeId value_of_first(Program& program) { return program.node(program.body()).child_b(); }
std::uint32_t add_int(Program& program, Type type) { return Builder(program).constant(type, 1).value; }

class DamagedProgram : public testing::TestWithParam<Damage> {};

TEST_P(DamagedProgram, IsRefused) {
  Program program = parsed_body(GetParam().statements);
  ASSERT_EQ(complaint(program), "");
  GetParam().damage(program);
  EXPECT_THAT(complaint(program), HasSubstr(GetParam().message));
}

// NOLINTBEGIN(clang-analyzer-optin.core.EnumCastOutOfRange): values that no enum has are part of the damage
INSTANTIATE_TEST_SUITE_P(
    Tree, DamagedProgram,
    testing::Values(
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).b = 1000; }, "refers to a node that does not exist"},
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).b = NodeId::kNoneValue; }, "lacks an operand"},
        Damage{"a = 1;", [](Program& p) { p.set_body(NodeId{1000}); }, "refers to a node that does not exist"},
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).next = first(p); }, "used twice"},
        Damage{"a = 1 + 2;", [](Program& p) { p.node(value_of_first(p)).b = p.node(value_of_first(p)).a; },
               "used twice"},
        Damage{"a = ~b;", [](Program& p) { p.node(value_of_first(p)).a = value_of_first(p).value; }, "used twice"},
        Damage{"if (a) { b = 1; }", [](Program& p) { p.node(first(p)).c = p.node(first(p)).b; }, "used twice"},
        Damage{"loop (a) { b = 1; }", [](Program& p) { p.node(first(p)).b = first(p).value; }, "used twice"},
        Damage{"a = 1;", [](Program& p) { p.set_body(value_of_first(p)); }, "a statement is expected here"},
        Damage{"a = 1; b = 2;", [](Program& p) { p.node(first(p)).b = p.node(first(p)).next.value; },
               "an expression is expected here"},
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).kind = static_cast<NodeKind>(99); },
               "a statement is expected here"},
        Damage{"a = 1;", [](Program& p) { p.node(value_of_first(p)).kind = static_cast<NodeKind>(99); },
               "an expression is expected here"}));

INSTANTIATE_TEST_SUITE_P(
    Types, DamagedProgram,
    testing::Values(
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).b = add_int(p, Type::I64); },
               "'a' is i32 and cannot hold a value of type i64"},
        Damage{"let i64 t = 1;", [](Program& p) { p.node(first(p)).b = add_int(p, Type::I32); },
               "'t' is i64 and cannot hold a value of type i32"},
        Damage{"a = 1;", [](Program& p) { p.node(value_of_first(p)).b = 1; }, "bits beyond its width"},
        Damage{"a = 1;", [](Program& p) { p.node(value_of_first(p)).type = static_cast<Type>(7); }, "no valid type"},
        Damage{"a = b;", [](Program& p) { p.node(value_of_first(p)).type = Type::I64; },
               "another type than its variable"},
        Damage{"a = a + b;", [](Program& p) { p.node(value_of_first(p)).b = add_int(p, Type::I64); },
               "'add' needs two operands of one type, got i32 and i64"},
        Damage{"a = x < y;", [](Program& p) { p.node(value_of_first(p)).a = add_int(p, Type::I32); },
               "'lt_s' needs two operands of one type, got i32 and i64"},
        Damage{"a = wrap(x);", [](Program& p) { p.node(value_of_first(p)).a = add_int(p, Type::I32); },
               "'wrap' does not take an operand of type i32"},
        Damage{"a = a + b;", [](Program& p) { p.node(value_of_first(p)).type = Type::I64; },
               "another type than its operator gives"},
        Damage{"a = select(a, b, 1);", [](Program& p) { p.node(value_of_first(p)).c = add_int(p, Type::I64); },
               "'select' needs two values of one type, got i32 and i64"},
        Damage{"a = select(a, b, 1);", [](Program& p) { p.node(value_of_first(p)).type = Type::I64; },
               "another type than its values"},
        Damage{"a = a + b;", [](Program& p) { p.node(value_of_first(p)).op = Op::Eq; }, "not of its kind"},
        Damage{"a = a + b;", [](Program& p) { p.node(value_of_first(p)).op = static_cast<Op>(200); },
               "not of its kind"},
        Damage{"a = ~b;", [](Program& p) { p.node(value_of_first(p)).op = Op::Extend8S; }, "not of its kind"}));
// NOLINTEND(clang-analyzer-optin.core.EnumCastOutOfRange)

INSTANTIATE_TEST_SUITE_P(
    Variables, DamagedProgram,
    testing::Values(
        Damage{"a = b;", [](Program& p) { p.node(value_of_first(p)).a = 99; }, "a variable that does not exist"},
        Damage{"let i32 t = 1;", [](Program& p) { p.node(first(p)).a = 0; }, "'let' must declare a local variable"},
        Damage{"let i32 t = 1;", [](Program& p) { p.node(first(p)).a = 99; }, "'let' must declare a local variable"},
        Damage{"let i32 t = 1; let i32 u = 2;",
               [](Program& p) { p.node(p.node(first(p)).next).a = p.node(first(p)).a; }, "'t' is declared twice"},
        Damage{"let i32 t = 1; let i32 u = 2;", [](Program& p) { p.node(first(p)).a += 1; },
               "not numbered in the order of their 'let'"},
        Damage{"let i32 t = 1;", [](Program& p) { p.set_body(NodeId::none()); },
               "'t' is a local that no 'let' declares"},
        Damage{"let i32 t = b;", [](Program& p) { p.node(value_of_first(p)).a = p.node(first(p)).a; },
               "'t' is not declared here"},
        Damage{"if (a) { let i32 t = 1; } b = 2;", [](Program& p) { p.node(p.node(first(p)).next).a = 4; },
               "'t' is not declared here"},
        Damage{"a = 1;", [](Program& p) { p.set_variable_name(VarId{1}, "a"); }, "'a' is already in use here"},
        Damage{"let i32 t = 1;", [](Program& p) { p.set_variable_name(VarId{4}, "x"); }, "'x' is already in use here"},
        Damage{"a = 1;", [](Program& p) { p.set_variable_name(VarId{1}, ""); }, "name of a variable"},
        Damage{"a = 1;", [](Program& p) { p.set_variable_name(VarId{1}, "b;"); }, "name of a variable"},
        Damage{"a = 1;", [](Program& p) { p.set_variable_name(VarId{1}, "rotl"); }, "'rotl' is a reserved word"},
        Damage{"a = 1;", [](Program& p) { p.set_name("a b"); }, "name of a program"}));

INSTANTIATE_TEST_SUITE_P(
    Statements, DamagedProgram,
    testing::Values(
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).kind = NodeKind::Break; }, "'break' stands outside a loop"},
        Damage{"a = 1;", [](Program& p) { p.node(first(p)).kind = NodeKind::Continue; },
               "'continue' stands outside a loop"},
        Damage{"if (a) { push b; }", [](Program& p) { p.node(first(p)).kind = NodeKind::While; },
               "'push' stands inside a loop"},
        Damage{"loop (a) { if (b) { print 1; } }",
               [](Program& p) { p.node(p.node(p.node(first(p)).child_b()).child_b()).kind = NodeKind::Push; },
               "'push' stands inside a loop"}));

TEST(VerifyTest, LongNamesThatDifferLateAreDifferent) {
  EXPECT_EQ(complaint(parsed("program p(i32 same_beginning_1, i32 same_beginning_2) { }")), "");
  Program program = parsed("program p(i32 same_beginning_1, i32 same_beginning_2) { }");
  program.set_variable_name(VarId{1}, "same_beginning_1");
  EXPECT_THAT(complaint(program), HasSubstr("already in use"));
}

struct Pushes {
  const char* statements;
  std::uint32_t most;
};

class MaxPushes : public testing::TestWithParam<Pushes> {};

TEST_P(MaxPushes, IsThatOfTheLongestPath) {
  EXPECT_EQ(max_pushes(parsed_body(GetParam().statements)), GetParam().most);
}

INSTANTIATE_TEST_SUITE_P(
    All, MaxPushes,
    testing::Values(Pushes{"", 0}, Pushes{"push a; push b;", 2}, Pushes{"return a;", 1}, Pushes{"return;", 0},
                    Pushes{"push a; return b;", 2}, Pushes{"if (a) { push a; push b; } else { push a; }", 2},
                    Pushes{"if (a) { push a; } push b;", 2}, Pushes{"if (a) { push a; return b; } else { push b; }", 2},
                    Pushes{"if (a) { return b; } push a;", 1}, Pushes{"push a; loop (b) { if (x) { return y; } }", 2},
                    Pushes{"while (a) { return b; } push a; push a;", 2}));

TEST(ScalarTest, IsEverythingButPrint) {
  for (const char* scalar : {"", "a = 1; push b; return x;", "if (a) { loop (b) { while (x) { y = 1; } } }"}) {
    const Program program = parsed_body(scalar);
    EXPECT_TRUE(is_pure_scalar(program, program.body())) << scalar;
  }
  for (const char* printing : {"print a;", "a = 1; print b;", "if (a) { print b; }", "if (a) { } else { print b; }",
                               "loop (a) { print b; }", "while (a) { loop (b) { if (x) { print y; } } }"}) {
    const Program program = parsed_body(printing);
    EXPECT_FALSE(is_pure_scalar(program, program.body())) << printing;
  }
}

TEST(ScalarTest, LooksAtTheListFromTheGivenStatementOn) {
  const Program program = parsed_body("print a; b = 1;");
  EXPECT_TRUE(is_pure_scalar(program, program.node(program.body()).next));
}

}  // namespace
}  // namespace assay::ast
