// Refutations before the oracles; see refutation.h. Tested by fuzz/proofs/test/refutation_test.cc.
#include "fuzz/proofs/refutation.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/base/fnv1a.h"
#include "fuzz/campaign/batch.h"
#include "fuzz/findings/environment.h"
#include "oracles/explain.h"

namespace assay::fuzz {

base::Result<Finding> finding_of(const Refutation& refutation, oracles::Judge& judge) {
  Finding finding;
  finding.program = *refutation.program;
  finding.inputs = {refutation.input};
  finding.features = x64::intersection(refutation.features, x64::host_features());
  finding.pipeline = refutation.pipeline;
  finding.configuration = "proof";
  finding.build = build_description();
  finding.cpu = cpu_description();
  finding.oracle = "proof";
  finding.verdict = oracles::name(oracles::Verdict::Diverge);
  finding.signature = kUnconfirmedSignature;
  finding.explanation = {"refuted: " + refutation.claim};
  const std::array subjects = {
      oracles::Subject{refutation.program, finding.inputs, finding.features, true, refutation.pipeline}};
  oracles::BatchReport report;
  if (auto judged = judge.judge(subjects, report); !judged) return judged.error();
  if (report.convictions.empty()) {
    finding.explanation.emplace_back(
        "no oracle convicts it on this input; the interpreter, with more fuel, ends differently");
    return finding;
  }
  const oracles::Conviction& conviction = report.convictions.front();
  finding.oracle = oracles::name(conviction.oracle);
  finding.verdict = oracles::name(conviction.verdict);
  finding.signature = signature_of(conviction, finding.program);
  for (std::string& line : oracles::explain(conviction, finding.program, finding.inputs)) {
    finding.explanation.push_back(std::move(line));
  }
  return finding;
}

std::string file_name_of(const Finding& finding) {
  return fmt::format("{:016x}-{:016x}.nda", base::fnv1a(finding.signature), base::fnv1a(print_finding(finding)));
}

}  // namespace assay::fuzz
