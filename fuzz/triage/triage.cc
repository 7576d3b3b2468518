// Replaying and recording; see triage.h. Tested by fuzz/triage/test/triage_test.cc.
#include "fuzz/triage/triage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "fuzz/findings/environment.h"
#include "fuzz/findings/replay.h"
#include "oracles/explain.h"

namespace assay::fuzz {

base::Result<bool> identify(oracles::Judge& judge, Finding& finding) {
  if (!finding.signature.empty()) return true;
  if (finding.inputs.empty()) finding.inputs = default_inputs(finding.program);
  const auto replayed = replay(judge, finding);
  if (!replayed) return replayed.error();
  if (replayed->report.convictions.empty()) return false;
  const oracles::Conviction& conviction = replayed->report.convictions.front();
  finding.oracle = oracles::name(conviction.oracle);
  finding.verdict = oracles::name(conviction.verdict);
  finding.signature = replayed->signatures.front();
  const auto guilty = finding.inputs.begin() + conviction.input;
  if (conviction.input < finding.inputs.size()) std::rotate(finding.inputs.begin(), guilty, guilty + 1);
  return true;
}

base::Result<Triage> triage(oracles::Judge& judge, Finding& finding, std::uint32_t replays) {
  Triage result;
  for (; result.replays < replays; ++result.replays) {
    const auto replayed = replay(judge, finding);
    if (!replayed) return replayed.error();
    const auto found = std::find(replayed->signatures.begin(), replayed->signatures.end(), finding.signature);
    if (found == replayed->signatures.end()) continue;
    if (++result.same != 1) continue;
    const auto index = static_cast<std::size_t>(found - replayed->signatures.begin());
    const oracles::Conviction& conviction = replayed->report.convictions[index];
    const std::vector<oracles::Frame> inputs =
        finding.inputs.empty() ? default_inputs(finding.program) : finding.inputs;
    finding.verdict = oracles::name(conviction.verdict);
    finding.explanation = oracles::explain(conviction, finding.program, inputs);
    finding.build = build_description();
    finding.cpu = cpu_description();
  }
  finding.replays = fmt::format("{} of {}", result.same, result.replays);
  return result;
}

}  // namespace assay::fuzz
