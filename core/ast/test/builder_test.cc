// Programs written in C++ are those written as text; see core/ast/builder.h.
#include "core/ast/builder.h"

#include <gtest/gtest.h>

#include "core/ast/test/support.h"
#include "core/ast/verify.h"

namespace assay::ast {
namespace {

class BuilderTest : public testing::Test {
 protected:
  BuilderTest() { program_.set_name("p"); }

  void expect_text(std::string_view text) {
    const auto verified = verify(program_);
    EXPECT_TRUE(verified) << verified.error().describe();
    EXPECT_TRUE(same_program(program_, parsed(text))) << print_program(program_);
  }

  Program program_;
  Builder build_{program_};
};

TEST_F(BuilderTest, WritesEveryExpression) {
  const VarId a = build_.slot("a", Type::I32);
  const VarId x = build_.slot("x", Type::I64);
  build_.body({
      build_.store(a, build_.unary(Op::Neg, build_.load(a))),
      build_.store(a, build_.unary(Op::Eqz, build_.load(x))),
      build_.store(x, build_.binary(Op::Mul, build_.load(x), build_.i64(-3))),
      build_.store(a, build_.compare(Op::GeU, build_.load(x), build_.i64(5))),
      build_.store(x, build_.convert(Op::ExtendS, build_.load(a))),
      build_.store(a, build_.convert(Op::Wrap, build_.load(x))),
      build_.store(x, build_.select(build_.load(a), build_.i64(1), build_.load(x))),
  });
  expect_text(
      "program p(i32 a, i64 x) { a = -a; a = !x; x = x * -3; a = ge_u(x, 5); x = extend_s(a); a = wrap(x); "
      "x = select(a, 1, x); }");
}

TEST_F(BuilderTest, WritesEveryStatement) {
  const VarId a = build_.slot("a", Type::I32);
  const VarId t = build_.local("t", Type::I32);
  build_.body({
      build_.let(t, build_.i32(7)),
      build_.if_else(build_.load(t), build_.block({build_.store(a, build_.i32(1)), build_.push(build_.i32(2))}),
                     build_.block({build_.print(build_.load(a))})),
      build_.if_else(build_.load(a), build_.block({build_.return_nothing()})),
      build_.loop(build_.i32(3), build_.block({build_.break_loop()})),
      build_.while_loop(build_.load(a), build_.block({build_.continue_loop()})),
      build_.return_value(build_.i32(9)),
  });
  expect_text(
      "program p(i32 a) { let i32 t = 7; if (t) { a = 1; push 2; } else { print a; } if (a) { return; } "
      "loop (3) { break; } while (a) { continue; } return 9; }");
}

TEST_F(BuilderTest, AnEmptyBlockIsNone) { EXPECT_FALSE(build_.block({}).valid()); }

TEST_F(BuilderTest, ConstantsAreCutToTheirWidth) {
  EXPECT_EQ(program_.node(build_.constant(Type::I32, 0x1'0000'0002)).bits(), 2U);
  EXPECT_EQ(program_.node(build_.i32(-1)).bits(), 0xFFFFFFFFU);
}

}  // namespace
}  // namespace assay::ast
