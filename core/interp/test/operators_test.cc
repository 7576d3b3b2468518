// Every operator at its edges, against known answers that no part of this project computed; see operator_cases.inc.
#include "core/interp/operators.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/verify.h"
#include "core/interp/interpreter.h"

namespace assay::interp {
namespace {

using ast::NodeId;
using ast::Op;
using ast::OpClass;
using ast::TrapKind;
using ast::Type;

struct Case {
  Op op;
  Type type;
  std::uint64_t a;
  std::uint64_t b;  // 0 for one operand
  std::uint64_t expected;
  TrapKind trap;
};

constexpr Case kCases[] = {
#define OPERATOR_CASE1(op, type, a, expected) {Op::op, Type::type, a, 0, expected, TrapKind::None},
#define OPERATOR_CASE2(op, type, a, b, expected) {Op::op, Type::type, a, b, expected, TrapKind::None},
#define OPERATOR_TRAP2(op, type, a, b, trap) {Op::op, Type::type, a, b, 0, TrapKind::trap},
#include "core/interp/test/operator_cases.inc"
};

std::string describe(const Case& one) {
  return std::string(ast::type_name(one.type)) + "." + std::string(ast::op_info(one.op).name) + "(" +
         std::to_string(one.a) + ", " + std::to_string(one.b) + ")";
}

NodeId apply_node(ast::Builder& builder, Op op, NodeId a, NodeId b) {
  switch (ast::op_info(op).op_class) {
    case OpClass::Unary:
      return builder.unary(op, a);
    case OpClass::Convert:
      return builder.convert(op, a);
    case OpClass::Binary:
      return builder.binary(op, a, b);
    case OpClass::Compare:
      return builder.compare(op, a, b);
  }
  return NodeId::none();
}

TEST(Operators, HaveTheKnownAnswers) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(describe(one));
    const Value value = apply(one.op, one.type, one.a, one.b);
    EXPECT_EQ(value.trap, one.trap);
    EXPECT_EQ(value.bits, one.expected);
  }
}

// The same answers through the whole interpreter: operands from slots whose high halves hold garbage, the result
// pushed.
TEST(Operators, HaveTheKnownAnswersInsideAProgram) {
  constexpr std::uint64_t kGarbage = 0xA5A5A5A500000000ULL;
  ast::Program program;
  Outcome outcome;
  for (const Case& one : kCases) {
    SCOPED_TRACE(describe(one));
    program.clear();
    ast::Builder builder(program);
    const ast::VarId a = builder.slot("a", one.type);
    const ast::VarId b = builder.slot("b", one.type);
    const NodeId result = apply_node(builder, one.op, builder.load(a), builder.load(b));
    builder.body({builder.push(result)});
    ASSERT_TRUE(ast::verify(program));

    const std::uint64_t high = one.type == Type::I32 ? kGarbage : 0;
    const std::array<std::uint64_t, 2> frame = {one.a | high, one.b | high};
    interpret(program, frame, 100, outcome);
    EXPECT_EQ(outcome.trap, one.trap);
    if (one.trap == TrapKind::None) {
      EXPECT_EQ(outcome.end, End::Completed);
      EXPECT_EQ(outcome.stack, std::vector<std::uint64_t>{one.expected});
    } else {
      EXPECT_EQ(outcome.end, End::Trapped);
      EXPECT_EQ(outcome.trap_node, result);
      EXPECT_TRUE(outcome.stack.empty());
    }
    EXPECT_EQ(outcome.frame, std::vector<std::uint64_t>(frame.begin(), frame.end()));
  }
}

TEST(Operators, OfI32IgnoreTheHighHalfOfTheirOperands) {
  for (const Case& one : kCases) {
    if (one.type != Type::I32) continue;
    SCOPED_TRACE(describe(one));
    const Value value = apply(one.op, one.type, one.a | 0xDEADBEEF00000000ULL, one.b | 0x1234567800000000ULL);
    EXPECT_EQ(value.trap, one.trap);
    EXPECT_EQ(value.bits, one.expected);
  }
}

// A new row of ops.def has to bring its known answers.
TEST(Operators, EachHasCasesInEachTypeItAccepts) {
  constexpr std::size_t kFewest = 15;
  for (std::size_t i = 0; i < ast::kOpCount; ++i) {
    const Op op = static_cast<Op>(i);
    for (const Type type : {Type::I32, Type::I64}) {
      std::size_t rows = 0;
      std::size_t traps = 0;
      for (const Case& one : kCases) {
        if (one.op != op || one.type != type) continue;
        ++rows;
        if (one.trap != TrapKind::None) ++traps;
      }
      SCOPED_TRACE(std::string(ast::type_name(type)) + "." + std::string(ast::op_info(op).name));
      if (ast::accepts(op, type)) {
        EXPECT_GE(rows, kFewest);
        EXPECT_EQ(traps != 0, ast::op_info(op).traps);
      } else {
        EXPECT_EQ(rows, 0U);
      }
    }
  }
}

TEST(Operators, GiveResultsThatFitTheirType) {
  for (const Case& one : kCases) {
    if (ast::result_type(one.op, one.type) != Type::I32) continue;
    SCOPED_TRACE(describe(one));
    EXPECT_EQ(apply(one.op, one.type, one.a, one.b).bits >> 32, 0U);
  }
}

}  // namespace
}  // namespace assay::interp
