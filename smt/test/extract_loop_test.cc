// Loops taken out of their programs, and the catalogue of loops: valid programs that behave as they did.
#include "smt/extract_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/ast/text.h"
#include "core/ast/verify.h"
#include "smt/catalogue.h"

namespace assay::smt {
namespace {

TEST(ExtractLoopTest, WhatIsDeclaredOutsideBecomesASlot) {
  const auto program = ast::parse_program(
      "program p(i32 n) { let i64 sum = 0; let i32 i = 0; while (i < n) { let i32 t = i + 1; i = t; sum = sum + 2; } "
      "}");
  ASSERT_TRUE(program.ok());
  const auto loops = loops_of(*program);
  ASSERT_EQ(loops.size(), 1U);
  const ast::Program alone = extract_loop(*program, loops[0]);
  EXPECT_TRUE(ast::verify(alone).ok());
  EXPECT_EQ(alone.slot_count(), 3U);
  EXPECT_EQ(alone.variable_count(), 4U);
}

TEST(ExtractLoopTest, OuterLoopsComeBeforeTheInner) {
  const auto program = ast::parse_program("program p(i32 n) { loop (n) { loop (2) { n = n + 1; } } loop (3) { } }");
  ASSERT_TRUE(program.ok());
  EXPECT_EQ(loops_of(*program).size(), 3U);
}

TEST(CatalogueTest, EveryLoopIsAValidProgramOfItsOwnName) {
  std::vector<std::string> names;
  for (const CatalogueLoop& loop : loop_catalogue()) {
    const auto program = ast::parse_program(loop.text);
    ASSERT_TRUE(program.ok()) << loop.text << program.error().describe();
    EXPECT_GE(loops_of(*program).size(), 1U);
    names.push_back(loop.name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
  EXPECT_GE(names.size(), 1900U);
}

}  // namespace
}  // namespace assay::smt
