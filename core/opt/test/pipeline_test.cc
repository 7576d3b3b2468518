// Specification of the pipeline's spelling and order.
#include "core/opt/pipeline.h"

#include <gtest/gtest.h>

#include "core/ast/text.h"

namespace assay::opt {
namespace {

TEST(PipelineTest, SpellsAndReadsItself) {
  const Pipeline pipeline = {PassId::Fold, PassId::Dce, PassId::Fold};
  EXPECT_EQ(print_pipeline(pipeline), "fold,dce,fold");
  EXPECT_EQ(parse_pipeline("fold,dce,fold").value(), pipeline);
}

TEST(PipelineTest, KnowsNoneAndDefault) {
  EXPECT_TRUE(parse_pipeline("none").value().empty());
  EXPECT_EQ(print_pipeline({}), "none");
  EXPECT_EQ(parse_pipeline("default").value(), default_pipeline());
  EXPECT_EQ(default_pipeline().size(), kPassCount + 1);
}

TEST(PipelineTest, NamesThePartThatIsNoPass) {
  const auto result = parse_pipeline("fold,flod");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "there is no pass named 'flod'");
  EXPECT_FALSE(parse_pipeline(""));
  EXPECT_FALSE(parse_pipeline("fold,"));
}

TEST(PipelineTest, TellsTheObserverOfEveryPassInOrder) {
  ast::Program program;
  Pipeline seen;
  const auto result =
      run_pipeline(program, default_pipeline(), [&seen](PassId pass, const PassResult&) { seen.push_back(pass); });
  EXPECT_EQ(seen, default_pipeline());
  EXPECT_TRUE(ast::same_program(program, result));
}

// The division would keep the loop from being solved.
TEST(PipelineTest, WhatPropagationFindsDeadIsGoneWhenLoopsAreSolved) {
  const auto program =
      ast::parse_program("program p(i64 x, i64 n) { let i64 d = 0L; loop (n) { if (d) { x = x / d; } x = x + 1L; } }");
  ASSERT_TRUE(program);
  std::size_t solved = 0;
  static_cast<void>(run_pipeline(*program, default_pipeline(), [&solved](PassId, const PassResult& result) {
    for (const scev::LoopReport& loop : result.loops) solved += loop.solved ? 1U : 0U;
  }));
  EXPECT_EQ(solved, 1U);
}

TEST(PipelineTest, StopsWhenARoundChangesNothing) {
  ast::Program program;
  unsigned passes = 0;
  const auto result = optimize(program, default_pipeline(), [&passes](PassId, const PassResult&) { ++passes; });
  EXPECT_EQ(passes, default_pipeline().size());
  EXPECT_TRUE(ast::same_program(program, result));
}

}  // namespace
}  // namespace assay::opt
