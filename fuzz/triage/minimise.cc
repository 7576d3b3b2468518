// Identify, reduce, triage; see minimise.h. Tested by fuzz/triage/test/triage_test.cc.
#include "fuzz/triage/minimise.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "fuzz/findings/replay.h"
#include "fuzz/reduce/signature_predicate.h"
#include "fuzz/triage/localise.h"

namespace assay::fuzz {
namespace {

// With decoders, so that the program is not reduced to one whose bytes are wrong; but not where its own are: what comes
// of running those is then what the finding is about.
base::Result<std::unique_ptr<oracles::Judge>> judge_for(oracles::OracleId oracle, const Finding& finding,
                                                        const JudgeFactory& make_judge) {
  auto judge = make_judge(judge_config_with_decoders(oracle));
  if (!judge || oracle == oracles::OracleId::Encoding) return judge;
  const auto replayed = replay(*judge.value(), finding);
  if (!replayed) return replayed.error();
  const auto& convictions = replayed->report.convictions;
  const bool wrong_bytes = std::any_of(
      convictions.begin(), convictions.end(),
      [](const oracles::Conviction& conviction) { return conviction.oracle == oracles::OracleId::Encoding; });
  return wrong_bytes ? make_judge(judge_config_for(oracle)) : std::move(judge);
}

}  // namespace

base::Result<Minimised> minimise(const Finding& finding, const JudgeFactory& make_judge, const ReduceConfig& config) {
  Minimised result;
  Finding known = finding;
  if (known.signature.empty()) {
    auto all = make_judge({});
    if (!all) return all.error();
    const auto convicted = identify(*all.value(), known);
    if (!convicted) return convicted.error();
    if (!*convicted) {
      result.reduction.finding = finding;
      result.reduction.end = ReductionEnd::NotReproduced;
      result.reduction.nodes_before = result.reduction.nodes_after = finding.program.node_count();
      return result;
    }
  }
  // The signature begins with the oracle; the header of that name is for people.
  const std::string oracle_name = known.signature.substr(0, known.signature.find('/'));
  const auto oracle = find_oracle(oracle_name);
  if (!oracle) return base::input_error(fmt::format("the signature names an unknown oracle '{}'", oracle_name));
  auto judge = judge_for(*oracle, known, make_judge);
  if (!judge) return judge.error();
  // Of a localised finding the predicate is that of the construct, and the kind of difference may change; the signature
  // is then that of what remains.
  const auto parts = parse_signature(known.signature);
  const bool localised = parts && can_be_localised(*parts) && parts->node != kNotKnown;
  SignaturePredicate same(*judge.value(), known.signature);
  result.reduction =
      reduce(known, localised ? stage_predicate(*judge.value(), *parts) : Predicate(std::ref(same)), config);
  if (result.reduction.end == ReductionEnd::NotReproduced || result.reduction.end == ReductionEnd::HarnessFailed) {
    return result;
  }
  if (localised) {
    auto signature = localised_signature(*judge.value(), result.reduction.finding);
    if (!signature) return signature.error();
    result.reduction.finding.signature = std::move(signature).value();
  }
  const auto triaged = triage(*judge.value(), result.reduction.finding);
  if (!triaged) return triaged.error();
  result.triage = *triaged;
  return result;
}

}  // namespace assay::fuzz
