// Specification of trip counts: for every comparison, step and edge, next to counting.
#include "core/scev/stay.h"

#include <gtest/gtest.h>

#include "core/opt/evaluate.h"

namespace assay::scev {
namespace {

using ast::Op;
using ast::Type;

constexpr std::uint64_t kGiveUp = 3000;

// How often `value op bound` holds in a row, stepping; kGiveUp if longer than anybody would count.
std::uint64_t counted(Type type, Op op, std::uint64_t value, std::uint64_t step, std::uint64_t bound) {
  std::uint64_t count = 0;
  while (count < kGiveUp && *opt::evaluate(op, type, value, bound) != 0) {
    value = (value + step) & all_ones(type);
    ++count;
  }
  return count;
}

class StayTest : public testing::TestWithParam<Op> {};

TEST_P(StayTest, NeverCountsTooFarAndKnowsWhenItIsExact) {
  const Op op = GetParam();
  unsigned exact = 0;
  for (const Type type : {Type::I32, Type::I64}) {
    const std::uint64_t low = sign_bit(type);
    const std::vector<std::uint64_t> edges = {0,
                                              1,
                                              2,
                                              3,
                                              7,
                                              100,
                                              low - 2,
                                              low - 1,
                                              low,
                                              low + 1,
                                              low + 5,
                                              all_ones(type) - 6,
                                              all_ones(type) - 1,
                                              all_ones(type)};
    const std::vector<std::uint64_t> steps = {
        0, 1, 2, 3, 7, 8, 48, low, low - 1, all_ones(type), all_ones(type) - 1, all_ones(type) - 4, all_ones(type) - 7};
    for (const std::uint64_t value : edges) {
      for (const std::uint64_t step : steps) {
        for (const std::uint64_t bound : edges) {
          Atoms atoms;
          AddRecurrence operand{{constant(type, value)}};
          if (step != 0) operand.coefficients.push_back(constant(type, step));
          const Stay stay = stay_while(atoms, op, operand, constant(type, bound), 0);
          ASSERT_TRUE(stay.count.is_constant());
          const std::uint64_t expected = counted(type, op, value, step, bound);
          if (expected == kGiveUp) continue;
          EXPECT_LE(stay.count.constant_term(), expected) << value << " + k * " << step << " against " << bound;
          if (stay.exact) {
            ++exact;
            EXPECT_EQ(stay.count.constant_term(), expected) << value << " + k * " << step << " against " << bound;
          }
        }
      }
    }
  }
  EXPECT_GT(exact, 100U);
}

TEST_P(StayTest, StepsOfOneAgainstAnyBoundAreExactForStrictOrders) {
  const Op op = GetParam();
  Atoms atoms;
  const Polynomial bound = atoms.initial(ast::VarId{0}, Type::I32);
  const AddRecurrence operand{{atoms.initial(ast::VarId{1}, Type::I32), constant(Type::I32, 1)}};
  const bool inclusive = op == Op::LeS || op == Op::LeU || op == Op::GeS || op == Op::GeU;
  EXPECT_EQ(stay_while(atoms, op, operand, bound, 0).exact, !inclusive);
}

INSTANTIATE_TEST_SUITE_P(Comparisons, StayTest,
                         testing::Values(Op::Eq, Op::Ne, Op::LtS, Op::LtU, Op::GtS, Op::GtU, Op::LeS, Op::LeU, Op::GeS,
                                         Op::GeU),
                         [](const auto& test) { return std::string(ast::op_info(test.param).name); });

TEST(ConjunctionTest, TakesProductsOfComparisonsApart) {
  Atoms atoms;
  const Polynomial x = atoms.variable(ast::VarId{0}, Type::I32);
  const Polynomial n = atoms.initial(ast::VarId{1}, Type::I32);
  const Polynomial less = atoms.operation(Op::LtS, x, n);
  const Polynomial both = multiply(less, atoms.operation(Op::Ne, n, add(x, x)));
  const std::vector<Comparison> parts = conjunction(atoms, both);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].op, Op::LtS);
  EXPECT_EQ(parts[0].varying, x);
  EXPECT_EQ(parts[1].op, Op::Ne);
  EXPECT_EQ(parts[1].varying, scale(x, 2));
  EXPECT_TRUE(conjunction(atoms, add(x, n)).empty());
}

}  // namespace
}  // namespace assay::scev
