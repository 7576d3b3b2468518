// Blocks around trials: whatever the instruction leaves alone comes back as it was, from both engines.
#include "oracles/instructions/block.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "oracles/emulated/emulated_engine.h"
#include "oracles/instructions/test/instruction.h"
#include "oracles/native/native_engine.h"

namespace assay::oracles::instructions {
namespace {

TEST(Block, FlagsPackAndUnpack) {
  for (std::uint64_t flags = 0; flags <= kAllFlags; ++flags) {
    EXPECT_EQ(unpack_flags(pack_flags(flags)), flags & kAllFlags);
  }
}

class BlockTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    auto engine =
        GetParam() ? create_native_engine(jit::Convention::SystemV) : create_emulated_engine(jit::Convention::SystemV);
    ASSERT_TRUE(engine) << engine.error().describe();
    engine_ = std::move(engine).value();
  }

  oracles::Run run(const std::vector<Trial>& trials) {
    std::vector<const Trial*> pointers;
    for (const Trial& trial : trials) pointers.push_back(&trial);
    const TrialBlock block = make_block(pointers);
    const Frame frame = make_frame(pointers, 0);
    Case one;
    one.block = &block.code;
    one.inputs = {&frame, 1};
    std::vector<oracles::Run> runs;
    const auto done = engine_->run({&one, 1}, runs);
    EXPECT_TRUE(done) << done.error().describe();
    return runs.front();
  }

  std::unique_ptr<Engine> engine_;
};

Trial nothing(base::Rng& rng) {
  Trial trial;
  trial.bytes = {0x90};  // nop
  Inputs inputs;
  for (std::uint64_t& value : inputs.registers) value = rng.next();
  for (std::uint64_t& value : inputs.frame) value = rng.next();
  for (std::uint64_t& value : inputs.stack) value = rng.next();
  inputs.flags = rng.next() & kAllFlags;
  trial.inputs = {inputs};
  return trial;
}

TEST_P(BlockTest, AnInstructionThatDoesNothingLeavesEverythingAsItWas) {
  base::Rng rng(45);
  for (int round = 0; round < 20; ++round) {
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < kTrialsPerBlock; ++i) {
      trials.push_back(nothing(rng));
      Trial& trial = trials.back();
      trial.uses_stack = i % 3 == 0;
      if (i % 4 == 1) trial.pointers = {{3, 1, 0}, {1, 0xAAAA'AAAA'AAAA'AAAB, 0}, {0, 1, 3}};
      if (i % 4 == 2) {
        trial.rescue = 15;
        trial.inputs[0].registers[15] = 0;
        trial.pointers = {{15, 1, 0}};
      }
    }
    const oracles::Run run = this->run(trials);
    ASSERT_EQ(run.end, RunEnd::Finished);
    ASSERT_EQ(run.violations, Violation::None);
    ASSERT_EQ(run.frame.size(), trials.size() * kTrialCells);
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const std::span<const std::uint64_t> cells = std::span(run.frame).subspan(i * kTrialCells, kTrialCells);
      const State state =
          state_before(trials[i], trials[i].inputs[0], cells[kWindowAddressCell], cells[kRspBeforeCell]);
      std::array<std::uint64_t, kTrialCells> expected{};
      expect_cells(state, state, expected);
      EXPECT_TRUE(std::ranges::equal(cells, expected)) << "trial " << i << " of round " << round;
    }
  }
}

TEST_P(BlockTest, AFaultLeavesTheInputsAndNamesTheInstruction) {
  base::Rng rng(46);
  Trial trial = nothing(rng);
  trial.bytes = {0x0F, 0x0B};  // ud2
  const Trial* const pointer = &trial;
  const oracles::Run run = this->run({trial});
  ASSERT_EQ(run.end, RunEnd::Fault);
  EXPECT_EQ(run.fault.kind, FaultKind::IllegalInstruction);
  EXPECT_EQ(run.fault.code_offset, make_block({&pointer, 1}).offsets.front());
  std::array<std::uint64_t, kTrialCells> expected{};
  const State state = state_before(trial, trial.inputs[0], run.frame[kWindowAddressCell], run.frame[kRspBeforeCell]);
  expect_cells_at_fault(state, trial.inputs[0], expected);
  EXPECT_TRUE(std::ranges::equal(run.frame, expected));
}

INSTANTIATE_TEST_SUITE_P(Engines, BlockTest, testing::Values(true, false),
                         [](const testing::TestParamInfo<bool>& native) {
                           return native.param ? "Native" : "Emulated";
                         });

}  // namespace
}  // namespace assay::oracles::instructions
