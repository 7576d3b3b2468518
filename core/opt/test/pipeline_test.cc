// Specification of the pipeline's spelling and order.
#include "core/opt/pipeline.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(default_pipeline().size(), kPassCount);
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

TEST(PipelineTest, StopsWhenARoundChangesNothing) {
  ast::Program program;
  unsigned passes = 0;
  const auto result = optimize(program, default_pipeline(), [&passes](PassId, const PassResult&) { ++passes; });
  EXPECT_EQ(passes, kPassCount);
  EXPECT_TRUE(ast::same_program(program, result));
}

}  // namespace
}  // namespace assay::opt
