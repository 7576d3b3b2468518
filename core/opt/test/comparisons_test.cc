// Specification of turned comparisons, by the values of the comparisons themselves.
#include "core/opt/comparisons.h"

#include <gtest/gtest.h>

#include "core/opt/evaluate.h"

namespace assay::opt {
namespace {

constexpr ast::Op kComparisons[] = {ast::Op::Eq,  ast::Op::Ne,  ast::Op::LtS, ast::Op::LtU, ast::Op::GtS,
                                    ast::Op::GtU, ast::Op::LeS, ast::Op::LeU, ast::Op::GeS, ast::Op::GeU};

TEST(ComparisonsTest, TurnedComparisonsGiveTurnedAnswers) {
  constexpr std::uint64_t kValues[] = {0, 1, 5, 0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF};
  for (const ast::Op op : kComparisons) {
    for (const std::uint64_t a : kValues) {
      for (const std::uint64_t b : kValues) {
        const std::uint64_t holds = *evaluate(op, ast::Type::I32, a, b);
        EXPECT_EQ(*evaluate(inverse_comparison(op), ast::Type::I32, a, b), 1 - holds);
        EXPECT_EQ(*evaluate(mirrored_comparison(op), ast::Type::I32, b, a), holds);
        if (a == b) {
          EXPECT_EQ(holds_for_equal(op), holds == 1);
        }
      }
    }
  }
}

// With the sign's bit turned, signed numbers are in the order of natural ones.
TEST(ComparisonsTest, UnsignedComparisonsKeepTheirDirection) {
  constexpr std::uint64_t kSign = 0x8000'0000;
  for (const ast::Op op : kComparisons) {
    const ast::Op natural = unsigned_comparison(op);
    EXPECT_EQ(unsigned_comparison(natural), natural);
    if (natural == op) continue;
    for (const std::uint64_t a : {std::uint64_t{0}, std::uint64_t{5}, kSign - 1, kSign, 2 * kSign - 1}) {
      for (const std::uint64_t b : {std::uint64_t{0}, std::uint64_t{5}, kSign - 1, kSign, 2 * kSign - 1}) {
        EXPECT_EQ(*evaluate(natural, ast::Type::I32, a ^ kSign, b ^ kSign), *evaluate(op, ast::Type::I32, a, b));
      }
    }
  }
}

}  // namespace
}  // namespace assay::opt
