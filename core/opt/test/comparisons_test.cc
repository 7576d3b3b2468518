// Specification of turned comparisons, by the values of the comparisons themselves.
#include "core/opt/comparisons.h"

#include <gtest/gtest.h>

#include "core/opt/evaluate.h"

namespace assay::opt {
namespace {

TEST(ComparisonsTest, TurnedComparisonsGiveTurnedAnswers) {
  constexpr std::uint64_t kValues[] = {0, 1, 5, 0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF};
  for (const ast::Op op : {ast::Op::Eq, ast::Op::Ne, ast::Op::LtS, ast::Op::LtU, ast::Op::GtS, ast::Op::GtU,
                           ast::Op::LeS, ast::Op::LeU, ast::Op::GeS, ast::Op::GeU}) {
    for (const std::uint64_t a : kValues) {
      for (const std::uint64_t b : kValues) {
        const std::uint64_t holds = *evaluate(op, ast::Type::I32, a, b);
        EXPECT_EQ(*evaluate(inverse_comparison(op), ast::Type::I32, a, b), 1 - holds);
        EXPECT_EQ(*evaluate(mirrored_comparison(op), ast::Type::I32, b, a), holds);
        if (a < 0x8000'0000 && b < 0x8000'0000) {
          EXPECT_EQ(*evaluate(unsigned_comparison(op), ast::Type::I32, a, b), holds);
        }
        EXPECT_EQ(unsigned_comparison(unsigned_comparison(op)), unsigned_comparison(op));
        if (a == b) {
          EXPECT_EQ(holds_for_equal(op), holds == 1);
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay::opt
