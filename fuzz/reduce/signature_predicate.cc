// Asking a judge for a signature; see signature_predicate.h. Tested by fuzz/reduce/test/planted_test.cc.
#include "fuzz/reduce/signature_predicate.h"

#include "fuzz/findings/signature.h"

namespace assay::fuzz {

using oracles::OracleId;

std::optional<OracleId> find_oracle(std::string_view name) {
  for (const OracleId oracle : oracles::kAllOracles) {
    if (oracles::name(oracle) == name) return oracle;
  }
  return std::nullopt;
}

oracles::JudgeConfig judge_config_for(OracleId oracle) {
  oracles::JudgeConfig config;
  config.enabled.fill(false);
  const auto enable = [&config](OracleId one) { config.enabled[static_cast<std::size_t>(one)] = true; };
  enable(OracleId::Passes);
  enable(oracle);
  if (oracle == OracleId::Encoding) {
    enable(OracleId::NativeSystemV);
    enable(OracleId::NativeMicrosoft);
  }
  if (oracle == OracleId::LongRuns) enable(OracleId::NativeSystemV);
  return config;
}

base::Result<std::vector<bool>> SignaturePredicate::operator()(std::span<const Finding> findings) {
  subjects_.clear();
  for (const Finding& finding : findings) {
    subjects_.push_back({&finding.program, finding.inputs, x64::intersection(finding.features, host_), true,
                         finding.pipeline ? *finding.pipeline : opt::default_pipeline()});
  }
  if (const auto judged = judge_.judge(subjects_, report_); !judged) return judged.error();
  std::vector<bool> same(findings.size(), false);
  for (const oracles::Conviction& conviction : report_.convictions) {
    const std::string seen = signature_of(conviction, findings[conviction.subject].program);
    if (same_fault(signature_, seen)) same[conviction.subject] = true;
  }
  return same;
}

}  // namespace assay::fuzz
