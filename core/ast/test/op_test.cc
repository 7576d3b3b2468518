// What the operation table says of operators, nodes and types; see core/ast/op.h.
#include "core/ast/op.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/ast/names.h"

namespace assay::ast {
namespace {

class EveryOp : public testing::TestWithParam<int> {
 protected:
  [[nodiscard]] static Op op() { return static_cast<Op>(GetParam()); }
};

TEST_P(EveryOp, IsFoundByItsName) { EXPECT_EQ(find_op(op_info(op()).name), op()); }

TEST_P(EveryOp, HasANameThatNoVariableCanHave) {
  EXPECT_TRUE(is_identifier(op_info(op()).name));
  EXPECT_TRUE(is_reserved(op_info(op()).name));
}

TEST_P(EveryOp, AcceptsATypeAtLeast) { EXPECT_TRUE(accepts(op(), Type::I32) || accepts(op(), Type::I64)); }

TEST_P(EveryOp, HasABindingStrengthExactlyIfItIsInfix) {
  const OpInfo& info = op_info(op());
  const bool two_operands = info.op_class == OpClass::Binary || info.op_class == OpClass::Compare;
  EXPECT_EQ(info.level != 0, two_operands && !info.infix.empty());
}

INSTANTIATE_TEST_SUITE_P(All, EveryOp, testing::Range(0, static_cast<int>(kOpCount)),
                         [](const auto& tested) { return std::string(op_info(static_cast<Op>(tested.param)).name); });

TEST(OpTest, NamesAreDistinct) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kOpCount; ++i) names.insert(op_info(static_cast<Op>(i)).name);
  EXPECT_EQ(names.size(), kOpCount);
}

TEST(OpTest, SpellingsAreDistinctAmongPrefixAndAmongInfixOperators) {
  std::set<std::pair<bool, std::string_view>> spellings;
  std::size_t count = 0;
  for (std::size_t i = 0; i < kOpCount; ++i) {
    const OpInfo& info = op_info(static_cast<Op>(i));
    if (info.infix.empty()) continue;
    ++count;
    spellings.emplace(info.op_class == OpClass::Unary, info.infix);
  }
  EXPECT_EQ(spellings.size(), count);
}

TEST(OpTest, AnUnknownNameIsNoOperator) {
  EXPECT_EQ(find_op("divide"), std::nullopt);
  EXPECT_EQ(find_op(""), std::nullopt);
  EXPECT_EQ(find_op("select"), std::nullopt);
}

TEST(OpTest, ExactlyTheDivisionsTrap) {
  std::set<std::string_view> trapping;
  for (std::size_t i = 0; i < kOpCount; ++i) {
    if (op_info(static_cast<Op>(i)).traps) trapping.insert(op_info(static_cast<Op>(i)).name);
  }
  EXPECT_EQ(trapping, (std::set<std::string_view>{"div_s", "div_u", "rem_s", "rem_u"}));
}

TEST(OpTest, ArithmeticGivesTheTypeOfItsOperands) {
  EXPECT_EQ(result_type(Op::Add, Type::I32), Type::I32);
  EXPECT_EQ(result_type(Op::Add, Type::I64), Type::I64);
  EXPECT_EQ(result_type(Op::Clz, Type::I64), Type::I64);
}

TEST(OpTest, ComparisonsAndTheTestForZeroGiveI32) {
  EXPECT_EQ(result_type(Op::LtU, Type::I64), Type::I32);
  EXPECT_EQ(result_type(Op::Eqz, Type::I64), Type::I32);
}

TEST(OpTest, ConversionsBetweenTheTypesTakeOneTypeOnly) {
  EXPECT_FALSE(accepts(Op::Wrap, Type::I32));
  EXPECT_EQ(result_type(Op::Wrap, Type::I64), Type::I32);
  EXPECT_FALSE(accepts(Op::ExtendS, Type::I64));
  EXPECT_EQ(result_type(Op::ExtendS, Type::I32), Type::I64);
  EXPECT_EQ(result_type(Op::ExtendU, Type::I32), Type::I64);
  EXPECT_FALSE(accepts(Op::Extend32S, Type::I32));
}

TEST(OpTest, TheSmallSignExtensionsKeepEitherType) {
  for (const Op op : {Op::Extend8S, Op::Extend16S}) {
    EXPECT_EQ(result_type(op, Type::I32), Type::I32);
    EXPECT_EQ(result_type(op, Type::I64), Type::I64);
  }
}

TEST(OpTest, MultiplicationBindsTighterThanAdditionAndSoOnDownToOr) {
  const auto level = [](Op op) { return op_info(op).level; };
  EXPECT_GT(level(Op::Mul), level(Op::Add));
  EXPECT_GT(level(Op::Add), level(Op::Shl));
  EXPECT_GT(level(Op::Shl), level(Op::LtS));
  EXPECT_GT(level(Op::LtS), level(Op::Eq));
  EXPECT_GT(level(Op::Eq), level(Op::And));
  EXPECT_GT(level(Op::And), level(Op::Xor));
  EXPECT_GT(level(Op::Xor), level(Op::Or));
}

TEST(NodeKindTest, NamesAreThoseOfTheLanguage) {
  std::string names;
  for (std::size_t i = 0; i < kNodeKindCount; ++i) names += std::string(node_kind_name(static_cast<NodeKind>(i))) + " ";
  EXPECT_EQ(names,
            "Int Load Unary Binary Compare Convert Select Let Store If Loop While Break Continue Return Push Print ");
}

TEST(NodeKindTest, ExpressionsHaveValuesAndStatementsDoNot) {
  EXPECT_TRUE(is_expression(NodeKind::Int));
  EXPECT_TRUE(is_expression(NodeKind::Select));
  EXPECT_FALSE(is_expression(NodeKind::Let));
  EXPECT_FALSE(is_expression(NodeKind::Print));
}

TEST(TypeTest, HaveTheirWidthsAndNames) {
  EXPECT_EQ(bit_width(Type::I32), 32U);
  EXPECT_EQ(bit_width(Type::I64), 64U);
  EXPECT_EQ(type_name(Type::I32), "i32");
  EXPECT_EQ(type_name(Type::I64), "i64");
}

}  // namespace
}  // namespace assay::ast
