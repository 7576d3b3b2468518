// What a user of the engine sees of blocks that behave: values in, values out, limits, order, reproducibility.
#include "oracles/native/native_engine.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "core/ast/limits.h"
#include "core/base/rng.h"
#include "oracles/block_result.h"
#include "oracles/native/protocol.h"
#include "oracles/native/test/native_fixture.h"

namespace assay::oracles {
namespace {

using jit::Convention;

const Bytes kReturn = {0x31, 0xC0, 0xC3};  // xor eax, eax; ret

class NativeEngineTest : public testing::TestWithParam<Convention> {
 protected:
  [[nodiscard]] static bool sysv() { return GetParam() == Convention::SystemV; }
  std::unique_ptr<NativeEngine> engine_ = start_engine(GetParam());
};

TEST_P(NativeEngineTest, IsNamedAfterItsConvention) {
  EXPECT_EQ(engine_->name(), sysv() ? "native-sysv" : "native-win64");
}

TEST_P(NativeEngineTest, RunsEveryCaseOnEveryInputInOrder) {
  Batch batch;
  batch.add(good_block(GetParam()), {{1, 0}, {10, 0}});
  batch.add(good_block(GetParam()), {});
  batch.add(good_block(GetParam()), {{100, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  ASSERT_EQ(runs.size(), 3U);
  expect_good(runs[0], 1);
  expect_good(runs[1], 10);
  expect_good(runs[2], 100);
}

TEST_P(NativeEngineTest, ABlockThatTrapsTellsItsTrapAndEveryStackCell) {
  Batch batch;
  Bytes code = good_block(GetParam());
  code.pop_back();
  code.insert(code.end(), {0x48, 0xC7, 0xC0, 0xFE, 0xFF, 0xFF, 0xFF, 0xC3});  // mov rax, -2; ret
  batch.add(code, {{5, 0}});
  const oracles::Run& run = batch.run(*engine_)[0];
  EXPECT_EQ(run.end, RunEnd::Trapped);
  EXPECT_EQ(run.trap, ast::TrapKind::IntegerOverflow);
  EXPECT_EQ(run.frame, (std::vector<std::uint64_t>{5, 6}));
  EXPECT_FALSE(run.knows_depth);
  EXPECT_EQ(run.stack, (std::vector<std::uint64_t>{5, kUnusedStackCell}));
}

TEST_P(NativeEngineTest, EveryBitOfAFrameGoesThereAndBack) {
  base::Rng rng(1);
  for (const std::uint32_t slots : {0U, 1U, 2U, 511U, 512U, 513U, 1024U, ast::kMaxSlots}) {
    SCOPED_TRACE(slots);
    Frame frame(slots);
    for (std::uint64_t& cell : frame) cell = rng.next();
    Batch batch;
    batch.add(kReturn, {frame});
    const oracles::Run& run = batch.run(*engine_)[0];
    EXPECT_EQ(run.end, RunEnd::Finished);
    EXPECT_EQ(run.violations, Violation::None);
    EXPECT_EQ(run.frame, frame);
  }
}

TEST_P(NativeEngineTest, FramesAndOperandStacksOfAllSizesEndAtAHole) {
  for (const std::uint32_t cells : {1U, 512U, 513U, ast::kMaxSlots}) {
    for (const std::uint32_t beyond : {0U, 1U}) {
      SCOPED_TRACE(cells);
      SCOPED_TRACE(beyond);
      // mov [rdi + disp32], rax (rcx under Microsoft), then the same with the operand stack (rsi, rdx)
      Bytes frame_code = {0x48, 0x89, static_cast<std::uint8_t>(sysv() ? 0x87 : 0x81)};
      Bytes stack_code = {0x48, 0x89, static_cast<std::uint8_t>(sysv() ? 0x86 : 0x82)};
      for (Bytes* code : {&frame_code, &stack_code}) {
        append(*code, 8 * (cells - 1 + beyond), 4);
        // mov eax, cells; ret
        code->push_back(0xB8);
        append(*code, cells, 4);
        code->push_back(0xC3);
      }
      Batch batch(cells);
      batch.add(frame_code, {Frame(cells)});
      batch.add(stack_code, {Frame(cells)});
      for (const oracles::Run& run : batch.run(*engine_)) {
        EXPECT_EQ(run.end, beyond == 0 ? RunEnd::Finished : RunEnd::Fault);
        EXPECT_EQ(run.violations, Violation::None);
      }
    }
  }
}

TEST_P(NativeEngineTest, ACaseWithoutCodeIsNotRun) {
  Batch batch;
  batch.add(good_block(GetParam()), {{1, 0}});
  batch.add_without_code({{1, 0}, {2, 0}});
  batch.add(good_block(GetParam()), {{2, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  expect_good(runs[0], 1);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(runs[i].end, RunEnd::NotRun);
    EXPECT_EQ(runs[i].skip, SkipReason::None);
  }
  expect_good(runs[3], 2);
}

TEST_P(NativeEngineTest, WhatDoesNotFitIsSkippedAsTooLarge) {
  Batch batch(ast::kMaxPushes + 1);
  batch.add(kReturn, {{1, 0}});
  EXPECT_EQ(batch.run(*engine_)[0].skip, SkipReason::TooLarge);

  Batch others;
  others.add(Bytes(native::kCodeBytes, 0x90), {{1, 0}});
  others.add(kReturn, {Frame(ast::kMaxSlots + 1)});
  others.add(kReturn, {{1, 0}}, native::kMachineStackBytes);
  for (const oracles::Run& run : others.run(*engine_)) {
    EXPECT_EQ(run.end, RunEnd::NotRun);
    EXPECT_EQ(run.skip, SkipReason::TooLarge);
  }
}

TEST_P(NativeEngineTest, ALargeBlockRunsToItsEnd) {
  Bytes code(native::kCodeBytes - 64, 0x90);
  code.insert(code.end(), kReturn.begin(), kReturn.end());
  Batch batch;
  batch.add(code, {{1, 0}});
  batch.add(good_block(GetParam()), {{3, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  EXPECT_EQ(runs[0].end, RunEnd::Finished);
  expect_good(runs[1], 3);
}

TEST_P(NativeEngineTest, ABatchMayNeedManyTurns) {
  const std::uint32_t count = native::kMaxRuns + native::kMaxRuns / 2;
  std::vector<Frame> inputs;
  for (std::uint32_t i = 0; i < count; ++i) inputs.push_back({i, 0});
  Batch batch;
  batch.add(good_block(GetParam()), inputs);
  batch.add(kReturn, std::vector<Frame>(20, Frame(ast::kMaxSlots)));
  batch.add(good_block(GetParam()), {{77, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  for (std::uint32_t i = 0; i < count; ++i) expect_good(runs[i], i);
  expect_good(runs.back(), 77);
}

TEST_P(NativeEngineTest, NothingOfAnEarlierBatchIsLeftToRunInto) {
  Batch first;
  for (int i = 0; i < 100; ++i) first.add(good_block(GetParam()), {{1, 0}});
  (void)first.run(*engine_);
  // A jump over 256 bytes: int3 lies there now.
  Batch second;
  second.add({0xE9, 0x00, 0x01, 0x00, 0x00}, {{1, 0}});
  const oracles::Run& run = second.run(*engine_)[0];
  EXPECT_EQ(run.end, RunEnd::Fault);
  EXPECT_EQ(run.fault.kind, FaultKind::ExecuteMemory);
}

// The values a block finds where nobody put any must not depend on the worker or on what ran before.
TEST_P(NativeEngineTest, RubbishIsTheSameInEveryRunAndWorker) {
  // Reads of the unused machine stack, of scratch and saved registers, and before the frame, into slot 0.
  const std::vector<Bytes> reads = {
      {0x48, 0x8B, 0x44, 0x24, 0xF0},  // mov rax, [rsp - 16]
      {0x48, 0x8B, 0x44, 0x24, 0x10},  // mov rax, [rsp + 16]
      {0x4C, 0x89, 0xD0},              // mov rax, r10
      {0x4C, 0x89, 0xF0},              // mov rax, r14
      {0x66, 0x48, 0x0F, 0x7E, 0xC8},  // movq rax, xmm1
      {0x9C, 0x58},                    // pushfq; pop rax
      sysv() ? Bytes{0x48, 0x8B, 0x47, 0xF8} : Bytes{0x48, 0x8B, 0x41, 0xF8},
  };
  const Bytes store = sysv() ? Bytes{0x48, 0x89, 0x07} : Bytes{0x48, 0x89, 0x01};
  const auto collect = [&](NativeEngine& engine) {
    Batch batch;
    for (Bytes code : reads) {
      code.insert(code.end(), store.begin(), store.end());
      code.insert(code.end(), kReturn.begin(), kReturn.end());
      // Something that leaves dirt on the stack: push rcx 4 times, pop it 4 times.
      batch.add({0x51, 0x51, 0x51, 0x51, 0x59, 0x59, 0x59, 0x59, 0x31, 0xC0, 0xC3}, {{1, 2}}, 32);
      batch.add(code, {{1, 2}}, 32);
    }
    std::vector<std::uint64_t> values;
    for (const oracles::Run& run : batch.run(engine)) {
      EXPECT_EQ(run.end, RunEnd::Finished);
      values.push_back(run.frame.at(0));
    }
    return values;
  };
  const auto first = collect(*engine_);
  EXPECT_EQ(collect(*engine_), first);
  const auto other = start_engine(GetParam());
  EXPECT_EQ(collect(*other), first);
}

TEST_P(NativeEngineTest, CpuTimeOfTheWorkerIsTold) {
  const std::uint64_t before = engine_->helper_cpu_nanoseconds();
  Batch batch;
  batch.add(good_block(GetParam()), std::vector<Frame>(2000, Frame{1, 0}));
  (void)batch.run(*engine_);
  EXPECT_GT(engine_->helper_cpu_nanoseconds(), before);
}

TEST_P(NativeEngineTest, BothEnginesMayLiveAtOnce) {
  const Convention other_convention = sysv() ? Convention::Microsoft : Convention::SystemV;
  const auto other = start_engine(other_convention);
  Batch mine;
  mine.add(good_block(GetParam()), {{1, 0}});
  Batch others;
  others.add(good_block(other_convention), {{2, 0}});
  expect_good(mine.run(*engine_)[0], 1);
  expect_good(others.run(*other)[0], 2);
}

INSTANTIATE_TEST_SUITE_P(Conventions, NativeEngineTest, testing::Values(Convention::SystemV, Convention::Microsoft),
                         [](const auto& parameter) { return std::string(convention_name(parameter.param)); });

TEST(Sandbox, HoldsItsProbe) {
  const auto probed = probe_sandbox();
  EXPECT_TRUE(probed.ok()) << (probed.ok() ? "" : probed.error().describe());
}

TEST(Sandbox, ThatCannotBeSetUpIsAnErrorThatNamesTheStep) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_SIGPENDING, &before), 0);
  // A timer needs a queued signal; now nobody has one.
  const rlimit none = {0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_SIGPENDING, &none), 0);
  const auto engine = create_native_engine(Convention::SystemV);
  ASSERT_EQ(setrlimit(RLIMIT_SIGPENDING, &before), 0);
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().kind, base::ErrorKind::System);
  EXPECT_NE(engine.error().message.find("timer"), std::string::npos) << engine.error().message;
}

TEST(Sandbox, AnEngineIsCreatedForEachConvention) {
  for (const Convention convention : {Convention::SystemV, Convention::Microsoft}) {
    EXPECT_TRUE(create_native_engine(convention).ok());
  }
}

}  // namespace
}  // namespace assay::oracles
