// What the text form means, and that printing is its inverse; see core/ast/text.h and core/ast/README.md.
#include "core/ast/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/test/support.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace {

// The first statement in the frame `i32 a, i32 b, i64 x, i64 y`, as it is printed.
std::string reprinted(const std::string& statement) {
  const Program program = parsed_body(statement);
  return program.body().valid() ? print_node(program, program.body()) : "";
}

void expect_round_trip(const Program& program) {
  const std::string text = print_program(program);
  const auto again = parse_program(text);
  ASSERT_TRUE(again) << again.error().describe() << '\n' << text;
  EXPECT_TRUE(same_program(*again, program)) << text << "came back as\n" << print_program(*again);
  EXPECT_EQ(print_program(*again), text);
}

TEST(TextTest, PrintsAsPeopleWrite) {
  const std::string text =
      "// format 1\n"
      "program sum_to(i32 i, i32 n, i64 step, i32 sum) {\n"
      "    while (i < n) {\n"
      "        let i32 next = i + wrap(step);\n"
      "        if (next == 7) {\n"
      "            break;\n"
      "        } else {\n"
      "            sum = sum + i;\n"
      "        }\n"
      "        loop (3L) {}\n"
      "        i = next;\n"
      "    }\n"
      "    push rotl(sum, 5) & ~i;\n"
      "    return select(n, step, -1L);\n"
      "}\n";
  EXPECT_EQ(print_program(parsed(text)), text);
}

TEST(TextTest, AnEmptyProgramHasItsBracesOnTwoLines) {
  EXPECT_EQ(print_program(parsed("program p(){}")), "// format 1\nprogram p() {\n}\n");
}

TEST(TextTest, TheVersionCommentIsOptional) {
  for (const char* text :
       {"program p() { }", "// format 1\nprogram p() { }", "// seen in May\n// format 1 \r\nprogram p() { }",
        "/* format 9 */ program p() { }", "// format 9 is not here yet\nprogram p() { }",
        "program p() { } // format 9\n", "program p() {\n// format 9\n}"}) {
    EXPECT_TRUE(parse_program(text)) << text;
  }
}

TEST(TextTest, SpaceAndCommentsStandAnywhere) {
  EXPECT_TRUE(same_program(parsed("\xEF\xBB\xBF//c\n/* * / ** */program/**/p\r\n(\ti32 a/*,*/) {//}\r\na=1;}"),
                           parsed("program p(i32 a) { a = 1; }")));
}

TEST(TextTest, CommentsHoldAnyBytes) {
  const std::string text = std::string("// \xFF\xC3 ") + '\0' + "\n/* \x80" + '\0' + " */ program p() { }";
  EXPECT_TRUE(parse_program(text));
}

TEST(TextTest, AProgramMayHaveAReservedName) {
  EXPECT_EQ(parsed("program loop() { }").name(), "loop");
  expect_round_trip(Program{});
}

TEST(TextTest, PositionsAreThoseOfTheText) {
  const Program program = parsed("program p(i32 a) {\n  a = /* \xC3\xA9 */ a +\r\n    clz(-3);\n}");
  const Node& store = program.node(program.body());
  const Node& sum = program.node(store.child_b());
  const Node& clz = program.node(sum.child_b());
  EXPECT_EQ(program.position(program.body()), (base::SourcePosition{2, 3}));
  EXPECT_EQ(program.position(sum.child_a()), (base::SourcePosition{2, 15}));
  EXPECT_EQ(program.position(store.child_b()), (base::SourcePosition{2, 17}));
  EXPECT_EQ(program.position(sum.child_b()), (base::SourcePosition{3, 5}));
  EXPECT_EQ(program.position(clz.child_a()), (base::SourcePosition{3, 9}));
}

struct Printed {
  const char* text;
  const char* printed;
};

class PrintedStatement : public testing::TestWithParam<Printed> {};

TEST_P(PrintedStatement, IsThis) {
  EXPECT_EQ(reprinted(GetParam().text), GetParam().printed);
  EXPECT_EQ(reprinted(GetParam().printed), GetParam().printed);
  expect_round_trip(parsed_body(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Precedence, PrintedStatement,
    testing::Values(Printed{"a = a + b * 2;", "a = a + b * 2;"}, Printed{"a = (a + b) * 2;", "a = (a + b) * 2;"},
                    Printed{"a = a - b - 1;", "a = a - b - 1;"}, Printed{"a = a - (b - 1);", "a = a - (b - 1);"},
                    Printed{"a = (a - b) - 1;", "a = a - b - 1;"}, Printed{"a = a + (b * 2);", "a = a + b * 2;"},
                    Printed{"a = a * (b * 2);", "a = a * (b * 2);"}, Printed{"a = a / b % 3;", "a = a / b % 3;"},
                    Printed{"a = a | b ^ 1 & 2;", "a = a | b ^ 1 & 2;"},
                    Printed{"a = ((a | b) ^ 1) & 2;", "a = ((a | b) ^ 1) & 2;"},
                    Printed{"a = a & b == 1;", "a = a & b == 1;"}, Printed{"a = (a & b) == 1;", "a = (a & b) == 1;"},
                    Printed{"a = a < b == 1;", "a = a < b == 1;"}, Printed{"a = a << b < 1;", "a = a << b < 1;"},
                    Printed{"a = a << b + 1;", "a = a << b + 1;"}, Printed{"a = a >> b >>> 1;", "a = a >> b >>> 1;"},
                    Printed{"a = a >> (b >>> 1);", "a = a >> (b >>> 1);"}, Printed{"a = a < b < 1;", "a = a < b < 1;"},
                    Printed{"a = ((((a))));", "a = a;"}, Printed{"a = rotl((a), (b + 1));", "a = rotl(a, b + 1);"},
                    Printed{"a = add(a, mul(b, 2));", "a = a + b * 2;"}, Printed{"a = a>=b;", "a = a >= b;"},
                    Printed{"a = a>>>b;", "a = a >>> b;"}));

INSTANTIATE_TEST_SUITE_P(
    Prefixes, PrintedStatement,
    testing::Values(Printed{"a = -b;", "a = -b;"}, Printed{"a = - - ~ ! b;", "a = --~!b;"},
                    Printed{"a = -b + 1;", "a = -b + 1;"}, Printed{"a = -(b + 1);", "a = -(b + 1);"},
                    Printed{"a = a - -b;", "a = a - -b;"}, Printed{"a = a - -5;", "a = a - -5;"},
                    Printed{"a = a-5;", "a = a - 5;"}, Printed{"a = a--5;", "a = a - -5;"},
                    Printed{"a = -5;", "a = -5;"}, Printed{"a = - 5;", "a = -5;"}, Printed{"a = -(5);", "a = neg(5);"},
                    Printed{"a = neg(5);", "a = neg(5);"}, Printed{"a = --5;", "a = neg(-5);"},
                    Printed{"a = ~5;", "a = ~5;"}, Printed{"a = ~-5;", "a = ~-5;"}, Printed{"a = -~5;", "a = -~5;"},
                    Printed{"a = -neg(5);", "a = -neg(5);"}, Printed{"a = not(b);", "a = ~b;"},
                    Printed{"a = !x;", "a = !x;"}, Printed{"a = eqz(b + 1);", "a = !(b + 1);"},
                    Printed{"a = -clz(b);", "a = -clz(b);"}, Printed{"a = ~b * -a;", "a = ~b * -a;"}));

INSTANTIATE_TEST_SUITE_P(
    Literals, PrintedStatement,
    testing::Values(Printed{"a = 2147483647;", "a = 2147483647;"}, Printed{"a = -2147483648;", "a = -2147483648;"},
                    Printed{"a = 0xFFFFFFFF;", "a = -1;"}, Printed{"a = 0x80000000;", "a = -2147483648;"},
                    Printed{"a = -0x80000000;", "a = -2147483648;"}, Printed{"a = 0Xabc;", "a = 2748;"},
                    Printed{"x = 9223372036854775807;", "x = 9223372036854775807L;"},
                    Printed{"x = -9223372036854775808L;", "x = -9223372036854775808L;"},
                    Printed{"x = 0xFFFFFFFFFFFFFFFF;", "x = -1L;"}, Printed{"x = 0xFFFFFFFF;", "x = 4294967295L;"},
                    Printed{"x = -0;", "x = 0L;"}, Printed{"push 0x7FL;", "push 127L;"}));

// An unsuffixed literal takes the type its context demands.
INSTANTIATE_TEST_SUITE_P(LiteralTypes, PrintedStatement,
                         testing::Values(Printed{"x = 5;", "x = 5L;"}, Printed{"let i64 t = 5;", "let i64 t = 5L;"},
                                         Printed{"x = x + 1;", "x = x + 1L;"}, Printed{"x = 5 + y;", "x = 5L + y;"},
                                         Printed{"x = (1 + 2) * 3 - y;", "x = (1L + 2L) * 3L - y;"},
                                         Printed{"x = -(1 + ~2) + y;", "x = -(1L + ~2L) + y;"},
                                         Printed{"a = x > 0;", "a = x > 0L;"}, Printed{"a = 0 < x;", "a = 0L < x;"},
                                         Printed{"a = lt_u(1 << 40, x);", "a = lt_u(1L << 40L, x);"},
                                         Printed{"x = select(a, 0, y);", "x = select(a, 0L, y);"},
                                         Printed{"x = select(a, y, 0);", "x = select(a, y, 0L);"},
                                         Printed{"x = select(1, 2, 3);", "x = select(1, 2L, 3L);"},
                                         Printed{"x = select(1, 2, 3) + y;", "x = select(1, 2L, 3L) + y;"},
                                         Printed{"a = wrap(5);", "a = wrap(5L);"},
                                         Printed{"a = wrap(1 << 40);", "a = wrap(1L << 40L);"},
                                         Printed{"x = extend_s(5);", "x = extend_s(5);"},
                                         Printed{"x = extend32_s(5);", "x = extend32_s(5L);"},
                                         Printed{"x = extend8_s(200);", "x = extend8_s(200L);"},
                                         Printed{"x = clz(5) + popcnt(6);", "x = clz(5L) + popcnt(6L);"},
                                         Printed{"a = 1 < 2;", "a = 1 < 2;"}, Printed{"a = !5;", "a = !5;"},
                                         Printed{"a = 1L == 1;", "a = 1L == 1L;"}, Printed{"push 5;", "push 5;"},
                                         Printed{"push 5L;", "push 5L;"}, Printed{"return 1 + 2L;", "return 1L + 2L;"},
                                         Printed{"loop (5) {}", "loop (5) {}"}, Printed{"loop (5L) {}", "loop (5L) {}"},
                                         Printed{"if (x) {}", "if (x) {}"}, Printed{"while (1) {}", "while (1) {}"},
                                         Printed{"print select(0, 1, 2);", "print select(0, 1, 2);"}));

INSTANTIATE_TEST_SUITE_P(Statements, PrintedStatement,
                         testing::Values(Printed{"let i32 t = a;", "let i32 t = a;"}, Printed{"return;", "return;"},
                                         Printed{"return a;", "return a;"}, Printed{"push a;", "push a;"},
                                         Printed{"print x;", "print x;"},
                                         Printed{"loop (a) { break; continue; }", "loop (a) { break; continue; }"},
                                         Printed{"if (a) { b = 1; } else { }", "if (a) { b = 1; }"},
                                         Printed{"if (a) { } else { b = 1; }", "if (a) {} else { b = 1; }"},
                                         Printed{"if (a) { b = 1; } else if (b) { b = 2; } else { b = 3; }",
                                                 "if (a) { b = 1; } else { if (b) { b = 2; } else { b = 3; } }"}));

std::vector<std::pair<Op, Type>> typed_operators() {
  std::vector<std::pair<Op, Type>> result;
  for (std::size_t i = 0; i < kOpCount; ++i) {
    for (const Type type : {Type::I32, Type::I64}) {
      if (accepts(static_cast<Op>(i), type)) result.emplace_back(static_cast<Op>(i), type);
    }
  }
  return result;
}

class OperatorText : public testing::TestWithParam<std::pair<Op, Type>> {};

TEST_P(OperatorText, ReadsBackFromEitherSpelling) {
  const auto [op, type] = GetParam();
  Program program;
  Builder build(program);
  const VarId operand = build.slot("operand", type);
  const VarId result = build.slot("result", result_type(op, type));
  const OpClass op_class = op_info(op).op_class;
  const NodeId value = op_class == OpClass::Unary     ? build.unary(op, build.load(operand))
                       : op_class == OpClass::Convert ? build.convert(op, build.load(operand))
                       : op_class == OpClass::Compare ? build.compare(op, build.load(operand), build.constant(type, 3))
                                                      : build.binary(op, build.load(operand), build.constant(type, 3));
  build.body({build.store(result, value)});
  expect_round_trip(program);
  const bool two = op_class == OpClass::Compare || op_class == OpClass::Binary;
  const std::string call = std::string(op_info(op).name) + (two ? "(operand, 3)" : "(operand)");
  const std::string slots =
      "(" + std::string(type_name(type)) + " operand, " + std::string(type_name(result_type(op, type))) + " result)";
  EXPECT_TRUE(same_program(parsed("program program" + slots + " { result = " + call + "; }"), program));
}

INSTANTIATE_TEST_SUITE_P(All, OperatorText, testing::ValuesIn(typed_operators()), [](const auto& tested) {
  return std::string(op_info(tested.param.first).name) + "_" + std::string(type_name(tested.param.second));
});

// Every operator as left, right and only operand of every other, so that no pair needs a bracket it does not get.
TEST(TextTest, EveryPairOfOperatorsReadsBack) {
  const auto apply = [](Builder& build, Op op, NodeId left, NodeId right) {
    switch (op_info(op).op_class) {
      case OpClass::Unary:
        return build.unary(op, left);
      case OpClass::Convert:
        return build.convert(op, left);
      case OpClass::Compare:
        return build.compare(op, left, right);
      case OpClass::Binary:
        break;
    }
    return build.binary(op, left, right);
  };
  int pairs = 0;
  for (std::size_t outer = 0; outer < kOpCount; ++outer) {
    for (std::size_t inner = 0; inner < kOpCount; ++inner) {
      for (const Type type : {Type::I32, Type::I64}) {
        const Op inner_op = static_cast<Op>(inner);
        const Op outer_op = static_cast<Op>(outer);
        if (!accepts(inner_op, type) || !accepts(outer_op, result_type(inner_op, type))) continue;
        Program program;
        Builder build(program);
        const NodeId left = apply(build, inner_op, build.constant(type, 1), build.constant(type, 2));
        const NodeId right = apply(build, inner_op, build.constant(type, 3), build.constant(type, 4));
        build.body({build.push(apply(build, outer_op, left, right))});
        ASSERT_TRUE(verify(program));
        expect_round_trip(program);
        ++pairs;
      }
    }
  }
  EXPECT_GT(pairs, 2'000);
}

TEST(TextTest, DeepBlocksAreIndentedNoFurtherThanThirtyTwoLevels) {
  std::string text = "program p() {";
  for (int i = 0; i < 100; ++i) text += "loop (1) {";
  text += "break;" + std::string(101, '}');
  const Program program = parsed(text);
  expect_round_trip(program);
  EXPECT_THAT(print_program(program), testing::HasSubstr("\n" + std::string(std::size_t{32} * 4, ' ') + "break;\n"));
}

TEST(PrintNodeTest, PrintsAnyNodeOnOneLine) {
  const Program program = parsed_body("if (a < b) { x = x * 2; while (a) { } } else { push x; }");
  const Node& node = program.node(program.body());
  EXPECT_EQ(print_node(program, program.body()), "if (a < b) { x = x * 2L; while (a) {} } else { push x; }");
  EXPECT_EQ(print_node(program, node.child_a()), "a < b");
  EXPECT_EQ(print_node(program, node.child_c()), "push x;");
}

}  // namespace
}  // namespace assay::ast
