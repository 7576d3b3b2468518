// Localiser: gives the findings of a batch the signatures under which they are counted.
//
// A program counts once, for the oracle that spoke first: the later ones judge code that is already known to be wrong.
// Where that oracle names an instruction, or the difference says what is wrong, the signature stands. Where only a
// value is wrong, the first few programs of a batch with that signature are made small (fuzz/triage/localise.h); the
// others keep the signature without a node. Which ones those are depends on the batch alone.
//
// Judges that make programs small have few oracles, and are started when there is something to find for the first time.
//
// Tested by fuzz/campaign/test/localiser_test.cc.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "fuzz/campaign/batch.h"
#include "fuzz/campaign/config.h"
#include "fuzz/campaign/job.h"
#include "fuzz/campaign/wire.h"

namespace assay::fuzz {

class Localiser {
 public:
  Localiser(const CampaignConfig& config, const BlockSourceFactory& source) : config_(config), source_(source) {}

  // Findings, by program, and their keys.
  void describe(const BatchRunner& batch, TaskResult& result);

  // CPU time of the judges' worker processes so far.
  [[nodiscard]] std::uint64_t helper_cpu_nanoseconds() const;

 private:
  [[nodiscard]] FindingRecord record_of(const BatchRunner& batch, const oracles::Conviction& conviction);
  void localise(oracles::OracleId oracle, const Finding& finding, FindingRecord& record);

  const CampaignConfig& config_;
  const BlockSourceFactory& source_;
  std::map<oracles::OracleId, std::unique_ptr<oracles::Judge>> judges_;
  std::map<std::string, unsigned> tried_;  // in this batch, by the signature of one judgement
};

}  // namespace assay::fuzz
