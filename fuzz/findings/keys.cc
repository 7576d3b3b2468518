// What distinguishes findings; see keys.h. Tested by fuzz/findings/test/keys_test.cc.
#include "fuzz/findings/keys.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "core/opt/pipeline.h"
#include "oracles/blame.h"

namespace assay::fuzz {

std::vector<std::string> finding_keys(const Finding& finding) {
  std::set<std::string> keys;
  if (!finding.verdict.empty()) keys.insert("verdict:" + finding.verdict);
  const x64::CpuFeatures& features = finding.features;
  if (features.popcnt) keys.insert("feature:popcnt");
  if (features.lzcnt) keys.insert("feature:lzcnt");
  if (features.bmi1) keys.insert("feature:bmi1");
  if (features.bmi2) keys.insert("feature:bmi2");
  if (!features.popcnt && !features.lzcnt && !features.bmi1 && !features.bmi2) keys.insert("feature:baseline");
  for (const opt::PassId pass : finding.pipeline ? *finding.pipeline : opt::default_pipeline()) {
    keys.insert("pass:" + std::string(opt::pass_info(pass).name));
  }
  for (std::uint32_t i = 0; i < finding.program.node_count(); ++i) {
    keys.insert("node:" + std::string(oracles::node_label(finding.program.node(ast::NodeId{i}))));
  }
  return {keys.begin(), keys.end()};
}

bool is_key(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kFamilies = {"verdict:", "feature:", "pass:", "node:"};
  return std::any_of(kFamilies.begin(), kFamilies.end(), [text](std::string_view family) {
    return text.starts_with(family) && text.size() > family.size();
  });
}

}  // namespace assay::fuzz
