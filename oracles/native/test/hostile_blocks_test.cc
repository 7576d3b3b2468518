// Every misdeed of hostile_blocks.def is seen for what it is, blamed on the right instruction, and costs neither the
// runs around it nor the worker. Then the few that do cost a worker.
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "oracles/native/state.h"
#include "oracles/native/test/native_fixture.h"
#include "oracles/test/children.h"

extern "C" {
#define HOSTILE(name, ...)                       \
  extern const std::uint8_t sysv_##name[];       \
  extern const std::uint8_t sysv_##name##_end[]; \
  extern const std::uint8_t win64_##name[];      \
  extern const std::uint8_t win64_##name##_end[];
#define HOSTILE_AT(name, ...) \
  HOSTILE(name)               \
  extern const std::uint8_t sysv_##name##_guilty[], win64_##name##_guilty[];
#define HOSTILE_OR_REFUSED HOSTILE_AT
#include "oracles/native/test/hostile_blocks.def"
}

namespace assay::oracles {
namespace {

using namespace std::chrono_literals;
using jit::Convention;

struct Code {
  const std::uint8_t* begin;
  const std::uint8_t* end;
  const std::uint8_t* guilty;
};

struct Hostile {
  const char* name;
  RunEnd end;
  FaultKind fault;
  Violation violations[2];
  bool may_be_refused;
  Code code[2];
};

const Hostile kHostiles[] = {
#define ENTRY(name, end, fault, sysv, win64, refused, sysv_guilty, win64_guilty) \
  {#name,                                                                        \
   RunEnd::end,                                                                  \
   FaultKind::fault,                                                             \
   {Violation::sysv, Violation::win64},                                          \
   refused,                                                                      \
   {{sysv_##name, sysv_##name##_end, sysv_guilty}, {win64_##name, win64_##name##_end, win64_guilty}}},
#define HOSTILE(name, end, fault, sysv, win64) ENTRY(name, end, fault, sysv, win64, false, nullptr, nullptr)
#define HOSTILE_AT(name, end, fault, sysv, win64) \
  ENTRY(name, end, fault, sysv, win64, false, sysv_##name##_guilty, win64_##name##_guilty)
#define HOSTILE_OR_REFUSED(name, end, fault, sysv, win64) \
  ENTRY(name, end, fault, sysv, win64, true, sysv_##name##_guilty, win64_##name##_guilty)
#include "oracles/native/test/hostile_blocks.def"
};

const Code& code_of(const Hostile& hostile, Convention convention) {
  return hostile.code[static_cast<std::size_t>(convention)];
}

void expect_hostile(const Hostile& hostile, Convention convention, const oracles::Run& run) {
  SCOPED_TRACE(std::string(hostile.name) + ", " + std::string(convention_name(convention)));
  EXPECT_EQ(run.end, hostile.end) << name(run.end);
  const bool refused = hostile.may_be_refused && run.fault.kind == FaultKind::Other;
  EXPECT_EQ(run.fault.kind, refused ? FaultKind::Other : hostile.fault) << name(run.fault.kind);
  EXPECT_EQ(run.violations, hostile.violations[static_cast<std::size_t>(convention)]) << name(run.violations);
  const Code& code = code_of(hostile, convention);
  const bool has_offset = hostile.may_be_refused ? refused : code.guilty != nullptr;
  const std::uint32_t offset = has_offset ? static_cast<std::uint32_t>(code.guilty - code.begin) : kUnknownOffset;
  EXPECT_EQ(run.fault.code_offset, offset);
}

class HostileBlocks : public testing::TestWithParam<Convention> {
 protected:
  static NativeOptions quick() {
    NativeOptions options;
    options.cpu_budget = 8ms;
    return options;
  }
  std::unique_ptr<NativeEngine> engine_ = start_engine(GetParam(), quick());
};

TEST_P(HostileBlocks, AreConvictedAndTheBatchGoesOnInTheSameWorker) {
  Batch batch;
  for (const Hostile& hostile : kHostiles) {
    const Code& code = code_of(hostile, GetParam());
    batch.add(Bytes(code.begin, code.end), {{1, 2}});
    batch.add(good_block(GetParam()), {{7, 8}});
  }
  // Twice: what one batch does must not show in the next.
  for (int round = 0; round < 2; ++round) {
    const std::vector<oracles::Run>& runs = batch.run(*engine_);
    std::size_t i = 0;
    for (const Hostile& hostile : kHostiles) {
      expect_hostile(hostile, GetParam(), runs[i++]);
      SCOPED_TRACE(std::string("after ") + hostile.name);
      expect_good(runs[i++], 7);
    }
  }
  EXPECT_EQ(engine_->respawns(), 0U);
}

TEST_P(HostileBlocks, SysenterIsSomeFault) {
  // What it is depends on the vendor of the CPU.
  Batch batch;
  batch.add({0x0F, 0x34, 0xC3}, {{1, 2}});
  batch.add(good_block(GetParam()), {{7, 8}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  EXPECT_EQ(runs[0].end, RunEnd::Fault);
  expect_good(runs[1], 7);
}

TEST_P(HostileBlocks, ReturnThroughAWrongCellIsSomeFault) {
  // add rsp, 8; ret: the cell is no canonical address, which CPUs report at the ret or at its target.
  Batch batch;
  batch.add({0x48, 0x83, 0xC4, 0x08, 0xC3}, {{1, 2}});
  batch.add(good_block(GetParam()), {{7, 8}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  EXPECT_EQ(runs[0].end, RunEnd::Fault);
  expect_good(runs[1], 7);
}

// mov rax, imm64
Bytes load_rax(std::uint64_t value) {
  Bytes code = {0x48, 0xB8};
  append(code, value, 8);
  return code;
}

TEST_P(HostileBlocks, CannotReadTheMemoryOfTheHarness) {
  static const std::uint64_t in_heap_of_harness = 1;
  const auto on_heap = std::make_unique<std::uint64_t>(in_heap_of_harness);
  const std::uint64_t on_stack = 2;
  Batch batch;
  for (const void* secret : {static_cast<const void*>(on_heap.get()), static_cast<const void*>(&on_stack),
                             static_cast<const void*>(stderr)}) {
    Bytes code = load_rax(reinterpret_cast<std::uint64_t>(secret));
    code.insert(code.end(), {0x48, 0x8B, 0x00, 0xC3});  // mov rax, [rax]; ret
    batch.add(code, {{1, 2}});
  }
  for (const oracles::Run& run : batch.run(*engine_)) {
    EXPECT_EQ(run.end, RunEnd::Fault);
    EXPECT_EQ(run.fault.kind, FaultKind::ReadMemory);
    EXPECT_EQ(run.fault.code_offset, 10U);
  }
}

std::uint64_t written_global = 5;

TEST_P(HostileBlocks, CannotWriteTheDataOfTheProgram) {
  Bytes code = load_rax(reinterpret_cast<std::uint64_t>(&written_global));
  code.insert(code.end(), {0x48, 0x89, 0x00, 0xC3});  // mov [rax], rax; ret
  Batch batch;
  batch.add(code, {{1, 2}});
  const oracles::Run& run = batch.run(*engine_)[0];
  EXPECT_EQ(run.end, RunEnd::Fault);
  EXPECT_EQ(run.fault.kind, FaultKind::WriteMemory);
  EXPECT_EQ(written_global, 5U);
}

// Jumps to the worker's system call instruction with the number in eax, after `prepare`.
Bytes call_kernel(long number, const Bytes& prepare) {
  Bytes code = load_rax(reinterpret_cast<std::uint64_t>(&assay_native_after_syscall) - 2);
  code.insert(code.end(), {0x49, 0x89, 0xC3});  // mov r11, rax
  code.insert(code.end(), prepare.begin(), prepare.end());
  code.push_back(0xB8);  // mov eax, number
  append(code, static_cast<std::uint64_t>(number), 4);
  code.insert(code.end(), {0x41, 0xFF, 0xE3});  // jmp r11
  return code;
}

TEST_P(HostileBlocks, CannotMakeOtherSystemCallsThroughTheWorkersInstruction) {
  Batch batch;
  batch.add(call_kernel(SYS_getpid, {}), {{1, 2}});
  const oracles::Run& run = batch.run(*engine_)[0];
  EXPECT_EQ(run.end, RunEnd::Fault);
  EXPECT_EQ(run.fault.kind, FaultKind::SystemCall);
  EXPECT_EQ(engine_->respawns(), 0U);
}

TEST_P(HostileBlocks, ADeadWorkerIsBlamedOnTheRunAndReplaced) {
  Batch batch;
  batch.add(good_block(GetParam()), {{1, 0}});
  batch.add(call_kernel(SYS_exit_group, {}), {{2, 0}, {3, 0}});
  batch.add(good_block(GetParam()), {{4, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  expect_good(runs[0], 1);
  EXPECT_EQ(runs[1].end, RunEnd::ProcessDied);
  EXPECT_EQ(runs[2].end, RunEnd::ProcessDied);
  expect_good(runs[3], 4);
  EXPECT_EQ(engine_->respawns(), 2U);
}

TEST_P(HostileBlocks, ADeathInTheLastRunLeavesAWorkerForTheNextBatch) {
  Batch first;
  first.add(call_kernel(SYS_exit_group, {}), {{2, 0}});
  EXPECT_EQ(first.run(*engine_)[0].end, RunEnd::ProcessDied);
  Batch second;
  second.add(good_block(GetParam()), {{4, 0}});
  expect_good(second.run(*engine_)[0], 4);
}

TEST_P(HostileBlocks, ARunThatSleepsIsEndedByTheWallClock) {
  NativeOptions options = quick();
  options.wall_budget = 2s;
  engine_ = start_engine(GetParam(), options);
  // futex(frame, FUTEX_WAIT, 0, null): slot 0 is 0, so it sleeps for ever.
  Bytes prepare;
  if (GetParam() == Convention::Microsoft) prepare = {0x48, 0x89, 0xCF};      // mov rdi, rcx
  prepare.insert(prepare.end(), {0x31, 0xF6, 0x31, 0xD2, 0x4D, 0x31, 0xD2});  // xor esi, esi; edx, edx; r10, r10
  Batch batch;
  batch.add(call_kernel(SYS_futex, prepare), {{0, 0}});
  batch.add(good_block(GetParam()), {{4, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  EXPECT_EQ(runs[0].end, RunEnd::Runaway);
  expect_good(runs[1], 4);
  EXPECT_EQ(engine_->respawns(), 1U);
}

TEST_P(HostileBlocks, ARunWhoseWorkerIsKilledFromOutsideIsRunAgain) {
  NativeOptions options;
  options.cpu_budget = 1min;
  options.wall_budget = 1min;
  engine_ = start_engine(GetParam(), options);
  // mov rcx, 5'000'000'000; dec rcx; jnz; xor eax, eax; ret
  const Bytes seconds = {0x48, 0xB9, 0x00, 0xF2, 0x05, 0x2A, 0x01, 0x00, 0x00,
                         0x00, 0x48, 0xFF, 0xC9, 0x75, 0xFB, 0x31, 0xC0, 0xC3};
  Batch batch;
  batch.add(good_block(GetParam()), {{1, 0}});
  batch.add(seconds, {{2, 0}});
  batch.add(good_block(GetParam()), {{3, 0}});
  std::thread killer([] { test::kill_the_child(1); });
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  killer.join();
  expect_good(runs[0], 1);
  EXPECT_EQ(runs[1].end, RunEnd::Finished);
  expect_good(runs[2], 3);
  EXPECT_EQ(engine_->respawns(), 1U);
}

TEST_P(HostileBlocks, ARunWhoseWorkerIsKilledTwiceIsBlamedAndTheBatchGoesOn) {
  NativeOptions options;
  options.cpu_budget = 1min;
  options.wall_budget = 1min;
  engine_ = start_engine(GetParam(), options);
  Batch batch;
  batch.add(good_block(GetParam()), {{1, 0}});
  batch.add({0xEB, 0xFE}, {{2, 0}});  // jmp $
  batch.add(good_block(GetParam()), {{3, 0}});
  std::thread killer([] { test::kill_the_child(2); });
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  killer.join();
  expect_good(runs[0], 1);
  EXPECT_EQ(runs[1].end, RunEnd::ProcessDied);
  expect_good(runs[2], 3);
  EXPECT_EQ(engine_->respawns(), 2U);
}

TEST_P(HostileBlocks, AWorkerKilledBetweenBatchesIsReplacedAndNoRunIsBlamed) {
  ::kill(engine_->worker_pid(), SIGKILL);
  Batch batch;
  batch.add(good_block(GetParam()), {{1, 0}, {2, 0}});
  const std::vector<oracles::Run>& runs = batch.run(*engine_);
  expect_good(runs[0], 1);
  expect_good(runs[1], 2);
  EXPECT_EQ(engine_->respawns(), 1U);
}

TEST_P(HostileBlocks, ALongRunWithinItsBudgetIsNoRunaway) {
  NativeOptions options;
  options.cpu_budget = 5s;
  engine_ = start_engine(GetParam(), options);
  // mov ecx, 50'000'000; dec ecx; jnz; xor eax, eax; ret: longer than the budget of the other tests
  Batch batch;
  batch.add({0xB9, 0x80, 0xF0, 0xFA, 0x02, 0xFF, 0xC9, 0x75, 0xFC, 0x31, 0xC0, 0xC3}, {{1, 2}});
  EXPECT_EQ(batch.run(*engine_)[0].end, RunEnd::Finished);
}

TEST_P(HostileBlocks, ManyShortRunsTogetherAreNoRunaway) {
  Batch batch;
  // 100,000 rounds each, thousands of times: far beyond the budget of one run.
  const std::vector<Frame> inputs(2000, Frame{1, 2});
  batch.add({0xB9, 0xA0, 0x86, 0x01, 0x00, 0xFF, 0xC9, 0x75, 0xFC, 0x31, 0xC0, 0xC3}, inputs);
  for (const oracles::Run& run : batch.run(*engine_)) ASSERT_EQ(run.end, RunEnd::Finished);
}

INSTANTIATE_TEST_SUITE_P(Conventions, HostileBlocks, testing::Values(Convention::SystemV, Convention::Microsoft),
                         [](const auto& parameter) { return std::string(convention_name(parameter.param)); });

}  // namespace
}  // namespace assay::oracles
