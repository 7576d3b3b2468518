// What the edge-biased constants reach; see fuzz/gen/constants.h.
#include "fuzz/gen/constants.h"

#include <gtest/gtest.h>

#include <set>

namespace assay::fuzz {
namespace {

using ast::Type;

std::set<std::uint64_t> many_constants(Type type) {
  base::Rng rng(1);
  std::set<std::uint64_t> drawn;
  for (int i = 0; i < 20'000; ++i) drawn.insert(draw_constant(rng, type));
  return drawn;
}

TEST(ConstantsTest, FitTheirType) {
  for (const std::uint64_t bits : many_constants(Type::I32)) EXPECT_LE(bits, 0xFFFFFFFFU);
}

TEST(ConstantsTest, ReachEveryEdgeOfI32) {
  const auto drawn = many_constants(Type::I32);
  for (const std::uint64_t edge : {0x0U, 0x1U, 0xFFFFFFFFU, 0x7FU, 0x80U, 0xFFFFFF80U, 0xFFFFFF7FU, 0x7FFFFFFFU,
                                   0x80000000U, 0x80000001U, 0xFFFFU, 0x10000U, 0x10001U}) {
    EXPECT_TRUE(drawn.contains(edge)) << std::hex << edge;
  }
}

TEST(ConstantsTest, ReachEveryEdgeOfI64) {
  const auto drawn = many_constants(Type::I64);
  for (const std::uint64_t edge :
       {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0x7FFFFFFF}, std::uint64_t{0x80000000},
        std::uint64_t{0xFFFFFFFF80000000}, std::uint64_t{0xFFFFFFFF7FFFFFFF}, std::uint64_t{0x7FFFFFFFFFFFFFFF},
        std::uint64_t{0x8000000000000000}}) {
    EXPECT_TRUE(drawn.contains(edge)) << std::hex << edge;
  }
}

TEST(ConstantsTest, ReachEveryPowerOfTwoAndItsNeighbours) {
  const auto drawn = many_constants(Type::I64);
  for (int k = 0; k < 64; ++k) {
    const std::uint64_t power = std::uint64_t{1} << k;
    for (const std::uint64_t value : {power - 1, power, power + 1}) EXPECT_TRUE(drawn.contains(value)) << k;
  }
}

TEST(ShiftCountTest, ReachesTheWidthAndItsNeighbours) {
  for (const Type type : {Type::I32, Type::I64}) {
    base::Rng rng(2);
    std::set<std::uint64_t> drawn;
    for (int i = 0; i < 5000; ++i) drawn.insert(draw_shift_count(rng, type));
    const std::uint64_t width = ast::bit_width(type);
    for (std::uint64_t count = 0; count <= width + 1; ++count) EXPECT_TRUE(drawn.contains(count)) << count;
  }
}

}  // namespace
}  // namespace assay::fuzz
