// The order in which findings shrink, part by part; see fuzz/reduce/size.h.
#include "fuzz/reduce/size.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/ast/compact.h"
#include "core/ast/text.h"

namespace assay::fuzz {
namespace {

Size measured(const char* text) {
  auto parsed = parse_finding(text);
  EXPECT_TRUE(parsed) << parsed.error().describe();
  Finding finding = std::move(parsed).value();
  ast::Program ordered;
  ast::compact(finding.program, ordered);
  finding.program = std::move(ordered);
  return size_of(finding);
}

struct Pair {
  const char* name;
  const char* smaller;
  const char* larger;
};

class SizeTest : public testing::TestWithParam<Pair> {};

TEST_P(SizeTest, TheFirstIsSmaller) {
  const Size smaller = measured(GetParam().smaller);
  const Size larger = measured(GetParam().larger);
  EXPECT_LT(smaller, larger);
  EXPECT_FALSE(larger < smaller);
  EXPECT_FALSE(smaller < smaller);
}

INSTANTIATE_TEST_SUITE_P(
    Parts, SizeTest,
    testing::Values(
        Pair{"NodesBeforeAllElse", "program p(i64 a, i64 b) { a = 9000; }", "program p(i32 a) { a = ~0; }"},
        Pair{"Variables", "program p(i64 a) { a = a; }", "program p(i32 a, i32 b) { a = 0; }"},
        Pair{"Inputs", "// input: 0x9\nprogram p(i32 a) { a = 0; }",
             "// input: 0x0\n// input: 0x0\nprogram p(i32 a) { a = 0; }"},
        Pair{"Passes", "// passes: none\nprogram p(i64 a) { a = 5; }", "// passes: dce\nprogram p(i32 a) { a = 0; }"},
        Pair{"Features", "// features: baseline\nprogram p(i64 a) { a = 5; }",
             "// features: bmi2\nprogram p(i32 a) { a = 0; }"},
        Pair{"Types", "program p(i32 a) { a = a; }", "program p(i64 a) { a = 0; }"},
        Pair{"Loads", "program p(i32 a) { a = 1000; }", "program p(i32 a) { a = a; }"},
        Pair{"Constants", "program p(i32 a) { a = 1; }", "program p(i32 a) { a = 2; }"},
        Pair{"PositiveFirst", "program p(i32 a) { a = 0x7; }", "program p(i32 a) { a = 0xFFFFFFF9; }"},
        Pair{"MinusOneBeforeTwo", "program p(i32 a) { a = 0xFFFFFFFF; }", "program p(i32 a) { a = 2; }"},
        Pair{"Cells", "// input: 0x1\nprogram p(i32 a) { a = 0; }", "// input: 0x5\nprogram p(i32 a) { a = 0; }"},
        Pair{"HighHalves", "// input: 0x1\nprogram p(i32 a) { a = 0; }",
             "// input: 0x100000001\nprogram p(i32 a) { a = 0; }"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(DistanceTest, TheLeastValuesAreFarthest) {
  EXPECT_EQ(distance_from_zero(0x80000000U, ast::Type::I32), Distance(0x80000000U, true));
  EXPECT_EQ(distance_from_zero(0x80000000U, ast::Type::I64), Distance(0x80000000U, false));
  EXPECT_EQ(distance_from_zero(std::uint64_t{1} << 63, ast::Type::I64), Distance(std::uint64_t{1} << 63, true));
  EXPECT_EQ(distance_from_zero(0xFFFFFFFFFFFFFFFFU, ast::Type::I32), Distance(1, true));
}

}  // namespace
}  // namespace assay::fuzz
