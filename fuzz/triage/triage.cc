// Replaying and recording; see triage.h. Tested by fuzz/triage/test/triage_test.cc.
#include "fuzz/triage/triage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ast/text.h"
#include "fuzz/findings/environment.h"
#include "fuzz/findings/replay.h"
#include "fuzz/findings/signature.h"
#include "fuzz/triage/last_store.h"
#include "oracles/explain.h"

namespace assay::fuzz {
namespace {

// What a pass made of a program may take more steps than the program.
constexpr std::uint64_t kFuelFactor = 16;

std::string in_words(const ast::Program& program, std::optional<ast::NodeId> store) {
  return store ? ast::print_node(program, *store) : "nothing: it keeps its input";
}

// Of a guilty pass: the two statements that left different values in the first slot that differs.
void append_last_stores(const oracles::Conviction& conviction, const ast::Program& program,
                        std::span<const oracles::Frame> inputs, std::vector<std::string>& lines) {
  const oracles::Difference& difference = conviction.differences.front();
  if (!conviction.pass || !conviction.optimised || difference.kind != oracles::DifferenceKind::Slot) return;
  const ast::VarId slot{difference.index};
  const oracles::Frame& frame = inputs[conviction.input];
  const std::uint64_t fuel = oracles::JudgeConfig{}.fuel * kFuelFactor;
  const std::string_view name = program.variable_name(slot);
  lines.push_back(
      fmt::format("last stored to {}: {}", name, in_words(program, last_store(program, frame, fuel, slot))));
  lines.push_back(fmt::format("after the pass: {}",
                              in_words(*conviction.optimised, last_store(*conviction.optimised, frame, fuel, slot))));
}

}  // namespace

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
    const auto found =
        std::find_if(replayed->signatures.begin(), replayed->signatures.end(),
                     [&finding](const std::string& signature) { return same_fault(finding.signature, signature); });
    if (found == replayed->signatures.end()) continue;
    if (++result.same != 1) continue;
    const auto index = static_cast<std::size_t>(found - replayed->signatures.begin());
    const oracles::Conviction& conviction = replayed->report.convictions[index];
    const std::vector<oracles::Frame> inputs =
        finding.inputs.empty() ? default_inputs(finding.program) : finding.inputs;
    finding.verdict = oracles::name(conviction.verdict);
    finding.explanation = oracles::explain(conviction, finding.program, inputs);
    append_last_stores(conviction, finding.program, inputs, finding.explanation);
    finding.build = build_description();
    finding.cpu = cpu_description();
  }
  finding.replays = fmt::format("{} of {}", result.same, result.replays);
  return result;
}

}  // namespace assay::fuzz
