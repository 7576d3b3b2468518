// The calling conventions as data, and the trampoline that all execution tests go through: that it sees what it should.
#include "core/jit/convention.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "core/jit/code_memory.h"
#include "core/jit/convention_registers.h"
#include "core/jit/test/checked_call.h"
#include "core/x64/assembler.h"

namespace assay::jit {
namespace {

using x64::Imm32;
using x64::Imm8;
using x64::Reg64;
using x64::RegId;

constexpr std::array<Convention, 2> kBoth = {Convention::SystemV, Convention::Microsoft};

std::set<RegId> saved_registers(Convention convention) {
  std::set<RegId> saved = {RegId::Rbx, RegId::Rbp, RegId::R12, RegId::R13, RegId::R14, RegId::R15};
  if (convention == Convention::Microsoft) saved.insert({RegId::Rsi, RegId::Rdi});
  return saved;
}

TEST(ConventionRegisters, NameWhatTheConventionsSay) {
  for (const Convention convention : kBoth) {
    const ConventionRegisters& registers = convention_registers(convention);
    const std::set<RegId> saved = saved_registers(convention);
    for (int i = 0; i < x64::kRegCount; ++i) {
      const auto id = static_cast<RegId>(i);
      EXPECT_EQ((registers.callee_saved & register_bit(id)) != 0, saved.contains(id)) << x64::register_name(id, 64);
    }
    const bool sysv = convention == Convention::SystemV;
    EXPECT_EQ(registers.frame_argument, sysv ? RegId::Rdi : RegId::Rcx);
    EXPECT_EQ(registers.stack_argument, sysv ? RegId::Rsi : RegId::Rdx);
    EXPECT_EQ(registers.index_argument, sysv ? RegId::Rdx : RegId::R8);
  }
}

// Scratch registers, the frame's register and RSP are nobody's; the frame's register needs no saving.
TEST(ConventionRegisters, GiveAwayEachRegisterOnce) {
  for (const Convention convention : kBoth) {
    const ConventionRegisters& registers = convention_registers(convention);
    std::set<RegId> all(registers.allocatable.begin(), registers.allocatable.end());
    EXPECT_EQ(all.size(), registers.allocatable.size());
    for (const RegId reserved : {RegId::Rax, RegId::Rcx, RegId::Rdx, RegId::Rsp, registers.frame_base}) {
      EXPECT_FALSE(all.contains(reserved)) << x64::register_name(reserved, 64);
    }
    EXPECT_FALSE(saved_registers(convention).contains(registers.frame_base));
  }
}

test::CheckedCall call_code(Convention convention, x64::Assembler& assembler) {
  auto memory = CodeMemory::create(4096);
  EXPECT_TRUE(memory.ok());
  assembler.finish();
  const void* const entry = memory->add(assembler.code());
  return test::call_checked(convention, entry, nullptr, nullptr, 0);
}

TEST(CheckedCall, SeesEverySavedRegisterThatChanged) {
  for (const Convention convention : kBoth) {
    for (const RegId id : saved_registers(convention)) {
      x64::Assembler assembler;
      assembler.inc(Reg64{id});
      assembler.ret();
      EXPECT_FALSE(call_code(convention, assembler).registers_kept) << x64::register_name(id, 64);
    }
    x64::Assembler harmless;
    harmless.mov(Reg64{RegId::Rax}, Imm32{-7});
    harmless.mov(Reg64{RegId::R11}, Imm32{1});
    harmless.ret();
    const test::CheckedCall made = call_code(convention, harmless);
    EXPECT_TRUE(made.registers_kept);
    EXPECT_TRUE(made.stack_pointer_kept);
    EXPECT_EQ(made.result, -7);
  }
}

TEST(CheckedCall, SeesAStackPointerThatMoved) {
  for (const Convention convention : kBoth) {
    x64::Assembler assembler;
    assembler.pop(Reg64{RegId::Rax});  // the return address
    assembler.sub(Reg64{RegId::Rsp}, Imm8{16});
    assembler.push(Reg64{RegId::Rax});
    assembler.ret();
    EXPECT_FALSE(call_code(convention, assembler).stack_pointer_kept);
  }
}

}  // namespace
}  // namespace assay::jit
