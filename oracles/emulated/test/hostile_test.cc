// Blocks that break every rule: each must be convicted of what it did, at the instruction that did it, and the block
// after it must run as if nothing had happened.
#include <string>
#include <utility>
#include <vector>

#include "oracles/emulated/test/blocks.h"

namespace assay::oracles::emulated {
namespace {

using jit::Convention;

class Hostile : public testing::TestWithParam<Convention> {
 protected:
  // A block that stores 7 to its slot and returns: the proof that the emulator still works.
  void expect_alive() {
    const Bytes honest = Bytes{0xC7, modrm_frame(GetParam(), 0), 0}.imm32(7).give(0);
    const Observation seen = bench_.run(honest, {0x1111'2222'3333'4444ULL}, 1);
    EXPECT_EQ(seen.end, RunEnd::Finished);
    EXPECT_EQ(seen.violations, Violation::None) << static_cast<int>(seen.violations);
    EXPECT_EQ(bench_.frame(), std::vector<std::uint64_t>{0x1111'2222'0000'0007ULL});
  }

  void expect_fault(const Bytes& block, FaultKind kind, std::uint32_t offset) {
    const Observation seen = bench_.run(block, {1, 2}, 2);
    EXPECT_EQ(seen.end, RunEnd::Fault);
    EXPECT_EQ(seen.fault.kind, kind) << name(seen.fault.kind);
    EXPECT_EQ(seen.fault.code_offset, offset);
    expect_alive();
  }

  Observation expect_violation(const Bytes& block, Violation violation) {
    const Observation seen = bench_.run(block, {1, 2}, 2);
    EXPECT_EQ(seen.end, RunEnd::Finished);
    EXPECT_EQ(seen.violations, violation) << static_cast<int>(seen.violations);
    expect_alive();
    return seen;
  }

  Bench bench_{GetParam(), EmulatorOptions{.max_blocks = 10'000}};
};

INSTANTIATE_TEST_SUITE_P(Conventions, Hostile, testing::Values(Convention::SystemV, Convention::Microsoft),
                         convention_test_name);

TEST_P(Hostile, WildWriteIsAWriteFaultAtTheStore) {
  // nop; nop; mov dword [0x1000], 1; ret
  expect_fault(Bytes{0x90, 0x90, 0xC7, 0x04, 0x25}.imm32(0x1000).imm32(1).add({0xC3}), FaultKind::WriteMemory, 2);
}

TEST_P(Hostile, WildReadIsAReadFaultAtTheLoad) {
  expect_fault(Bytes{0x90, 0x8B, 0x04, 0x25}.imm32(0x1000).add({0xC3}), FaultKind::ReadMemory, 1);
}

TEST_P(Hostile, FaultBehindABranchIsLocatedExactly) {
  // xor eax, eax; jz +1; nop; nop; mov eax, [rax]
  expect_fault(Bytes{0x31, 0xC0, 0x74, 0x01, 0x90, 0x90, 0x8B, 0x00, 0xC3}, FaultKind::ReadMemory, 6);
}

TEST_P(Hostile, NonCanonicalReadIsAReadFault) {
  expect_fault(Bytes{0x48, 0xB8}.imm64(0x8000'0000'0000'0000ULL).add({0x8B, 0x00, 0xC3}), FaultKind::ReadMemory, 10);
}

TEST_P(Hostile, JumpToZeroIsAnExecuteFaultAtTheJump) {
  expect_fault(Bytes{0x31, 0xC0, 0xFF, 0xE0}, FaultKind::ExecuteMemory, 2);
}

TEST_P(Hostile, JumpIntoTheFrameIsAnExecuteFault) {
  // jmp rdi or rcx: mapped, but not executable
  expect_fault(Bytes{0xFF, GetParam() == Convention::SystemV ? 0xE7 : 0xE1}, FaultKind::ExecuteMemory, 0);
}

TEST_P(Hostile, RunningOffTheEndIsAnExecuteFaultAtTheLastInstruction) {
  expect_fault(Bytes{0x90, 0x90, 0x90}, FaultKind::ExecuteMemory, 2);
}

TEST_P(Hostile, JumpBehindTheEndIsAnExecuteFaultAtTheJump) {
  expect_fault(Bytes{0x90, 0xE9}.imm32(0x500), FaultKind::ExecuteMemory, 1);
}

TEST_P(Hostile, WriteToTheCodeIsAWriteFault) {
  // mov dword [rip], 0; ret
  expect_fault(Bytes{0xC7, 0x05}.imm32(0).imm32(0).add({0xC3}), FaultKind::WriteMemory, 0);
}

TEST_P(Hostile, Ud2IsAnIllegalInstruction) {
  expect_fault(Bytes{0x90, 0x90, 0x90, 0x0F, 0x0B}, FaultKind::IllegalInstruction, 3);
}

TEST_P(Hostile, Int3IsABreakpoint) { expect_fault(Bytes{0x90, 0xCC, 0xC3}, FaultKind::Breakpoint, 1); }

TEST_P(Hostile, HltIsAFaultAndNotAReturn) { expect_fault(Bytes{0x90, 0xF4, 0xC3}, FaultKind::Other, 1); }

TEST_P(Hostile, SyscallIsASystemCall) { expect_fault(Bytes{0x90, 0x0F, 0x05, 0xC3}, FaultKind::SystemCall, 1); }

TEST_P(Hostile, Int80IsASystemCall) { expect_fault(Bytes{0x90, 0xCD, 0x80, 0xC3}, FaultKind::SystemCall, 1); }

TEST_P(Hostile, DivisionByZeroIsAnArithmeticFaultEveryTime) {
  // An engine whose context is not restored turns blind after the first two.
  for (int i = 0; i < 5; ++i) {
    SCOPED_TRACE(i);
    expect_fault(Bytes{0x31, 0xC9, 0x31, 0xD2, 0xF7, 0xF1, 0xC3}, FaultKind::Arithmetic, 4);
  }
}

TEST_P(Hostile, TrapFlagIsABreakpoint) {
  // pushq 0x100; popfq; nop; ret: single-stepping, which sends SIGTRAP on a CPU
  const Observation seen = bench_.run(Bytes{0x68}.imm32(0x100).add({0x9D, 0x90, 0xC3}), {1}, 1);
  EXPECT_EQ(seen.end, RunEnd::Fault);
  EXPECT_EQ(seen.fault.kind, FaultKind::Breakpoint);
  expect_alive();
}

TEST_P(Hostile, InfiniteLoopIsARunaway) {
  const Observation seen = bench_.run(Bytes{0x90, 0xEB, 0xFE}, {1}, 1);
  EXPECT_EQ(seen.end, RunEnd::Runaway);
  EXPECT_EQ(seen.fault.code_offset, 1U);
  expect_alive();
}

TEST_P(Hostile, PushingForEverFaultsBelowTheMachineStack) {
  Bench patient(GetParam());
  // push rax; jmp -3
  const Observation seen = patient.run(Bytes{0x50, 0xEB, 0xFD}, {1}, 1);
  EXPECT_EQ(seen.end, RunEnd::Fault);
  EXPECT_EQ(seen.fault.kind, FaultKind::WriteMemory);
  EXPECT_EQ(seen.fault.code_offset, 0U);
}

TEST_P(Hostile, PoppingBeyondTheCallerFaultsAboveTheMachineStack) {
  // mov ecx, 1000; pop rax; loop -3
  expect_fault(Bytes{0xB9}.imm32(1000).add({0x58, 0xE2, 0xFD, 0xC3}), FaultKind::ReadMemory, 5);
}

TEST_P(Hostile, LostStackPointerIsAnExecuteFaultAtTheReturn) {
  // push rax; ret
  const Observation seen = bench_.run(Bytes{0x31, 0xC0, 0x50, 0xC3}, {1}, 1);
  EXPECT_EQ(seen.end, RunEnd::Fault);
  EXPECT_EQ(seen.fault.kind, FaultKind::ExecuteMemory);
  EXPECT_EQ(seen.fault.code_offset, 3U);
  expect_alive();
}

TEST_P(Hostile, EachCalleeSavedRegisterIsWatched) {
  std::vector<int> saved = {3, 5, 12, 13, 14, 15};
  if (GetParam() == Convention::Microsoft) saved.insert(saved.end(), {6, 7});
  for (const int number : saved) {
    SCOPED_TRACE(number);
    // inc r64; then a result that is an index
    const Bytes block = Bytes{number < 8 ? 0x48 : 0x49, 0xFF, 0xC0 | (number & 7)}.give(0);
    const Observation seen = expect_violation(block, Violation::CalleeSavedRegister);
    EXPECT_EQ(seen.register_number, number);
  }
}

TEST_P(Hostile, ScratchRegistersAreFree) {
  std::vector<int> scratch = {0, 1, 2, 8, 9, 10, 11};
  if (GetParam() == Convention::SystemV) scratch.insert(scratch.end(), {6, 7});
  for (const int number : scratch) {
    SCOPED_TRACE(number);
    expect_violation(Bytes{number < 8 ? 0x48 : 0x49, 0xFF, 0xC0 | (number & 7)}.give(0), Violation::None);
  }
}

TEST_P(Hostile, EachVectorRegisterIsWatchedUnderMicrosoftOnly) {
  for (int number = 0; number < 16; ++number) {
    SCOPED_TRACE(number);
    const int modrm = 0xC0 | (number & 7) << 3 | (number & 7);
    const Bytes block = (number < 8 ? Bytes{0x0F, 0x57, modrm} : Bytes{0x45, 0x0F, 0x57, modrm}).give(0);  // xorps
    const bool guilty = GetParam() == Convention::Microsoft && number >= 6;
    const Observation seen = expect_violation(block, guilty ? Violation::VectorRegister : Violation::None);
    EXPECT_EQ(seen.register_number, guilty ? number : 0);
  }
}

TEST_P(Hostile, DirectionFlagLeftSetIsFound) { expect_violation(Bytes{0xFD}.give(0), Violation::DirectionFlag); }

TEST_P(Hostile, ChangedControlStateIsFound) {
  // push 0x9F80; ldmxcsr [rsp]; pop rax   (flush to zero)
  expect_violation(Bytes{0x68}.imm32(0x9F80).add({0x0F, 0xAE, 0x14, 0x24, 0x58}).give(0), Violation::ControlState);
  // push 0x0F7F; fldcw [rsp]; pop rax   (round to zero)
  expect_violation(Bytes{0x68}.imm32(0x0F7F).add({0xD9, 0x2C, 0x24, 0x58}).give(0), Violation::ControlState);
  // push 0x40002; popfq   (alignment check)
  expect_violation(Bytes{0x68}.imm32(0x40002).add({0x9D}).give(0), Violation::ControlState);
}

TEST_P(Hostile, UnbalancedStackPointerIsFound) {
  // pop rcx; push rcx; push rcx; ret 8 leaves RSP 8 too high
  expect_violation(Bytes{0xB8}.imm32(0).add({0xC2, 0x08, 0x00}), Violation::StackPointer);
}

TEST_P(Hostile, FrameOverrunFaults) {
  // mov [frame + 16], eax with two slots
  expect_fault(Bytes{0x89, modrm_frame(GetParam(), 0), 16, 0xC3}, FaultKind::WriteMemory, 0);
}

TEST_P(Hostile, FrameUnderrunIsFound) {
  expect_violation(Bytes{0xC6, modrm_frame(GetParam(), 0), 0xFF, 0x5A}.give(0), Violation::BeyondFrame);
}

TEST_P(Hostile, OperandStackOverrunFaults) {
  expect_fault(Bytes{0x89, modrm_stack(GetParam(), 0), 16, 0xC3}, FaultKind::WriteMemory, 0);
}

TEST_P(Hostile, OperandStackUnderrunIsFound) {
  expect_violation(Bytes{0xC6, modrm_stack(GetParam(), 0), 0xFF, 0x5A}.give(0), Violation::BeyondStack);
}

TEST_P(Hostile, CallersStackIsWatchedBeyondTheShadowSpace) {
  for (const int displacement : {8, 32, 40, 120}) {
    SCOPED_TRACE(displacement);
    const bool lent = GetParam() == Convention::Microsoft && displacement < 40;
    // mov byte [rsp + displacement], 0x5A
    expect_violation(Bytes{0xC6, 0x44, 0x24, displacement, 0x5A}.give(0),
                     lent ? Violation::None : Violation::CallerStack);
  }
}

TEST_P(Hostile, SubtractingMinus128MovesTheStackPointerUp) {
  // sub rsp, 128 as 48 83 EC 80; jmp +0; add rsp, 128 as 48 83 C4 80
  const Bytes block = Bytes{0x48, 0x83, 0xEC, 0x80, 0xEB, 0x00, 0x48, 0x83, 0xC4, 0x80}.give(0);
  expect_violation(block, Violation::StackRange);
}

TEST_P(Hostile, SubtractingMinus128OverwritesTheCallerOnTheFirstSpill) {
  // sub rsp, 128 as 48 83 EC 80; mov [rsp + 8], rax; add rsp, 128 as 48 83 C4 80: one basic block
  const Bytes block = Bytes{0x48, 0x83, 0xEC, 0x80, 0x48, 0x89, 0x44, 0x24, 0x08, 0x48, 0x83, 0xC4, 0x80}.give(0);
  expect_violation(block, Violation::CallerStack);
}

TEST_P(Hostile, DataBelowTheStackPointerLivesOnlyInTheRedZone) {
  for (const int displacement : {-8, -128, -136}) {
    SCOPED_TRACE(displacement);
    // mov dword [rsp + d], 1; jmp +0; mov eax, [rsp + d]; ret
    const auto d = static_cast<std::uint32_t>(displacement);
    const Bytes block =
        Bytes{0xC7, 0x84, 0x24}.imm32(d).imm32(1).add({0xEB, 0x00, 0x8B, 0x84, 0x24}).imm32(d).add({0xC3});
    const Observation seen = bench_.run(block, {1}, 1);
    const bool safe = GetParam() == Convention::SystemV && displacement >= -128;
    EXPECT_EQ(seen.result == 1, safe);
  }
}

TEST_P(Hostile, PrivilegedInstructionsDoNotOutliveTheirRun) {
  const std::vector<Bytes> blocks = {
      Bytes{0xFA}.give(0),                                                              // cli
      Bytes{0x31, 0xC0, 0x0F, 0x22, 0xC0}.give(0),                                      // mov cr0, rax
      Bytes{0x31, 0xC0, 0x0F, 0x22, 0xE0}.give(0),                                      // mov cr4, rax
      Bytes{0x31, 0xC0, 0x0F, 0x22, 0xD8}.give(0),                                      // mov cr3, rax
      Bytes{0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0}.give(0),                                // mov ds, eax; mov es, eax
      Bytes{0xB9}.imm32(0xC0000080).add({0x31, 0xC0, 0x31, 0xD2, 0x0F, 0x30}).give(0),  // wrmsr EFER
  };
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    SCOPED_TRACE(i);
    static_cast<void>(bench_.run(blocks[i], {1}, 1));
    expect_alive();
    expect_fault(Bytes{0x31, 0xC9, 0x31, 0xD2, 0xF7, 0xF1, 0xC3}, FaultKind::Arithmetic, 4);
  }
}

}  // namespace
}  // namespace assay::oracles::emulated
