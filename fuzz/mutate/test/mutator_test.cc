// What mutation promises: valid programs, every kind of edit at work, bounded growth, reproducibility.
#include "fuzz/mutate/mutator.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "core/ast/verify.h"
#include "fuzz/gen/generator.h"

namespace assay::fuzz {
namespace {

std::uint64_t test_seed() {
  const char* const text = std::getenv("ASSAY_TEST_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

ast::Program generated(std::uint64_t index) {
  Generator generator;
  GeneratedCase one;
  generator.generate(base::derive_seed(test_seed(), index), one);
  return one.program;
}

TEST(MutatorTest, ChainsOfMutationsStayValidAndBounded) {
  SCOPED_TRACE(test_seed());
  base::Rng rng(test_seed());
  int changed = 0;
  for (std::uint64_t index = 0; index < 200; ++index) {
    ast::Program program = generated(index);
    const std::uint32_t most = std::max(kMostMutatedNodes, program.node_count());
    for (int i = 0; i < 50; ++i) {
      changed += mutate(program, rng) ? 1 : 0;
      const auto verified = ast::verify(program);
      ASSERT_TRUE(verified) << verified.error().describe();
      ASSERT_LE(program.node_count(), most);
    }
  }
  EXPECT_GT(changed, 200 * 50 * 9 / 10);
}

class EveryMutationTest : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryMutationTest, ChangesProgramsAndLeavesThemAloneWhenItCannot) {
  const auto mutation = static_cast<Mutation>(GetParam());
  SCOPED_TRACE(name(mutation));
  base::Rng rng(test_seed());
  int changed = 0;
  for (std::uint64_t index = 0; index < 300; ++index) {
    const ast::Program before = generated(index);
    ast::Program program = before;
    if (apply_mutation(mutation, program, rng)) {
      changed += ast::same_program(before, program) ? 0 : 1;
      ASSERT_TRUE(ast::verify(program));
    } else {
      ASSERT_TRUE(ast::same_program(before, program));
    }
  }
  EXPECT_GT(changed, 30);
}

INSTANTIATE_TEST_SUITE_P(All, EveryMutationTest, testing::Range(std::size_t{0}, kMutationCount));

TEST(CrossoverTest, OffspringAreValidAndDifferFromTheirFirstParent) {
  base::Rng rng(test_seed());
  int made = 0;
  for (std::uint64_t index = 0; index < 500; ++index) {
    const ast::Program a = generated(index);
    const ast::Program b = generated(index + 1000);
    ast::Program child;
    if (!crossover(a, b, rng, child)) continue;
    const auto verified = ast::verify(child);
    ASSERT_TRUE(verified) << verified.error().describe();
    EXPECT_FALSE(ast::same_program(a, child));
    ++made;
  }
  EXPECT_GT(made, 100);
}

TEST(MutatorTest, TheSameSeedMakesTheSameEdits) {
  for (std::uint64_t index = 0; index < 50; ++index) {
    base::Rng first(index);
    base::Rng second(index);
    ast::Program a = generated(index);
    ast::Program b = generated(index);
    for (int i = 0; i < 10; ++i) {
      mutate(a, first);
      mutate(b, second);
    }
    EXPECT_TRUE(ast::same_program(a, b));
  }
}

TEST(MutatorTest, AnEmptyProgramIsHandled) {
  base::Rng rng(test_seed());
  ast::Program program;
  for (int i = 0; i < 100; ++i) mutate(program, rng);
  EXPECT_TRUE(ast::verify(program));
}

}  // namespace
}  // namespace assay::fuzz
