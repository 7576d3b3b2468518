// The optimizer's arithmetic against the interpreter's, which it shares nothing with.
#include "core/opt/evaluate.h"

#include <gtest/gtest.h>

#include <iostream>
#include <vector>

#include "core/base/rng.h"
#include "core/interp/operators.h"
#include "core/opt/test/differential.h"

namespace assay::opt {
namespace {

std::vector<std::uint64_t> operands(ast::Type type, base::Rng& rng) {
  const std::uint64_t mask = type == ast::Type::I32 ? 0xFFFF'FFFFU : ~std::uint64_t{0};
  const std::uint64_t least = (mask >> 1) + 1;
  std::vector<std::uint64_t> values = {0,  1,   2,   3,   7,      31,     32,          33,         63,
                                       64, 127, 128, 255, 0x7FFF, 0x8000, 0x7FFF'FFFF, 0x8000'0000};
  for (const std::uint64_t edge : {mask, mask - 1, mask - 127, least, least + 1, least - 1}) values.push_back(edge);
  for (int i = 0; i < 20; ++i) values.push_back(rng.next() >> rng.below(64));
  for (std::uint64_t& value : values) value &= mask;
  return values;
}

TEST(EvaluateTest, AgreesWithTheInterpreterOnEveryOperator) {
  const std::uint64_t seed = test_seed();
  std::cout << "seed " << seed << "\n";
  base::Rng rng(seed);
  for (std::size_t i = 0; i < ast::kOpCount; ++i) {
    const auto op = static_cast<ast::Op>(i);
    for (const ast::Type type : {ast::Type::I32, ast::Type::I64}) {
      if (!ast::accepts(op, type)) continue;
      const std::vector<std::uint64_t> values = operands(type, rng);
      for (const std::uint64_t a : values) {
        for (const std::uint64_t b : values) {
          const interp::Value expected = interp::apply(op, type, a, b);
          const std::optional<std::uint64_t> got = evaluate(op, type, a, b);
          ASSERT_EQ(got.has_value(), expected.trap == ast::TrapKind::None)
              << ast::op_info(op).name << " " << a << " " << b;
          if (!got) continue;
          ASSERT_EQ(*got, expected.bits) << ast::op_info(op).name << " " << a << " " << b;
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay::opt
