// The engine: batches of blocks through the emulator's process, its death and its revival.
#include "oracles/emulated/emulated_engine.h"

#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "oracles/emulated/test/blocks.h"

namespace assay::oracles::emulated {
namespace {

using jit::Convention;

class EmulatedEngineTest : public testing::TestWithParam<Convention> {
 protected:
  void SetUp() override { start({}); }

  void start(const EmulatedEngineOptions& options) {
    auto created = create_emulated_engine(GetParam(), options);
    ASSERT_TRUE(created) << created.error().describe();
    engine_ = std::move(created).value();
  }

  // Adds a case; `inputs` frames of its own.
  void add(const Bytes& code, std::vector<Frame> inputs = {{}}, std::uint32_t stack_capacity = 0) {
    jit::CompiledBlock block;
    block.code = code.code();
    add(std::move(block), std::move(inputs), stack_capacity);
  }
  void add(jit::CompiledBlock block, std::vector<Frame> inputs = {{}}, std::uint32_t stack_capacity = 0) {
    blocks_.push_back(std::make_unique<jit::CompiledBlock>(std::move(block)));
    inputs_.push_back(std::make_unique<std::vector<Frame>>(std::move(inputs)));
    Case one;
    one.block = blocks_.back().get();
    one.inputs = *inputs_.back();
    one.stack_capacity = stack_capacity;
    cases_.push_back(one);
  }
  void run() {
    auto done = engine_->run(cases_, runs_);
    ASSERT_TRUE(done) << done.error().describe();
  }
  void expect_alive() {
    cases_.clear();
    add(Bytes{}.give(0));
    run();
    ASSERT_EQ(runs_.size(), 1U);
    EXPECT_EQ(runs_[0].end, RunEnd::Finished);
  }

  // mov eax, [frame]; add eax, addend; mov [frame], eax; result 0
  [[nodiscard]] static Bytes adds(std::uint32_t addend) {
    const int modrm = modrm_frame(GetParam(), 0);
    return Bytes{0x8B, modrm, 0, 0x05}.imm32(addend).add({0x89, modrm, 0}).give(0);
  }
  // Kills the host: mov edx, 0x80000000; xor eax, eax; mov ecx, -1; idiv ecx (at 12); ret
  [[nodiscard]] static Bytes idiv_overflow() {
    return Bytes{0xBA}.imm32(0x80000000).add({0x31, 0xC0, 0xB9}).imm32(0xFFFFFFFF).add({0xF7, 0xF9, 0xC3});
  }

  std::unique_ptr<Engine> engine_;
  std::vector<std::unique_ptr<jit::CompiledBlock>> blocks_;
  std::vector<std::unique_ptr<std::vector<Frame>>> inputs_;
  std::vector<Case> cases_;
  std::vector<oracles::Run> runs_;
};

INSTANTIATE_TEST_SUITE_P(Conventions, EmulatedEngineTest, testing::Values(Convention::SystemV, Convention::Microsoft),
                         convention_test_name);

TEST_P(EmulatedEngineTest, IsNamedAfterItsConvention) {
  EXPECT_EQ(engine_->name(), GetParam() == Convention::SystemV ? "emulated-sysv" : "emulated-win64");
}

TEST_P(EmulatedEngineTest, GivesOneRunPerCaseAndInputInOrder) {
  for (std::uint32_t i = 0; i < 300; ++i) add(adds(i), {{1}, {2}, {0xABCD'0000'0000'0003ULL}});
  run();
  ASSERT_EQ(runs_.size(), 900U);
  for (std::uint32_t i = 0; i < 300; ++i) {
    EXPECT_EQ(runs_[3 * i].end, RunEnd::Finished);
    EXPECT_EQ(runs_[3 * i].violations, Violation::None);
    EXPECT_EQ(runs_[3 * i].frame, Frame{i + 1});
    EXPECT_EQ(runs_[3 * i + 1].frame, Frame{i + 2});
    EXPECT_EQ(runs_[3 * i + 2].frame, Frame{0xABCD'0000'0000'0000ULL + i + 3});
  }
}

TEST_P(EmulatedEngineTest, ReportsTheOperandStackUpToTheReturnedDepth) {
  const int modrm = modrm_stack(GetParam(), 0);
  add(Bytes{0x48, 0xC7, modrm, 0}.imm32(11).give(1), {{}}, 3);
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::Finished);
  EXPECT_TRUE(runs_[0].knows_depth);
  EXPECT_EQ(runs_[0].stack, std::vector<std::uint64_t>{11});
  EXPECT_EQ(runs_[0].violations, Violation::None);
}

TEST_P(EmulatedEngineTest, CellWrittenAboveTheReturnedDepthIsFound) {
  add(Bytes{0xC7, modrm_stack(GetParam(), 0), 8}.imm32(5).give(1), {{}}, 2);
  run();
  EXPECT_EQ(runs_[0].violations, Violation::BeyondStack);
}

TEST_P(EmulatedEngineTest, NegativeResultIsATrap) {
  add(Bytes{0x48, 0xC7, 0xC0}.imm32(0xFFFFFFFF).add({0xC3}));
  add(Bytes{0x48, 0xC7, 0xC0}.imm32(0xFFFFFFFE).add({0xC3}));
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::Trapped);
  EXPECT_EQ(runs_[0].trap, ast::TrapKind::DivideByZero);
  EXPECT_EQ(runs_[1].end, RunEnd::Trapped);
  EXPECT_EQ(runs_[1].trap, ast::TrapKind::IntegerOverflow);
}

TEST_P(EmulatedEngineTest, ImpossibleResultIsAViolation) {
  add(Bytes{}.give(1));  // depth 1 with no cells
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::Finished);
  EXPECT_EQ(runs_[0].violations, Violation::Result);
}

TEST_P(EmulatedEngineTest, CaseWithoutABlockIsNotRun) {
  add(adds(1), {{1}});
  add(adds(1), {{1}, {2}});
  cases_[1].block = nullptr;
  add(adds(5), {{1}});
  run();
  ASSERT_EQ(runs_.size(), 4U);
  EXPECT_EQ(runs_[0].frame, Frame{2});
  EXPECT_EQ(runs_[1].end, RunEnd::NotRun);
  EXPECT_EQ(runs_[2].end, RunEnd::NotRun);
  EXPECT_EQ(runs_[3].frame, Frame{6});
}

TEST_P(EmulatedEngineTest, RunsAreResetBetweenBatches) {
  add(Bytes{0x0F, 0x0B}, {{1}});
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::Fault);
  cases_.clear();
  add(adds(1), {{1}});
  run();
  EXPECT_EQ(runs_[0].fault.kind, FaultKind::None);
  EXPECT_EQ(runs_[0].fault.code_offset, kUnknownOffset);
}

TEST_P(EmulatedEngineTest, BlockThatIntendsPopcntIsRefused) {
  jit::CompiledBlock block;
  block.code = Bytes{}.give(0).code();
  block.intents.resize(1);
  block.intents[0].form = x64::Form::PopcntR32R32;
  add(std::move(block), {{1}, {2}});
  run();
  for (const oracles::Run& one : runs_) {
    EXPECT_EQ(one.end, RunEnd::NotRun);
    EXPECT_EQ(one.skip, SkipReason::UnsupportedFeature);
  }
}

TEST_P(EmulatedEngineTest, BlockThatExecutesPopcntUnannouncedIsRefused) {
  add(Bytes{0xF3, 0x0F, 0xB8, 0xC1}.give(0));
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::NotRun);
  EXPECT_EQ(runs_[0].skip, SkipReason::UnsupportedFeature);
  expect_alive();
}

TEST_P(EmulatedEngineTest, WhatDoesNotFitIsRefused) {
  add(Bytes{}.nops(kCodeBytes).give(0));
  add(Bytes{}.give(0), {{}}, ast::kMaxPushes + 1);
  add(Bytes{}.give(0), {Frame(ast::kMaxSlots + 1)});
  jit::CompiledBlock deep;
  deep.code = Bytes{}.give(0).code();
  deep.machine_stack_bytes = kMachineStackBytes;
  add(std::move(deep));
  add(Bytes{}.give(0), std::vector<Frame>(1000, Frame(ast::kMaxSlots)));
  run();
  for (const oracles::Run& one : runs_) {
    EXPECT_EQ(one.end, RunEnd::NotRun);
    EXPECT_EQ(one.skip, SkipReason::TooLarge);
  }
  expect_alive();
}

TEST_P(EmulatedEngineTest, BatchLargerThanTheSharedMemoryIsSplit) {
  for (std::uint32_t i = 0; i < 40; ++i) add(adds(i).nops(500'000), {Frame(ast::kMaxSlots, 7)});
  for (std::uint32_t i = 0; i < 1500; ++i) add(adds(i), {{1}});
  run();
  ASSERT_EQ(runs_.size(), 1540U);
  for (std::uint32_t i = 0; i < 40; ++i) EXPECT_EQ(runs_[i].frame[0], i + 7);
  for (std::uint32_t i = 0; i < 1500; ++i) EXPECT_EQ(runs_[40 + i].frame[0], i + 1);
}

TEST_P(EmulatedEngineTest, HostKilledByIdivIsSurvivedAndLocated) {
  add(adds(1), {{1}});
  add(idiv_overflow());
  add(adds(2), {{1}, {2}});
  run();
  ASSERT_EQ(runs_.size(), 4U);
  EXPECT_EQ(runs_[0].frame, Frame{2});
  EXPECT_EQ(runs_[1].end, RunEnd::ProcessDied);
  EXPECT_EQ(runs_[1].fault.kind, FaultKind::Arithmetic);
  EXPECT_EQ(runs_[1].fault.code_offset, 12U);
  EXPECT_EQ(runs_[2].frame, Frame{3});
  EXPECT_EQ(runs_[3].frame, Frame{4});
}

TEST_P(EmulatedEngineTest, HostKilledByAFarBranchIsSurvivedAndLocated) {
  for (const int modrm : {0xD8, 0xE8}) {
    SCOPED_TRACE(modrm);
    cases_.clear();
    add(Bytes{0x90, 0x90, 0xFF, modrm, 0xC3});
    add(adds(2), {{1}});
    run();
    ASSERT_EQ(runs_.size(), 2U);
    EXPECT_EQ(runs_[0].end, RunEnd::ProcessDied);
    EXPECT_EQ(runs_[0].fault.kind, FaultKind::IllegalInstruction);
    EXPECT_EQ(runs_[0].fault.code_offset, 2U);
    EXPECT_EQ(runs_[1].frame, Frame{3});
  }
}

TEST_P(EmulatedEngineTest, OnlyTheInputThatKillsIsLost) {
  // Divides EDX:EAX = -2^63 by slot 0: fatal for -1 only. idiv dword [frame] is at 7.
  const Bytes block = Bytes{0x31, 0xC0, 0xBA}.imm32(0x80000000).add({0xF7, modrm_frame(GetParam(), 7), 0}).give(0);
  // Under Microsoft's convention EDX was the operand stack, which this block does not need.
  add(block, {{0}, {0xFFFFFFFF}, {0xFFFFFFFF}, {0}});
  add(adds(1), {{1}});
  run();
  ASSERT_EQ(runs_.size(), 5U);
  for (const std::size_t i : {0U, 3U}) {
    EXPECT_EQ(runs_[i].end, RunEnd::Fault);
    EXPECT_EQ(runs_[i].fault.kind, FaultKind::Arithmetic);
    EXPECT_EQ(runs_[i].fault.code_offset, 7U);
  }
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(runs_[i].end, RunEnd::ProcessDied);
    EXPECT_EQ(runs_[i].fault.kind, FaultKind::Arithmetic);
    EXPECT_EQ(runs_[i].fault.code_offset, 7U);
  }
  EXPECT_EQ(runs_[4].frame, Frame{2});
}

TEST_P(EmulatedEngineTest, RunawayIsStoppedByTheBlockLimit) {
  start({.emulator = {.max_blocks = 1000}});
  add(Bytes{0xEB, 0xFE}, {{}, {}});
  add(adds(1), {{1}});
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::Runaway);
  EXPECT_EQ(runs_[1].end, RunEnd::Runaway);
  EXPECT_EQ(runs_[2].frame, Frame{2});
}

TEST_P(EmulatedEngineTest, FuelOfACaseRaisesItsBlockLimit) {
  start({.emulator = {.max_blocks = 1000}});
  // mov ecx, 5000; l: dec ecx; jnz l
  const Bytes loop = Bytes{0xB9}.imm32(5000).add({0xFF, 0xC9, 0x75, 0xFC}).give(0);
  add(loop);
  add(loop);
  cases_[1].fuel = 5000;
  run();
  EXPECT_EQ(runs_[0].end, RunEnd::Runaway);
  EXPECT_EQ(runs_[1].end, RunEnd::Finished);
}

TEST_P(EmulatedEngineTest, HangIsStoppedByTheClock) {
  start({.emulator = {.max_blocks = ~std::uint64_t{0}}, .stall_limit = std::chrono::seconds(5)});
  add(adds(1), {{1}});
  add(Bytes{0xEB, 0xFE});
  add(adds(2), {{1}});
  run();
  EXPECT_EQ(runs_[0].frame, Frame{2});
  EXPECT_EQ(runs_[1].end, RunEnd::Runaway);
  EXPECT_EQ(runs_[2].frame, Frame{3});
}

TEST_P(EmulatedEngineTest, CpuTimeOfTheProcessIsCounted) {
  add(Bytes{0xEB, 0xFE});  // two million basic blocks
  run();
  EXPECT_GT(engine_->helper_cpu_nanoseconds(), 1'000'000U);
}

TEST_P(EmulatedEngineTest, ManyDeathsInOneBatchAreAllAttributed) {
  for (std::uint32_t i = 0; i < 60; ++i) {
    if (i % 6 == 3) {
      add(idiv_overflow());
    } else {
      add(adds(i), {{1}});
    }
  }
  run();
  for (std::uint32_t i = 0; i < 60; ++i) {
    if (i % 6 == 3) {
      EXPECT_EQ(runs_[i].end, RunEnd::ProcessDied) << i;
    } else {
      EXPECT_EQ(runs_[i].frame, Frame{i + 1}) << i;
    }
  }
}

}  // namespace
}  // namespace assay::oracles::emulated
