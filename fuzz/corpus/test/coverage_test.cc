// What judged programs cover; see fuzz/corpus/coverage.h.
#include "fuzz/corpus/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "core/ast/text.h"

namespace assay::fuzz {
namespace {

ast::Program program_of(const char* text) {
  auto program = ast::parse_program(text);
  EXPECT_TRUE(program) << program.error().describe();
  return std::move(program).value();
}

Coverage covered_by(const char* text) {
  const ast::Program program = program_of(text);
  std::vector<jit::CompiledBlock> blocks(1);
  jit::Compiler compiler;
  compiler.compile(program, {jit::Convention::SystemV, {}, true}, blocks[0]);
  return coverage_of(program, blocks);
}

TEST(CoverageTest, HasNodesWithTypesAndFormsWithRegisters) {
  const Coverage narrow = covered_by("program p(i32 a, i32 b) { a = a + b; }");
  const Coverage wide = covered_by("program p(i64 a, i64 b) { a = a + b; }");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kCoverageCount; ++i) {
    if (narrow.test(i)) names.push_back(coverage_name(i));
  }
  EXPECT_THAT(names, testing::Contains("add i32"));
  EXPECT_TRUE((wide & ~narrow).any());
  EXPECT_TRUE((narrow & ~wide).any());
}

TEST(CoverageTest, IsAPartOfWhatIsPossible) {
  const Coverage some = covered_by(
      "program p(i32 a, i64 b, i64 c) { loop (a) { b = rotl(b, c) / (c | 1); if (b > c) { break; } } push b; }");
  EXPECT_TRUE((some & ~possible_coverage()).none());
  EXPECT_GT(possible_coverage().count(), some.count());
}

TEST(CoverageTest, WithoutBlocksTheNodesRemain) {
  const ast::Program program = program_of("program p(i32 a) { print a; }");
  EXPECT_GT(coverage_of(program, {}).count(), 1U);
}

TEST(CoverageTest, SurvivesPrinting) {
  const Coverage some = covered_by("program p(i32 a, i32 b) { a = a + b; }");
  const auto again = parse_coverage(print_coverage(some));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, some);
  EXPECT_EQ(parse_coverage("")->count(), 0U);
  EXPECT_FALSE(parse_coverage("1 x"));
  EXPECT_FALSE(parse_coverage("99999999"));
}

}  // namespace
}  // namespace assay::fuzz
