// Proofs beside a campaign: once for each shape, within the budget, findings from what is refuted; see
// fuzz/proofs/campaign_proofs.h.
#include "fuzz/proofs/campaign_proofs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "fuzz/campaign/batch.h"
#include "fuzz/findings/replay.h"
#include "fuzz/proofs/test/support.h"

namespace assay::fuzz {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::StartsWith;

constexpr ProofBudget kGenerous{1.0, 10'000};

class CampaignProofsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto shapes = ShapeSet::create();
    ASSERT_TRUE(shapes);
    shapes_ = std::move(shapes).value();
  }

  std::unique_ptr<ShapeSet> shapes_;
  ProofFigures figures_;
};

TEST_F(CampaignProofsTest, AShapeIsProvedOnce) {
  CampaignProofs proofs(kGenerous, opt::solve_loops, *shapes_);
  for (const char* const text : {kSteps, kSteps, "program q(i64 z, i32 a, i32 b) { z = 1; loop (b) { a = a + 3; } }"}) {
    EXPECT_THAT(proofs.look_at(parsed(text), figures_), IsEmpty());
  }
  EXPECT_EQ(figures_.proved, 1U);
  EXPECT_EQ(figures_.unknown + figures_.refuted + figures_.declined + figures_.over_budget, 0U);
}

TEST_F(CampaignProofsTest, WhatOneProcessProvedNoOtherProves) {
  CampaignProofs one(kGenerous, opt::solve_loops, *shapes_);
  CampaignProofs other(kGenerous, opt::solve_loops, *shapes_);
  static_cast<void>(one.look_at(parsed(kSteps), figures_));
  one.publish();
  static_cast<void>(other.look_at(parsed(kSteps), figures_));
  EXPECT_EQ(figures_.proved, 1U);
}

TEST_F(CampaignProofsTest, WhatDiesWithAProcessBeforeItIsRecordedIsProvedByAnother) {
  {
    CampaignProofs killed(kGenerous, opt::solve_loops, *shapes_);
    ProofFigures lost;
    static_cast<void>(killed.look_at(parsed(kSteps), lost));
    EXPECT_EQ(lost.proved, 1U);
  }
  CampaignProofs other(kGenerous, opt::solve_loops, *shapes_);
  static_cast<void>(other.look_at(parsed(kSteps), figures_));
  EXPECT_EQ(figures_.proved, 1U);
}

TEST_F(CampaignProofsTest, AWrongSolutionIsRefuted) {
  CampaignProofs proofs(kGenerous, solve_with_step_4, *shapes_);
  const auto refuted = proofs.look_at(parsed(kSteps), figures_);
  ASSERT_EQ(refuted.size(), 1U);
  EXPECT_EQ(refuted[0].input.size(), refuted[0].solved.before.slot_count());
  EXPECT_EQ(figures_.refuted, 1U);
}

TEST_F(CampaignProofsTest, ALoopThatIsNotSolvedIsDeclinedAndNotProved) {
  CampaignProofs proofs(kGenerous, opt::solve_loops, *shapes_);
  static_cast<void>(proofs.look_at(parsed("program p(i32 n, i32 s) { loop (n) { s = 7 / s; } }"), figures_));
  EXPECT_EQ(figures_.declined, 1U);
  EXPECT_EQ(figures_.proved, 0U);
}

TEST_F(CampaignProofsTest, WithoutAShareNothingIsLookedAt) {
  CampaignProofs proofs({0, 1000}, opt::solve_loops, *shapes_);
  static_cast<void>(proofs.look_at(parsed(kSteps), figures_));
  EXPECT_EQ(figures_.proved + figures_.over_budget, 0U);
  EXPECT_FALSE(shapes_->contains(0));
}

TEST_F(CampaignProofsTest, WhatIsOverBudgetIsCountedAndMayBeLookedAtLater) {
  // The first loop uses up more than the head start and the share together.
  const LoopSolver slow = [](const ast::Program& program) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return opt::solve_loops(program);
  };
  CampaignProofs proofs({1e-9, 10'000}, slow, *shapes_);
  const ast::Program other = parsed("program p(i32 n, i32 s) { loop (n) { s = s + 5; } }");
  static_cast<void>(proofs.look_at(parsed(kSteps), figures_));
  static_cast<void>(proofs.look_at(other, figures_));
  static_cast<void>(proofs.look_at(other, figures_));
  EXPECT_EQ(figures_.proved, 1U);
  EXPECT_EQ(figures_.over_budget, 2U) << "meetings are counted";
  CampaignProofs later(kGenerous, opt::solve_loops, *shapes_);
  static_cast<void>(later.look_at(other, figures_));
  EXPECT_EQ(figures_.proved, 2U);
}

// Takes additions in what it emits for subtractions.
opt::PassResult solve_and_spoil(const ast::Program& program) {
  opt::PassResult result = opt::solve_loops(program);
  if (result.changes == 0) return result;
  ast::Program wrong = result.program;
  if (planted::taken_for(ast::Op::Mul, ast::Op::Or)(wrong)) result.program = std::move(wrong);
  return result;
}

TEST_F(CampaignProofsTest, ARefutedLoopOfACampaignIsAFindingThatReplays) {
  CampaignConfig config;
  config.batch_size = 48;
  const auto judge = [] { return judge_with(std::make_unique<WrongSolver>(solve_and_spoil)); };
  BatchRunner batch(config, judge(), std::make_unique<CampaignProofs>(kGenerous, solve_and_spoil, *shapes_));
  const auto done = batch.run(0, config.batch_size);
  ASSERT_TRUE(done) << done.error().describe();
  ASSERT_FALSE(batch.refutations().empty());
  EXPECT_EQ(batch.figures().proofs.refuted, batch.refutations().size());
  const Finding& finding = batch.refutations().front().finding;
  EXPECT_THAT(finding.signature, StartsWith("passes/scev/"));
  const auto again = parse_finding(print_finding(finding));
  ASSERT_TRUE(again) << again.error().describe();
  EXPECT_THAT(replay(*judge(), *again)->signatures, Contains(finding.signature));
}

TEST_F(CampaignProofsTest, VerdictsDoNotDependOnProofs) {
  CampaignConfig config;
  config.batch_size = 32;
  BatchRunner with(config, judge_with(nullptr),
                   std::make_unique<CampaignProofs>(kGenerous, opt::solve_loops, *shapes_));
  BatchRunner without(config, judge_with(nullptr));
  ASSERT_TRUE(with.run(0, config.batch_size));
  ASSERT_TRUE(without.run(0, config.batch_size));
  EXPECT_EQ(with.figures().judged.verdicts, without.figures().judged.verdicts);
  EXPECT_EQ(with.figures().forms, without.figures().forms);
  EXPECT_GT(with.figures().proofs.proved, 0U);
  EXPECT_EQ(without.figures().proofs.proved, 0U);
}

}  // namespace
}  // namespace assay::fuzz
