// CampaignProofs: in a campaign, each shape of loop that is new is solved and proved once, within a share of its time.
//
// What is proved decides nothing about the programs of the campaign or their verdicts; how much is proved depends on
// the budget, and so on the machine. A loop that is met when the budget is used up is counted and looked at when it is
// met again.
//
// Tested by fuzz/proofs/test/campaign_proofs_test.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "core/ast/program.h"
#include "fuzz/proofs/loop_verifier.h"
#include "fuzz/proofs/proof_figures.h"
#include "fuzz/proofs/proof_worker.h"
#include "fuzz/proofs/shape_set.h"

namespace assay::fuzz {

struct RefutedLoop {
  SolvedLoop solved;
  std::vector<std::uint64_t> input;  // a frame of the loop alone
};

class CampaignProofs {
 public:
  // `shapes` outlives it, and may be shared with other processes.
  CampaignProofs(const ProofBudget& budget, LoopSolver solve_loops, ShapeSet& shapes);

  // Proves the loops of the program whose shape is new, adds to the figures, and gives those that are refuted. Other
  // processes leave these shapes out only from publish() on, so that none is lost with a process that dies before what
  // it found is recorded; two that meet a shape at the same time both prove it.
  [[nodiscard]] std::vector<RefutedLoop> look_at(const ast::Program& program, ProofFigures& figures);

  // What look_at() has given so far is recorded.
  void publish();

  [[nodiscard]] std::uint64_t nanoseconds() const { return spent_; }

 private:
  [[nodiscard]] bool budget_left() const;

  ProofBudget budget_;
  LoopSolver solve_loops_;
  ShapeSet& shapes_;
  std::unordered_set<std::uint64_t> unpublished_;
  ProofWorker worker_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::uint64_t spent_ = 0;  // nanoseconds
};

}  // namespace assay::fuzz
