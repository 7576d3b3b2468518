// Specification of drawn pipelines; see fuzz/campaign/pipelines.h.
#include "fuzz/campaign/pipelines.h"

#include <gtest/gtest.h>

#include <array>

namespace assay::fuzz {
namespace {

TEST(PipelinesTest, TheSameSeedDrawsTheSamePipeline) {
  base::Rng left(5);
  base::Rng right(5);
  EXPECT_EQ(draw_pipeline(left), draw_pipeline(right));
}

TEST(PipelinesTest, EveryPassStandsInEveryPlace) {
  base::Rng rng(1);
  std::array<std::array<unsigned, opt::kPassCount>, 10> seen{};
  unsigned empty = 0;
  unsigned all = 0;
  for (int i = 0; i < 4000; ++i) {
    const opt::Pipeline pipeline = draw_pipeline(rng);
    empty += pipeline.empty() ? 1U : 0U;
    all += pipeline == opt::default_pipeline() ? 1U : 0U;
    for (std::size_t place = 0; place < pipeline.size(); ++place) {
      ++seen[place][static_cast<std::size_t>(pipeline[place])];
    }
  }
  EXPECT_GT(empty, 400U);
  EXPECT_GT(all, 800U);
  for (const auto& place : seen) {
    for (const unsigned count : place) EXPECT_GT(count, 5U);
  }
}

}  // namespace
}  // namespace assay::fuzz
