// Mutants of a corpus; see fuzz/campaign/mutants.h.
#include "fuzz/campaign/mutants.h"

#include <gtest/gtest.h>

#include "core/ast/text.h"
#include "core/ast/verify.h"

namespace assay::fuzz {
namespace {

class MutantsTest : public testing::Test {
 protected:
  MutantsTest() {
    EXPECT_TRUE(source_.add({"// features: lzcnt\n// input: 0x5 0x6\nprogram p(i32 a, i64 b) { a = clz(a); }", "1 7"}));
    EXPECT_TRUE(source_.add({"program q(i64 x) { loop (3) { x = x * 3; } }", "2"}));
    EXPECT_TRUE(source_.add({"program r(i32 y) { push y; }", "3"}));
  }
  std::string drawn(std::size_t entries, std::uint64_t seed) {
    GeneratedCase one;
    source_.draw(entries, seed, one);
    EXPECT_TRUE(ast::verify(one.program)) << ast::print_program(one.program);
    for (const auto& frame : one.inputs) EXPECT_EQ(frame.size(), one.program.slot_count());
    std::string text = ast::print_program(one.program);
    for (const auto& frame : one.inputs) {
      for (const std::uint64_t cell : frame) text += std::to_string(cell) + " ";
    }
    return text;
  }

  MutantSource source_;
};

TEST_F(MutantsTest, AreValidAndDecidedByEntriesAndSeed) {
  std::size_t different = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_EQ(drawn(2, seed), drawn(2, seed));
    different += drawn(2, seed) != drawn(2, seed + 1) ? 1U : 0U;
  }
  EXPECT_GT(different, 190U);
}

TEST_F(MutantsTest, DoNotDependOnWhatJoinedTheCorpusLater) {
  std::vector<std::string> before;
  for (std::uint64_t seed = 0; seed < 50; ++seed) before.push_back(drawn(3, seed));
  ASSERT_TRUE(source_.add({"program s(i32 z) { z = 1; }", "4"}));
  for (std::uint64_t seed = 0; seed < 50; ++seed) EXPECT_EQ(drawn(3, seed), before[seed]);
}

TEST_F(MutantsTest, ACorpusCoversWhatItsFirstEntriesCover) {
  EXPECT_EQ(source_.covered(0).count(), 0U);
  EXPECT_EQ(source_.covered(1).count(), 2U);
  EXPECT_EQ(source_.covered(3).count(), 4U);
}

TEST_F(MutantsTest, WhatIsNoProgramIsRefused) {
  EXPECT_FALSE(source_.add({"program", "1"}));
  EXPECT_FALSE(source_.add({"program p(i32 a) { a = 1; }", "one"}));
  EXPECT_EQ(source_.size(), 3U);
}

}  // namespace
}  // namespace assay::fuzz
