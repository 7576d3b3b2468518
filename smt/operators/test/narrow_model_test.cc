// The meaning of every operator equals its definition at 8 bits and the interpreter at full width; a wrong one does
// not.
#include "smt/operators/narrow_model.h"

#include <gtest/gtest.h>

#include "smt/operators/samples.h"

namespace assay::smt {
namespace {

using ast::Op;
using ast::Type;

constexpr std::uint64_t kSeed = 1;

TEST(NarrowModel, IsWhatEveryOperatorMeansOnAllPairs) {
  for (std::size_t number = 0; number < ast::kOpCount; ++number) {
    const auto op = static_cast<Op>(number);
    for (const Type type : {Type::I32, Type::I64}) {
      if (!ast::accepts(op, type)) continue;
      const NarrowResult result = check_narrow_model(op, type);
      EXPECT_EQ(result.difference, "") << ast::op_info(op).name;
      EXPECT_EQ(result.pairs, 65'536U);
    }
  }
}

TEST(NarrowModel, RefutesEveryMeaningThatIsThatOfAnotherOperator) {
  const std::pair<Op, Op> mistakes[] = {
      {Op::ShrS, Op::ShrU},       {Op::Rotl, Op::Rotr}, {Op::LtS, Op::LtU}, {Op::LeS, Op::LtS},
      {Op::DivS, Op::DivU},       {Op::RemS, Op::RemU}, {Op::Clz, Op::Ctz}, {Op::Extend8S, Op::Extend16S},
      {Op::ExtendS, Op::ExtendU}, {Op::Abs, Op::Neg},   {Op::GeU, Op::GtU}, {Op::Add, Op::Or}};
  for (const auto& [op, mistaken] : mistakes) {
    const auto wrong = [other = mistaken](Terms& terms, Op, TermId left, TermId right) {
      return meaning(terms, other, left, right);
    };
    EXPECT_NE(check_narrow_model(op, Type::I32, wrong).difference, "") << ast::op_info(op).name;
    EXPECT_NE(check_samples(op, Type::I32, kSeed, 100, wrong).difference, "") << ast::op_info(op).name;
  }
}

TEST(NarrowModel, RefutesADivisionThatForgetsATrap) {
  const auto without_overflow = [](Terms& terms, Op op, TermId left, TermId right) {
    Meaning result = meaning(terms, op, left, right);
    result.overflows = terms.truth(false);
    return result;
  };
  EXPECT_EQ(check_narrow_model(Op::DivS, Type::I32, without_overflow).difference, "0x80, 0xff");
  EXPECT_EQ(check_samples(Op::DivS, Type::I64, kSeed, 0, without_overflow).difference,
            "0x8000000000000000, 0xffffffffffffffff");
}

TEST(Samples, AgreeWithTheInterpreterAtFullWidth) {
  RecordProperty("seed", static_cast<int>(kSeed));
  for (std::size_t number = 0; number < ast::kOpCount; ++number) {
    const auto op = static_cast<Op>(number);
    for (const Type type : {Type::I32, Type::I64}) {
      if (!ast::accepts(op, type)) continue;
      const SampleResult result = check_samples(op, type, kSeed, 200);
      EXPECT_EQ(result.difference, "") << ast::op_info(op).name << ", seed " << kSeed;
      EXPECT_EQ(result.pairs, 24U * 24U + 200U);
    }
  }
}

}  // namespace
}  // namespace assay::smt
