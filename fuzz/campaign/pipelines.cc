// Drawing pipelines; see pipelines.h. Tested by fuzz/campaign/test/pipelines_test.cc.
#include "fuzz/campaign/pipelines.h"

namespace assay::fuzz {

opt::Pipeline draw_pipeline(base::Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return {};
    case 1:
    case 2:
      return opt::default_pipeline();
    default:
      break;
  }
  constexpr std::uint32_t kLongest = 10;
  opt::Pipeline pipeline(1 + rng.below(kLongest));
  for (opt::PassId& pass : pipeline) pass = static_cast<opt::PassId>(rng.below(opt::kPassCount));
  return pipeline;
}

}  // namespace assay::fuzz
