// Signatures of a batch's findings; see localiser.h. Tested by fuzz/campaign/test/localiser_test.cc.
#include "fuzz/campaign/localiser.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "fuzz/findings/keys.h"
#include "fuzz/findings/signature.h"
#include "fuzz/triage/localise.h"

namespace assay::fuzz {
namespace {

// The first conviction of each program, in the order of the oracles.
std::vector<const oracles::Conviction*> first_convictions(const BatchRunner& batch) {
  std::vector<const oracles::Conviction*> convictions;
  for (const oracles::Conviction& conviction : batch.convictions()) convictions.push_back(&conviction);
  std::sort(convictions.begin(), convictions.end(), [](const auto* left, const auto* right) {
    return std::tie(left->subject, left->oracle, left) < std::tie(right->subject, right->oracle, right);
  });
  const auto end = std::unique(convictions.begin(), convictions.end(),
                               [](const auto* left, const auto* right) { return left->subject == right->subject; });
  convictions.erase(end, convictions.end());
  return convictions;
}

// Of an executor that is given seconds for a run: every attempt that still runs away takes them, hundreds of attempts
// longer than a batch may.
bool takes_seconds(const SignatureParts& parts) {
  return parts.oracle == oracles::name(oracles::OracleId::Tiered) &&
         parts.difference == oracles::name(oracles::DifferenceKind::Runaway);
}

}  // namespace

void Localiser::localise(oracles::OracleId oracle, const Finding& finding, FindingRecord& record) {
  auto& judge = judges_[oracle];
  if (!judge) {
    auto made = oracles::Judge::create(localise_config(oracle), source_());
    if (!made) return;  // the finding is recorded as it was seen
    judge = std::move(made).value();
  }
  const auto localised = fuzz::localise(*judge, finding);
  // What fails only now and then, or needs more attempts, stays as it was seen: half-way small it would be about
  // something else.
  if (!localised || !localised->found || !localised->complete) return;
  record.signature = localised->finding.signature;
  Finding small = localised->finding;
  small.explanation = {"made small by the campaign; `assay reduce` explains it"};
  record.small = print_finding(small);
}

FindingRecord Localiser::record_of(const BatchRunner& batch, const oracles::Conviction& conviction) {
  FindingRecord record;
  record.program_index = batch.program_index(conviction);
  record.signature = batch.signature(conviction);
  record.oracle = oracles::name(conviction.oracle);
  record.verdict = oracles::name(conviction.verdict);
  if (conviction.pass) record.pass = opt::pass_info(*conviction.pass).name;
  return record;
}

void Localiser::describe(const BatchRunner& batch, TaskResult& result) {
  tried_.clear();
  std::map<std::string, unsigned> files;
  std::map<std::pair<std::string, std::string>, std::uint64_t> keys;
  for (const oracles::Conviction* const conviction : first_convictions(batch)) {
    FindingRecord record = record_of(batch, *conviction);
    Finding finding = batch.unexplained(*conviction);
    const std::string seen = record.signature;
    const auto parts = parse_signature(seen);
    const bool vague = parts && can_be_localised(*parts) && config_.localised_per_batch != 0 && !takes_seconds(*parts);
    if (vague && tried_[seen]++ < config_.localised_per_batch) localise(conviction->oracle, finding, record);
    // A failure that nobody looked into needs no file: those that were looked into have one.
    const bool looked_into = !vague || record.signature != seen || tried_[seen] <= config_.localised_per_batch;
    if (looked_into && files[record.signature]++ < config_.files_per_signature) {
      Finding explained = batch.finding(*conviction);
      explained.signature = record.signature;
      record.text = print_finding(explained);
    }
    if (record.text.empty()) record.small.clear();
    for (std::string& key : finding_keys(finding)) ++keys[{record.signature, std::move(key)}];
    result.findings.push_back(std::move(record));
  }
  for (const auto& [key, count] : keys) result.keys.push_back({key.first, key.second, count});
}

std::uint64_t Localiser::helper_cpu_nanoseconds() const {
  std::uint64_t total = 0;
  for (const auto& [oracle, judge] : judges_) {
    if (judge) total += judge->helper_cpu_nanoseconds();
  }
  return total;
}

}  // namespace assay::fuzz
