// Gate: what has to hold before a change is merged, in about a minute.
//
// It replays the corpus (seeds and regressions must agree, known findings must still fail as recorded), proves the
// solved loops of the seeds and of a sample of the catalogue (as `assay verify --scev --quick` does), runs a short
// campaign that is the same every time, and holds all of it to floors. What fails is new unless corpus/known records
// its signature or the base, where one is named, fails in the same way.
//
// The compiler under test comes in through factories, so that tests can plant faults.
//
// Tested by fuzz/gate/test/gate_test.cc.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "fuzz/campaign/config.h"
#include "fuzz/campaign/job.h"
#include "fuzz/gate/report.h"
#include "fuzz/proofs/loop_verifier.h"
#include "fuzz/proofs/subjects.h"
#include "fuzz/triage/minimise.h"

namespace assay::fuzz {

struct GateConfig {
  std::string corpus = "corpus";
  std::string floors;  // a file; empty: floors.json of the corpus
  std::string base;    // another build of `assay`; empty: none
  // Without `programs` and `seconds`: as many programs as the floors are for. Without `seconds` alone:
  // kCampaignSeconds.
  CampaignConfig campaign;
  unsigned proof_milliseconds = 1000;  // for each obligation
  std::size_t catalogue_stride = 1;    // of the catalogue's sample one in so many is proved beside the seeds; 0: none
};

// Where the campaign of a gate ends when it is not told otherwise; a machine that is too slow misses the floor.
inline constexpr double kCampaignSeconds = 180;

struct GateParts {
  JudgeFactory make_judge;    // for replays
  BlockSourceFactory source;  // for the campaign
  LoopSolver solve_loops;     // for the proofs
};

// Told what begins: "seeds", "campaign", ...
using GateProgress = std::function<void(GateStage)>;

// An input error when floors or the folder of seeds cannot be read, a system error when a sandbox cannot be set up:
// nothing is run without one. Broken files of the corpus are items of the report. Once `interrupted` is set no file is
// replayed, no program proved and no batch begun: the report is no pass.
[[nodiscard]] base::Result<GateReport> run_gate(const GateConfig& config, const GateParts& parts,
                                                const GateProgress& progress, const std::atomic<bool>& interrupted);

}  // namespace assay::fuzz
