// Allocation on hand-made LIR, and the independent check of it: that it accepts what is sound and convicts what is not.
#include "core/jit/allocate.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/ast/text.h"
#include "core/jit/allocation_check.h"
#include "core/jit/convention_registers.h"
#include "core/jit/select.h"

namespace assay::jit {
namespace {

using x64::RegId;

constexpr std::array<RegId, 2> kTwo = {RegId::Rbx, RegId::Rsi};
constexpr std::array<RegId, 4> kFour = {RegId::Rbx, RegId::Rsi, RegId::R8, RegId::R9};

// Writes LIR the short way. The stack index takes the first virtual register, as something always does.
class Code {
 public:
  Code() { lir_.stack_index = reg(0); }

  VReg reg(std::uint32_t weight = 1) {
    VRegInfo info;
    info.weight = weight;
    info.width = 64;
    lir_.vregs.push_back(info);
    return VReg{static_cast<std::uint32_t>(lir_.vregs.size() - 1)};
  }
  VReg slot(std::int32_t number, std::uint32_t weight) {
    const VReg made = reg(weight);
    lir_.vregs.back().slot = number;
    lir_.vregs.back().loaded_at_entry = true;
    lir_.vregs.back().stored_at_exit = true;
    return made;
  }
  Lir& add(LirOp op, VReg dst = VReg::none(), VReg a = VReg::none(), VReg b = VReg::none()) {
    Lir one;
    one.op = op;
    one.width = 64;
    one.dst = dst;
    one.a = a;
    one.b = b;
    lir_.code.push_back(one);
    return lir_.code.back();
  }
  std::uint32_t label() { return lir_.label_count++; }
  void place(std::uint32_t label) { add(LirOp::Label).label = label; }
  void branch(VReg a, std::uint32_t label) { add(LirOp::Branch, VReg::none(), a).label = label; }
  VReg constant() {
    const VReg made = reg();
    add(LirOp::Constant, made);
    return made;
  }

  LirProgram& finish() {
    add(LirOp::Leave);
    return lir_;
  }

 private:
  LirProgram lir_;
};

Allocation allocate(const LirProgram& lir, std::span<const RegId> registers) {
  Allocator allocator;
  Allocation allocation;
  allocator.allocate(lir, registers, allocation);
  return allocation;
}

TEST(Allocation, ReusesARegisterWhoseValueIsDead) {
  Code code;
  const VReg first = code.constant();
  const VReg second = code.reg();
  code.add(LirOp::Neg, second, first);
  const VReg third = code.reg();
  code.add(LirOp::Neg, third, second);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_EQ(allocation.locations[first.value], allocation.locations[second.value]);
  EXPECT_EQ(allocation.locations[second.value], allocation.locations[third.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, KeepsApartWhatIsAliveTogether) {
  Code code;
  const VReg a = code.constant();
  const VReg b = code.constant();
  code.add(LirOp::Add, code.reg(), a, b);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[a.value], allocation.locations[b.value]);
}

TEST(Allocation, AValueFromBeforeALoopLivesToItsEnd) {
  Code code;
  const VReg outside = code.constant();
  const std::uint32_t top = code.label();
  code.add(LirOp::LoopBegin);
  code.place(top);
  code.add(LirOp::Neg, code.reg(), outside);  // its last use, but the next iteration uses it again
  const VReg later = code.constant();
  const VReg last = code.reg();
  code.add(LirOp::Add, last, later, later);
  code.branch(last, top);
  code.add(LirOp::LoopEnd);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[outside.value], allocation.locations[later.value]);
  EXPECT_NE(allocation.locations[outside.value], allocation.locations[last.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, AValueLivesToTheEndOfTheOutermostLoopItWasSetBefore) {
  Code code;
  const VReg outside = code.constant();
  const std::uint32_t outer = code.label();
  const std::uint32_t inner = code.label();
  code.add(LirOp::LoopBegin);
  code.place(outer);
  code.add(LirOp::LoopBegin);
  code.place(inner);
  code.branch(outside, inner);
  code.add(LirOp::LoopEnd);
  const VReg after_inner = code.constant();
  code.branch(after_inner, outer);
  code.add(LirOp::LoopEnd);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[outside.value], allocation.locations[after_inner.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

// `if (asked) { first } else { second } behind`, with marks as selection writes them.
struct BranchingCode : Code {
  template <class First, class Second>
  void if_else(VReg asked, const First& first, const Second& second) {
    const std::uint32_t otherwise = label();
    const std::uint32_t end = label();
    branch(asked, otherwise);
    add(LirOp::FirstBranch);
    first();
    add(LirOp::Jump).label = end;
    add(LirOp::SecondBranch);
    place(otherwise);
    second();
    add(LirOp::BranchesEnd);
    place(end);
  }
  void use(VReg reg) { add(LirOp::Neg, this->reg(), reg); }
};

TEST(Allocation, WhatOnlyTheSecondBranchNeedsLendsItsRegisterToTheFirst) {
  BranchingCode code;
  const VReg needed = code.constant();
  VReg lent;
  code.if_else(needed, [&] { code.use(lent = code.constant()); }, [&] { code.use(needed); });
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_EQ(allocation.locations[lent.value], allocation.locations[needed.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, TheFirstBranchMayUseItBefore) {
  BranchingCode code;
  const VReg needed = code.constant();
  VReg beside;
  VReg lent;
  code.if_else(
      needed,
      [&] {
        beside = code.constant();
        code.add(LirOp::Add, code.reg(), needed, beside);
        code.use(lent = code.constant());
      },
      [&] { code.use(needed); });
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[beside.value], allocation.locations[needed.value]);
  EXPECT_EQ(allocation.locations[lent.value], allocation.locations[needed.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, WhatIsNeededBehindBothBranchesKeepsItsRegister) {
  BranchingCode code;
  const VReg needed = code.constant();
  VReg other;
  code.if_else(needed, [&] { code.use(other = code.constant()); }, [&] { code.use(needed); });
  code.use(needed);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[other.value], allocation.locations[needed.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, WhatTheNextRoundOfALoopNeedsKeepsItsRegister) {
  BranchingCode code;
  const VReg needed = code.constant();
  VReg other;
  const std::uint32_t top = code.label();
  code.add(LirOp::LoopBegin);
  code.place(top);
  code.if_else(needed, [&] { code.use(other = code.constant()); }, [&] { code.use(needed); });
  code.add(LirOp::Jump).label = top;
  code.add(LirOp::LoopEnd);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[other.value], allocation.locations[needed.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, ALoopInTheFirstBranchNeedsItToTheLoopsEnd) {
  BranchingCode code;
  const VReg needed = code.constant();
  VReg in_loop;
  VReg behind;
  code.if_else(
      needed,
      [&] {
        const std::uint32_t top = code.label();
        code.add(LirOp::LoopBegin);
        code.place(top);
        code.use(needed);
        code.branch(in_loop = code.constant(), top);
        code.add(LirOp::LoopEnd);
        code.use(behind = code.constant());
      },
      [&] { code.use(needed); });
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_NE(allocation.locations[in_loop.value], allocation.locations[needed.value]);
  EXPECT_EQ(allocation.locations[behind.value], allocation.locations[needed.value]);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, OneValueAtATimeHasALentRegister) {
  BranchingCode code;
  const VReg needed = code.constant();
  VReg one;
  VReg two;
  code.if_else(
      needed,
      [&] {
        one = code.constant();
        two = code.constant();
        code.add(LirOp::Add, code.reg(), one, two);
      },
      [&] { code.use(needed); });
  const LirProgram& lir = code.finish();
  for (const std::span<const RegId> registers : {std::span<const RegId>(kTwo), std::span<const RegId>(kFour)}) {
    EXPECT_EQ(check_allocation(lir, allocate(lir, registers)), "");
  }
  EXPECT_NE(allocate(lir, kFour).locations[one.value], allocate(lir, kFour).locations[two.value]);
}

TEST(Allocation, GivesUpWhatIsUsedLeastForItsLength) {
  Code code;
  const VReg often = code.slot(0, 100);
  const VReg seldom = code.slot(1, 1);
  const VReg middle = code.slot(2, 50);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kTwo);
  EXPECT_EQ(allocation.locations[often.value].place, Place::Register);
  EXPECT_EQ(allocation.locations[middle.value].place, Place::Register);
  EXPECT_EQ(allocation.locations[seldom.value], (Location{Place::Frame, RegId::Rax, 1})) << "its own cell of the frame";
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

TEST(Allocation, NumbersSpillSlotsByWhatIsAliveTogether) {
  Code code;
  for (int i = 0; i < 10; ++i) {
    const VReg a = code.constant();
    const VReg b = code.constant();
    const VReg c = code.constant();
    const VReg sum = code.reg();
    code.add(LirOp::Add, sum, a, b);
    code.add(LirOp::Add, code.reg(), sum, c);
  }
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, std::array<RegId, 1>{RegId::Rbx});
  EXPECT_EQ(check_allocation(lir, allocation), "");
  EXPECT_LE(allocation.spill_slots, 4U);
}

TEST(Allocation, WorksWithNoRegisterAtAll) {
  Code code;
  const VReg a = code.constant();
  code.add(LirOp::Add, code.reg(), a, a);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, {});
  EXPECT_EQ(allocation.used_registers, 0);
  EXPECT_EQ(check_allocation(lir, allocation), "");
}

// The prologue may then take the address from its argument before the index as well as behind it.
TEST(Allocation, GivesTheStacksAddressNeverTheRegisterOfTheIndex) {
  const ConventionRegisters& registers = convention_registers(Convention::Microsoft);
  for (unsigned slots = 0; slots <= 14; ++slots) {
    for (unsigned uses = 1; uses <= 3; ++uses) {
      std::string text = "program p(";
      std::string body;
      for (unsigned i = 0; i < slots; ++i) {
        const std::string name = "s" + std::to_string(i);
        text += (i == 0 ? "i32 " : ", i32 ") + name;
        for (unsigned use = 0; use < (i == 0 ? 1 : uses); ++use) body += name + " = " + name + " + 1; ";
      }
      const auto program = ast::parse_program(text + ") { " + body + "push 1; push 2; push 3; }");
      ASSERT_TRUE(program) << program.error().message;
      LirProgram lir;
      Selector().select(*program, lir);
      Allocation allocation;
      Allocator().allocate(lir, registers.allocatable, allocation);
      const Location& home = allocation.locations[lir.stack_base.value];
      EXPECT_FALSE(home.place == Place::Register && home.reg == registers.index_argument) << text;
    }
  }
}

TEST(AllocationCheck, ConvictsASharedRegister) {
  Code code;
  const VReg a = code.constant();
  const VReg b = code.constant();
  code.add(LirOp::Add, code.reg(), a, b);
  const LirProgram& lir = code.finish();
  Allocation allocation = allocate(lir, kFour);
  allocation.locations[b.value] = allocation.locations[a.value];
  EXPECT_EQ(check_allocation(lir, allocation), "v2 and v1 share a place at instruction 1");
}

TEST(AllocationCheck, ConvictsARegisterReusedWithinALoopThatNeedsItAgain) {
  Code code;
  const VReg outside = code.constant();
  const std::uint32_t top = code.label();
  code.add(LirOp::LoopBegin);
  code.place(top);
  code.add(LirOp::Neg, code.reg(), outside);
  const VReg later = code.constant();
  code.branch(later, top);
  code.add(LirOp::LoopEnd);
  const LirProgram& lir = code.finish();
  Allocation allocation = allocate(lir, kFour);
  allocation.locations[later.value] = allocation.locations[outside.value];
  EXPECT_NE(check_allocation(lir, allocation), "");
}

TEST(AllocationCheck, ConvictsTheResultOfTheWayOut) {
  Code code;
  const VReg a = code.constant();
  const LirProgram& lir = code.finish();
  Allocation allocation = allocate(lir, kFour);
  allocation.locations[a.value] = allocation.locations[lir.stack_index.value];
  EXPECT_NE(check_allocation(lir, allocation), "");
}

TEST(AllocationCheck, ConvictsASlotInTheCellOfAnother) {
  Code code;
  const VReg slot = code.slot(3, 1);
  const LirProgram& lir = code.finish();
  Allocation allocation = allocate(lir, kFour);
  allocation.locations[slot.value] = {Place::Frame, RegId::Rax, 4};
  EXPECT_NE(check_allocation(lir, allocation), "");
}

TEST(AllocationCheck, ConvictsAValueThatNothingSet) {
  Code code;
  const VReg never = code.reg();
  code.add(LirOp::Neg, code.reg(), never);
  const LirProgram& lir = code.finish();
  const Allocation allocation = allocate(lir, kFour);
  EXPECT_EQ(check_allocation(lir, allocation), "v1 is used before it is set");
}

}  // namespace
}  // namespace assay::jit
