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

oracles::JudgeConfig judge_config_with_decoders(OracleId oracle) {
  oracles::JudgeConfig config = judge_config_for(oracle);
  if (oracle != OracleId::Passes && oracle != OracleId::Metamorphic) {
    config.enabled[static_cast<std::size_t>(OracleId::Encoding)] = true;
  }
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
  std::vector<bool> wrong_bytes(findings.size(), false);
  for (const oracles::Conviction& conviction : report_.convictions) {
    const std::string seen = signature_of(conviction, findings[conviction.subject].program);
    if (same_fault(signature_, seen)) same[conviction.subject] = true;
    if (conviction.oracle == OracleId::Encoding) wrong_bytes[conviction.subject] = true;
  }
  const auto parts = parse_signature(signature_);
  if (parts && parts->oracle == oracles::name(OracleId::Encoding)) return same;
  for (std::size_t i = 0; i < same.size(); ++i) same[i] = same[i] && !wrong_bytes[i];
  return same;
}

}  // namespace assay::fuzz
