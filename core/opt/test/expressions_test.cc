// Specification of the questions about expressions.
#include "core/opt/expressions.h"

#include <gtest/gtest.h>

#include "core/ast/builder.h"
#include "core/ast/limits.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

class ExpressionsTest : public ::testing::Test {
 protected:
  ast::Program program_;
  Builder builder_{program_};
  VarId a_ = builder_.slot("a", Type::I32);
  VarId x_ = builder_.slot("x", Type::I64);

  NodeId a() { return builder_.load(a_); }
  NodeId x() { return builder_.load(x_); }
};

TEST_F(ExpressionsTest, DivisionsTrapUnlessTheDivisorSaysOtherwise) {
  for (const Op op : {Op::DivS, Op::DivU, Op::RemS, Op::RemU}) {
    EXPECT_TRUE(can_trap(program_, builder_.binary(op, a(), a())));
    EXPECT_TRUE(can_trap(program_, builder_.binary(op, a(), builder_.i32(0))));
    EXPECT_TRUE(can_trap(program_, builder_.binary(op, x(), builder_.i64(0))));
    EXPECT_FALSE(can_trap(program_, builder_.binary(op, builder_.i32(7), builder_.i32(3))));
    EXPECT_FALSE(can_trap(program_, builder_.binary(op, x(), builder_.i64(INT64_MIN))));
    EXPECT_EQ(can_trap(program_, builder_.binary(op, a(), builder_.i32(-1))), op == Op::DivS);
    EXPECT_EQ(can_trap(program_, builder_.binary(op, x(), builder_.i64(-1))), op == Op::DivS);
    // All ones in the lower half only is no -1.
    EXPECT_FALSE(can_trap(program_, builder_.binary(op, x(), builder_.i64(0xFFFFFFFF))));
  }
}

TEST_F(ExpressionsTest, TrapsAreFoundInEveryOperand) {
  const auto trap = [this] { return builder_.binary(Op::DivS, a(), a()); };
  EXPECT_TRUE(can_trap(program_, builder_.unary(Op::Neg, trap())));
  EXPECT_TRUE(can_trap(program_, builder_.convert(Op::ExtendS, trap())));
  EXPECT_TRUE(can_trap(program_, builder_.compare(Op::Eq, a(), trap())));
  EXPECT_TRUE(can_trap(program_, builder_.select(trap(), a(), a())));
  EXPECT_TRUE(can_trap(program_, builder_.select(a(), trap(), a())));
  EXPECT_TRUE(can_trap(program_, builder_.select(a(), a(), trap())));
  EXPECT_FALSE(can_trap(program_, builder_.select(a(), a(), a())));
  EXPECT_FALSE(operation_can_trap(program_, builder_.unary(Op::Neg, trap())));
}

TEST_F(ExpressionsTest, CountsNodesUpToABound) {
  const NodeId id = builder_.select(a(), builder_.binary(Op::Add, a(), builder_.i32(1)), a());
  EXPECT_EQ(expression_size(program_, id, 100), 6U);
  EXPECT_EQ(expression_size(program_, id, 6), 6U);
  EXPECT_EQ(expression_size(program_, id, 3), 4U);
  EXPECT_EQ(expression_height(program_, id), 3U);
  EXPECT_EQ(expression_height(program_, a()), 1U);
}

TEST_F(ExpressionsTest, CopiesShareNoNode) {
  const NodeId id = builder_.select(builder_.compare(Op::LtU, x(), builder_.i64(9)), a(), builder_.unary(Op::Clz, a()));
  const std::uint32_t before = program_.node_count();
  const NodeId copy = copy_expression(program_, id);
  EXPECT_EQ(program_.node_count(), before + 7);
  EXPECT_TRUE(same_expression(program_, id, copy));
  EXPECT_GE(program_.node(copy).a, before);
  EXPECT_GE(program_.node(copy).b, before);
  EXPECT_GE(program_.node(copy).c, before);
}

TEST_F(ExpressionsTest, TellsExpressionsApart) {
  const auto same = [this](NodeId left, NodeId right) { return same_expression(program_, left, right); };
  EXPECT_TRUE(same(builder_.i32(1), builder_.i32(1)));
  EXPECT_FALSE(same(builder_.i32(1), builder_.i32(2)));
  EXPECT_FALSE(same(builder_.i32(1), builder_.i64(1)));
  EXPECT_FALSE(same(builder_.i64(1), builder_.i64(1LL << 32 | 1)));
  EXPECT_FALSE(same(a(), x()));
  EXPECT_FALSE(same(builder_.binary(Op::Add, a(), a()), builder_.binary(Op::Sub, a(), a())));
  EXPECT_FALSE(same(builder_.compare(Op::Eq, a(), a()), builder_.compare(Op::Eq, x(), x())));
  EXPECT_FALSE(same(builder_.select(a(), a(), builder_.i32(1)), builder_.select(a(), a(), builder_.i32(2))));
}

TEST_F(ExpressionsTest, KnowsWhichKindsThereAre) {
  builder_.body({builder_.store(a_, a())});
  EXPECT_TRUE(has_kind(program_, ast::NodeKind::Store));
  EXPECT_FALSE(has_kind(program_, ast::NodeKind::Loop));
}

TEST(FreshNamesTest, SkipsNamesInUse) {
  const ast::Program program = parsed_body("let i32 t1 = 1; let i32 t03 = 2; let i32 t = 3; let i32 tx2 = 4; print 1;");
  FreshNames names(program, "t");
  EXPECT_EQ(names.next(), "t0");
  EXPECT_EQ(names.next(), "t2");
  EXPECT_EQ(names.next(), "t3");
}

TEST(FreshNamesTest, DoesNotRunOut) {
  const ast::Program program = parsed_body("let i32 t_0 = 1; let i32 t65536 = 2; print 1;");
  FreshNames names(program, "t");
  std::string last;
  for (std::uint32_t i = 0; i <= ast::kMaxVariables; ++i) last = names.next();
  EXPECT_EQ(last, "t_1");
}

}  // namespace
}  // namespace assay::opt
