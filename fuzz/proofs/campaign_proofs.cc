// Proofs beside a campaign; see campaign_proofs.h. Tested by fuzz/proofs/test/campaign_proofs_test.cc.
#include "fuzz/proofs/campaign_proofs.h"

#include <utility>

#include "smt/extract_loop.h"
#include "smt/loop_shape.h"

namespace assay::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

// Before a share of its time is worth anything a campaign may start the solver and prove a few loops.
constexpr std::uint64_t kHeadStart = 300'000'000;  // nanoseconds

// A proof has many obligations, of which few take long; the first one proves theorems too.
constexpr unsigned kLimitsPerProof = 8;

std::uint64_t nanoseconds_since(Clock::time_point start) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
}

}  // namespace

CampaignProofs::CampaignProofs(const ProofBudget& budget, LoopSolver solve_loops, ShapeSet& shapes)
    : budget_(budget), solve_loops_(std::move(solve_loops)), shapes_(shapes), worker_({budget.milliseconds, false}) {}

bool CampaignProofs::budget_left() const {
  if (shapes_.full()) return false;
  return static_cast<double>(spent_) <
         static_cast<double>(kHeadStart) + budget_.share * static_cast<double>(nanoseconds_since(start_));
}

void CampaignProofs::publish() {
  for (const std::uint64_t shape : unpublished_) static_cast<void>(shapes_.insert(shape));
  unpublished_.clear();
}

std::vector<RefutedLoop> CampaignProofs::look_at(const ast::Program& program, ProofFigures& figures) {
  std::vector<RefutedLoop> refuted;
  if (budget_.share <= 0) return refuted;
  for (const ast::NodeId loop : smt::loops_of(program)) {
    const std::uint64_t shape = smt::loop_shape(program, loop);
    if (shapes_.contains(shape) || unpublished_.contains(shape)) continue;
    if (!budget_left()) {
      ++figures.over_budget;
      continue;
    }
    unpublished_.insert(shape);
    const Clock::time_point start = Clock::now();
    SolvedLoop solved = solve_alone(solve_loops_, program, loop);
    if (solved.report.solved) {
      ProofReply reply = worker_.prove(solved, kLimitsPerProof * budget_.milliseconds);
      switch (reply.answer) {
        case smt::Answer::Proved:
          ++figures.proved;
          break;
        case smt::Answer::Refuted:
          ++figures.refuted;
          refuted.push_back({std::move(solved), std::move(reply.counterexample)});
          break;
        case smt::Answer::Unknown:
          ++figures.unknown;
          break;
      }
    } else {
      ++figures.declined;
    }
    const std::uint64_t spent = nanoseconds_since(start);
    figures.nanoseconds += spent;
    spent_ += spent;
  }
  return refuted;
}

}  // namespace assay::fuzz
