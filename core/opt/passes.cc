// The table of passes; see passes.h. Tested by core/opt/test/pipeline_test.cc.
#include "core/opt/passes.h"

namespace assay::opt {
namespace {

constexpr std::array<PassInfo, kPassCount> kPasses = {{
#define ASSAY_PASS(Id, name, function, summary) {name, summary, function},
#include "core/opt/passes.def"
}};

}  // namespace

const PassInfo& pass_info(PassId pass) { return kPasses[static_cast<std::size_t>(pass)]; }

std::optional<PassId> find_pass(std::string_view name) {
  for (std::size_t i = 0; i < kPassCount; ++i) {
    if (kPasses[i].name == name) return static_cast<PassId>(i);
  }
  return std::nullopt;
}

}  // namespace assay::opt
