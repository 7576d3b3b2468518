// The semantics, case by case, against values worked out by hand from the Intel SDM, volume 2.
#include "oracles/instructions/semantics.h"

#include <gtest/gtest.h>

#include <functional>

#include "oracles/instructions/flags.h"
#include "oracles/instructions/test/instruction.h"

namespace assay::oracles::instructions {
namespace {

using x64::Assembler;
using x64::Cond;
using x64::Form;
using x64::Imm32;
using x64::Imm64;
using x64::Imm8;
using x64::Mem16;
using x64::Mem32;
using x64::Mem64;
using x64::Mem8;

constexpr std::uint64_t kFrame = 0x10'0000;
constexpr std::uint64_t kStack = 0x20'0000;
constexpr std::uint64_t kOnes = ~std::uint64_t{0};

State start(std::uint64_t rax_value, std::uint64_t rcx_value = 0, std::uint64_t flags = 0) {
  State state;
  state.registers[kRax] = rax_value;
  state.registers[kRcx] = rcx_value;
  state.registers[kRsp] = kStack + 8;
  state.registers[kRdi] = kFrame;
  state.flags = flags;
  state.frame.address = kFrame;
  state.stack.address = kStack;
  return state;
}

Effect run(const std::function<void(Assembler&)>& write, const State& before) { return execute(made(write), before); }

// What an instruction on RAX (and RCX) gives: the result in RAX, the defined flags that are set, the undefined ones.
struct Row {
  const char* what;
  std::function<void(Assembler&)> write;
  std::uint64_t a;
  std::uint64_t b;
  std::uint64_t flags_before;
  std::uint64_t result;
  std::uint64_t flags;
  std::uint64_t undefined;
};

class SemanticsTable : public testing::Test {
 protected:
  static void expect(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      SCOPED_TRACE(row.what);
      const Effect effect = run(row.write, start(row.a, row.b, row.flags_before));
      EXPECT_EQ(effect.ending, Ending::Done);
      EXPECT_EQ(effect.after.registers[kRax], row.result);
      EXPECT_EQ(effect.undefined_flags, row.undefined);
      EXPECT_EQ(effect.after.flags & ~effect.undefined_flags, row.flags);
    }
  }
};

TEST_F(SemanticsTable, Arithmetic) {
  const auto add = [](Assembler& a) { a.add(eax, ecx); };
  const auto add64 = [](Assembler& a) { a.add(rax, rcx); };
  const auto sub = [](Assembler& a) { a.sub(eax, ecx); };
  const auto cmp = [](Assembler& a) { a.cmp(rax, rcx); };
  const auto inc = [](Assembler& a) { a.inc(eax); };
  const auto dec = [](Assembler& a) { a.dec(eax); };
  const auto neg = [](Assembler& a) { a.neg(eax); };
  expect({
      {"a carry, and the upper half goes", add, 0xFFFF'FFFF'FFFF'FFFF, 1, 0, 0, kCarry | kZero | kAdjust | kParity, 0},
      {"signed overflow", add, 0x7FFF'FFFF, 1, 0, 0x8000'0000, kOverflow | kSign | kAdjust | kParity, 0},
      {"two negative numbers", add, 0x8000'0000, 0x8000'0000, 0, 0, kCarry | kOverflow | kZero | kParity, 0},
      {"no flag but what the sum says", add, 1, 1, kAllFlags, 2, 0, 0},
      {"64 bits", add64, 0x7FFF'FFFF'FFFF'FFFF, 1, 0, 0x8000'0000'0000'0000, kOverflow | kSign | kAdjust | kParity, 0},
      {"a borrow", sub, 0, 1, 0, 0xFFFF'FFFF, kCarry | kSign | kAdjust | kParity, 0},
      {"MIN - 1", sub, 0x8000'0000, 1, 0, 0x7FFF'FFFF, kOverflow | kAdjust | kParity, 0},
      {"cmp writes nothing", cmp, 5, 5, 0, 5, kZero | kParity, 0},
      {"inc keeps CF", inc, 0xFFFF'FFFF, 0, kCarry, 0, kCarry | kZero | kAdjust | kParity, 0},
      {"inc sets no CF", inc, 0xFFFF'FFFF, 0, 0, 0, kZero | kAdjust | kParity, 0},
      {"dec", dec, 0x8000'0000, 0, 0, 0x7FFF'FFFF, kOverflow | kAdjust | kParity, 0},
      {"neg of MIN", neg, 0x8000'0000, 0, 0, 0x8000'0000, kCarry | kOverflow | kSign | kParity, 0},
      {"neg of 0", neg, 0, 0, kCarry, 0, kZero | kParity, 0},
      {"not touches no flag", [](Assembler& a) { a.not_(eax); }, 0, 0, kAllFlags, 0xFFFF'FFFF, kAllFlags, 0},
  });
}

TEST_F(SemanticsTable, ImmediatesContinueTheirSign) {
  expect({
      {"48 83 E8 80 adds 128", [](Assembler& a) { a.sub(rax, Imm8{-128}); }, 0, 0, 0, 128, kCarry, 0},
      {"bit 31 fills the upper half", [](Assembler& a) { a.and_(rax, Imm32{-2}); }, kOnes, 0, 0, kOnes - 1, kSign,
       kAdjust},
      {"mov r64, imm32", [](Assembler& a) { a.mov(rax, Imm32{-1}); }, 0, 0, kAllFlags, kOnes, kAllFlags, 0},
      {"mov r32, imm32", [](Assembler& a) { a.mov(eax, Imm32{-1}); }, kOnes, 0, 0, 0xFFFF'FFFF, 0, 0},
      {"mov r64, imm64", [](Assembler& a) { a.mov(rax, Imm64{0x123456789}); }, 0, 0, 0, 0x123456789, 0, 0},
  });
}

TEST_F(SemanticsTable, LogicClearsCarryAndOverflowAndLeavesAdjustUndefined) {
  expect({
      {"and", [](Assembler& a) { a.and_(eax, ecx); }, 0xF0F0, 0x0FF0, kAllFlags, 0x00F0, kParity, kAdjust},
      {"or", [](Assembler& a) { a.or_(eax, ecx); }, 0x8000'0000, 1, kAllFlags, 0x8000'0001, kSign, kAdjust},
      {"xor", [](Assembler& a) { a.xor_(rax, rax); }, kOnes, 0, kAllFlags, 0, kZero | kParity, kAdjust},
      {"test", [](Assembler& a) { a.test(al, cl); }, 0x180, 0x280, 0, 0x180, kSign, kAdjust},
  });
}

TEST_F(SemanticsTable, Products) {
  constexpr std::uint64_t kRest = kSign | kZero | kAdjust | kParity;
  const auto imul = [](Assembler& a) { a.imul(eax, ecx); };
  const auto imul64 = [](Assembler& a) { a.imul(rax, rcx); };
  expect({
      {"fits", imul, 0xFFFF'FFFD, 5, kAllFlags, 0xFFFF'FFF1, 0, kRest},
      {"does not fit", imul, 0x10000, 0x10000, 0, 0, kCarry | kOverflow, kRest},
      {"MIN by -1", imul64, 0x8000'0000'0000'0000, kOnes, 0, 0x8000'0000'0000'0000, kCarry | kOverflow, kRest},
      {"-1 by -1", imul64, kOnes, kOnes, 0, 1, 0, kRest},
      {"three operands", [](Assembler& a) { a.imul(rax, rcx, Imm8{-3}); }, 9, 7, 0, static_cast<std::uint64_t>(-21), 0,
       kRest},
  });
  const Effect wide = run([](Assembler& a) { a.mul(rcx); }, start(kOnes, kOnes));
  EXPECT_EQ(wide.after.registers[kRax], 1U);
  EXPECT_EQ(wide.after.registers[kRdx], kOnes - 1);
  EXPECT_EQ(wide.after.flags, kCarry | kOverflow);
  const Effect narrow = run([](Assembler& a) { a.mul(ecx); }, start(0x1'0000'0003, 5));
  EXPECT_EQ(narrow.after.registers[kRax], 15U);
  EXPECT_EQ(narrow.after.registers[kRdx], 0U);
  EXPECT_EQ(narrow.after.flags, 0U);
}

TEST(Semantics, Division) {
  struct Division {
    bool is_signed, wide;
    std::uint64_t high, low_half, divisor;
    bool error;
    std::uint64_t quotient, remainder;
  };
  constexpr std::uint64_t kMin = 0x8000'0000'0000'0000;
  const Division rows[] = {
      {false, true, 0, 7, 2, false, 3, 1},
      {false, true, 1, 0, 2, false, kMin, 0},
      {false, true, 2, 0, 2, true, 0, 0},
      {false, true, 0, 7, 0, true, 0, 0},
      {false, true, kOnes - 1, 0, kOnes, false, kOnes - 1, kOnes - 1},
      {false, false, 1, 5, 0x10, false, 0x1000'0000, 5},
      {true, true, kOnes, static_cast<std::uint64_t>(-7), 2, false, static_cast<std::uint64_t>(-3), kOnes},
      {true, true, 0, 7, static_cast<std::uint64_t>(-2), false, static_cast<std::uint64_t>(-3), 1},
      {true, true, kOnes, kMin, kOnes, true, 0, 0},
      {true, true, kOnes, kMin, 1, false, kMin, 0},
      {true, true, 0, kMin, 1, true, 0, 0},
      {true, true, 0, kMin, kOnes, false, kMin, 0},
      {true, true, kMin, 0, kOnes, true, 0, 0},
      {true, false, 0xFFFF'FFFF, 0x8000'0000, 0xFFFF'FFFF, true, 0, 0},
      {true, false, 0xFFFF'FFFF, 0xFFFF'FFF9, 2, false, 0xFFFF'FFFD, 0xFFFF'FFFF},
      {true, false, 0x8000'0000, 0, 0xFFFF'FFFF, true, 0, 0},
      {true, false, 0, 7, 0, true, 0, 0},
  };
  for (const Division& row : rows) {
    SCOPED_TRACE(testing::Message() << (row.is_signed ? "idiv " : "div ") << std::hex << row.high << ':' << row.low_half
                                    << " by " << row.divisor);
    State before = start(row.low_half, row.divisor);
    before.registers[kRdx] = row.high;
    const Effect effect = run(
        [&row](Assembler& a) {
          if (row.is_signed && row.wide) a.idiv(rcx);
          if (row.is_signed && !row.wide) a.idiv(ecx);
          if (!row.is_signed && row.wide) a.div(rcx);
          if (!row.is_signed && !row.wide) a.div(ecx);
        },
        before);
    EXPECT_EQ(effect.ending, row.error ? Ending::DivideError : Ending::Done);
    if (row.error) {
      EXPECT_EQ(effect.after, before);
      continue;
    }
    EXPECT_EQ(effect.after.registers[kRax], row.quotient);
    EXPECT_EQ(effect.after.registers[kRdx], row.remainder);
    EXPECT_EQ(effect.undefined_flags, kAllFlags);
  }
}

TEST_F(SemanticsTable, ShiftsAndRotations) {
  const auto shl = [](Assembler& a) { a.shl(eax, x64::Cl{}); };
  const auto shr = [](Assembler& a) { a.shr(eax, x64::Cl{}); };
  const auto sar = [](Assembler& a) { a.sar(eax, x64::Cl{}); };
  const auto rol = [](Assembler& a) { a.rol(eax, x64::Cl{}); };
  const auto ror = [](Assembler& a) { a.ror(rax, x64::Cl{}); };
  expect({
      {"shl by 1", shl, 0x4000'0001, 1, 0, 0x8000'0002, kSign | kOverflow, kAdjust},
      {"the count is masked", shl, 0xC000'0000, 33, 0, 0x8000'0000, kCarry | kSign | kParity, kAdjust},
      {"of the count, CL only", shl, 1, 0x100, kAllFlags, 1, kAllFlags, 0},
      {"by 0 nothing changes but the upper half", shl, 0xF'0000'0001, 32, kAllFlags, 1, kAllFlags, 0},
      {"by more, OF is undefined", shl, 0x2000'0000, 3, 0, 0, kCarry | kZero | kParity, kAdjust | kOverflow},
      {"shr by 1: OF is the old sign", shr, 0x8000'0001, 1, 0, 0x4000'0000, kCarry | kOverflow | kParity, kAdjust},
      {"shr by 31", shr, 0x8000'0000, 31, 0, 1, 0, kAdjust | kOverflow},
      {"sar by 1: OF is clear", sar, 0x8000'0001, 1, kOverflow, 0xC000'0000, kCarry | kSign | kParity, kAdjust},
      {"sar fills with the sign", sar, 0x8000'0000, 31, 0, 0xFFFF'FFFF, kSign | kParity, kAdjust | kOverflow},
      {"sar by an immediate, 64 bits", [](Assembler& a) { a.sar(rax, Imm8{63}); }, 0x8000'0000'0000'0000, 0, 0, kOnes,
       kSign | kParity, kAdjust | kOverflow},
      {"rol by 1", rol, 0x8000'0000, 1, kSign | kZero, 1, kSign | kZero | kCarry | kOverflow, 0},
      {"rol by 4 keeps SF", rol, 0x8000'0001, 4, kSign, 0x18, kSign, kOverflow},
      {"rol by 0", rol, 0x8000'0001, 32, kCarry, 0x8000'0001, kCarry, 0},
      {"ror by 1", ror, 1, 1, 0, 0x8000'0000'0000'0000, kCarry | kOverflow, 0},
      {"ror by 4", ror, 0x18, 4, kParity, 0x8000'0000'0000'0001, kParity | kCarry, kOverflow},
      {"shlx", [](Assembler& a) { a.shlx(eax, eax, ecx); }, 3, 35, kAllFlags, 24, kAllFlags, 0},
      {"shrx", [](Assembler& a) { a.shrx(rax, rax, rcx); }, kOnes, 63, 0, 1, 0, 0},
      {"sarx", [](Assembler& a) { a.sarx(eax, eax, ecx); }, 0x8000'0000, 4, 0, 0xF800'0000, 0, 0},
      {"rorx", [](Assembler& a) { a.rorx(eax, ecx, Imm8{40}); }, 0, 0x12345678, kCarry, 0x78123456, kCarry, 0},
      {"rorx by 0", [](Assembler& a) { a.rorx(rax, rcx, Imm8{64}); }, 0, 5, 0, 5, 0, 0},
  });
}

TEST_F(SemanticsTable, BitCounts) {
  constexpr std::uint64_t kAllButZero = kAllFlags & ~kZero;
  constexpr std::uint64_t kAllButTwo = kAllFlags & ~(kZero | kCarry);
  expect({
      {"bsf", [](Assembler& a) { a.bsf(eax, ecx); }, 9, 0x50, kAllFlags, 4, 0, kAllButZero},
      {"bsr", [](Assembler& a) { a.bsr(rax, rcx); }, 9, 0x50, kAllFlags, 6, 0, kAllButZero},
      {"bsr of zero leaves all of it", [](Assembler& a) { a.bsr(eax, ecx); }, kOnes, 0, 0, kOnes, kZero, kAllButZero},
      {"tzcnt", [](Assembler& a) { a.tzcnt(eax, ecx); }, 9, 0x50, kAllFlags, 4, 0, kAllButTwo},
      {"tzcnt of an odd number", [](Assembler& a) { a.tzcnt(eax, ecx); }, 9, 1, 0, 0, kZero, kAllButTwo},
      {"tzcnt of zero", [](Assembler& a) { a.tzcnt(rax, rcx); }, 9, 0, 0, 64, kCarry, kAllButTwo},
      {"lzcnt", [](Assembler& a) { a.lzcnt(eax, ecx); }, 9, 0x50, 0, 25, 0, kAllButTwo},
      {"lzcnt of zero", [](Assembler& a) { a.lzcnt(eax, ecx); }, 9, 0, 0, 32, kCarry, kAllButTwo},
      {"popcnt", [](Assembler& a) { a.popcnt(rax, rcx); }, 9, kOnes, kAllFlags, 64, 0, 0},
      {"popcnt of zero", [](Assembler& a) { a.popcnt(eax, ecx); }, 9, 0, kAllFlags, 0, kZero, 0},
      {"andn", [](Assembler& a) { a.andn(eax, eax, ecx); }, 0x0F, 0x8000'00FF, kAllFlags, 0x8000'00F0, kSign,
       kAdjust | kParity},
  });
  const Effect zero = run([](Assembler& a) { a.bsf(eax, ecx); }, start(kOnes, 0));
  EXPECT_EQ(zero.undefined_register, kRax);
}

TEST_F(SemanticsTable, MovesAndExtensions) {
  expect({
      {"movzx r32, r8", [](Assembler& a) { a.movzx(eax, cl); }, kOnes, 0x1FF, kAllFlags, 0xFF, kAllFlags, 0},
      {"movsx r32, r8", [](Assembler& a) { a.movsx(eax, cl); }, kOnes, 0x80, 0, 0xFFFF'FF80, 0, 0},
      {"movsx r64, r16", [](Assembler& a) { a.movsx(rax, cx); }, 0, 0x8000, 0, 0xFFFF'FFFF'FFFF'8000, 0, 0},
      {"movsxd", [](Assembler& a) { a.movsxd(rax, ecx); }, 0, 0x8000'0000, 0, 0xFFFF'FFFF'8000'0000, 0, 0},
      {"mov r32, r32 clears the upper half", [](Assembler& a) { a.mov(eax, ecx); }, kOnes, kOnes, 0, 0xFFFF'FFFF, 0, 0},
      {"xchg", [](Assembler& a) { a.xchg(eax, ecx); }, kOnes, 7, 0, 7, 0, 0},
      {"lea r32 cuts the sum", [](Assembler& a) { a.lea(eax, Mem64{x64::at(rax, rcx, 8, -1)}); }, 0xFFFF'FFFF, 2,
       kAllFlags, 14, kAllFlags, 0},
      {"lea of a displacement alone", [](Assembler& a) { a.lea(rax, Mem64{x64::at_absolute(-16)}); }, 0, 0, 0,
       static_cast<std::uint64_t>(-16), 0, 0},
  });
  const Effect cdq = run([](Assembler& a) { a.cdq(); }, start(0x8000'0000));
  EXPECT_EQ(cdq.after.registers[kRdx], 0xFFFF'FFFF);
  const Effect cqo = run([](Assembler& a) { a.cqo(); }, start(0x8000'0000));
  EXPECT_EQ(cqo.after.registers[kRdx], 0U);
}

TEST(Semantics, EveryConditionLooksAtItsFlags) {
  const std::pair<Cond, std::function<bool(bool, bool, bool, bool, bool)>> rows[] = {
      {Cond::O, [](bool, bool, bool, bool o, bool) { return o; }},
      {Cond::B, [](bool c, bool, bool, bool, bool) { return c; }},
      {Cond::E, [](bool, bool z, bool, bool, bool) { return z; }},
      {Cond::Be, [](bool c, bool z, bool, bool, bool) { return c || z; }},
      {Cond::S, [](bool, bool, bool s, bool, bool) { return s; }},
      {Cond::P, [](bool, bool, bool, bool, bool p) { return p; }},
      {Cond::L, [](bool, bool, bool s, bool o, bool) { return s != o; }},
      {Cond::Le, [](bool, bool z, bool s, bool o, bool) { return z || s != o; }},
  };
  for (const auto& [condition, meaning] : rows) {
    for (unsigned set = 0; set < 32; ++set) {
      const bool c = (set & 1) != 0, z = (set & 2) != 0, s = (set & 4) != 0, o = (set & 8) != 0, p = (set & 16) != 0;
      const std::uint64_t flags =
          flag_if(c, kCarry) | flag_if(z, kZero) | flag_if(s, kSign) | flag_if(o, kOverflow) | flag_if(p, kParity);
      const bool holds = meaning(c, z, s, o, p);
      const auto set_byte = [](Cond which) { return [which](Assembler& a) { a.setcc(which, al); }; };
      const State before = start(0xABCD, 0, flags);
      EXPECT_EQ(run(set_byte(condition), before).after.registers[kRax], holds ? 0xAB01U : 0xAB00U)
          << x64::condition_name(condition) << " of " << set;
      EXPECT_EQ(run(set_byte(invert(condition)), before).after.registers[kRax], holds ? 0xAB00U : 0xAB01U);
    }
  }
}

TEST(Semantics, AConditionalMoveClearsTheUpperHalfEvenWhenItMovesNothing) {
  const auto move = [](Assembler& a) { a.cmovcc(Cond::E, eax, ecx); };
  EXPECT_EQ(run(move, start(kOnes, 5, 0)).after.registers[kRax], 0xFFFF'FFFF);
  EXPECT_EQ(run(move, start(kOnes, 5, kZero)).after.registers[kRax], 5U);
}

TEST(Semantics, MemoryIsLittleEndianAndOfAnyAlignment) {
  State before = start(0x11223344'55667788);
  const auto store = [](Assembler& a) { a.mov(Mem32{x64::at(rdi, 6)}, eax); };
  const Effect effect = run(store, before);
  EXPECT_EQ(effect.after.frame.cells[0], 0x7788'0000'0000'0000);
  EXPECT_EQ(effect.after.frame.cells[1], 0x5566U);
  EXPECT_EQ(effect.after.registers, before.registers);

  before.frame.cells[2] = 0x0102030405060708;
  EXPECT_EQ(run([](Assembler& a) { a.movzx(eax, Mem16{x64::at(rdi, 17)}); }, before).after.registers[kRax], 0x0607U);
  EXPECT_EQ(run([](Assembler& a) { a.mov(Mem8{x64::at(rdi, 16)}, al); }, before).after.frame.cells[2],
            0x0102030405060788U);
  EXPECT_EQ(run([](Assembler& a) { a.add(Mem64{x64::at(rdi, 16)}, Imm8{1}); }, before).after.frame.cells[2],
            0x0102030405060709U);
}

TEST(Semantics, AnAccessBesideTheWindowsIsTold) {
  const auto load = [](std::int32_t displacement) {
    return [displacement](Assembler& a) { a.mov(eax, Mem32{x64::at(rdi, displacement)}); };
  };
  EXPECT_EQ(run(load(44), start(0)).ending, Ending::Done);
  EXPECT_EQ(run(load(45), start(0)).ending, Ending::OutsideMemory);
  EXPECT_EQ(run(load(-1), start(0)).ending, Ending::OutsideMemory);
}

TEST(Semantics, PushAndPop) {
  State before = start(7);
  before.stack.cells[1] = 0x99;
  const Effect push = run([](Assembler& a) { a.push(rax); }, before);
  EXPECT_EQ(push.after.registers[kRsp], kStack);
  EXPECT_EQ(push.after.stack.cells[0], 7U);
  const Effect push_rsp = run([](Assembler& a) { a.push(rsp); }, before);
  EXPECT_EQ(push_rsp.after.stack.cells[0], kStack + 8);
  const Effect push_immediate = run([](Assembler& a) { a.push(Imm8{-1}); }, before);
  EXPECT_EQ(push_immediate.after.stack.cells[0], kOnes);
  const Effect pop = run([](Assembler& a) { a.pop(rax); }, before);
  EXPECT_EQ(pop.after.registers[kRax], 0x99U);
  EXPECT_EQ(pop.after.registers[kRsp], kStack + 16);
  const Effect pop_rsp = run([](Assembler& a) { a.pop(rsp); }, before);
  EXPECT_EQ(pop_rsp.after.registers[kRsp], 0x99U);
}

TEST(Semantics, ABranchThatIsNotTakenLeavesItsMark) {
  Instruction jump;
  jump.form = Form::JccRel8;
  jump.operands[0].reg = static_cast<std::uint8_t>(Cond::Ne);
  EXPECT_EQ(execute(jump, start(0, 0, 0)).after, start(0, 0, 0));
  State marked = start(0, 0, kZero);
  marked.stack.cells[5] = kNotTaken;
  EXPECT_EQ(execute(jump, start(0, 0, kZero)).after, marked);
  jump.form = Form::JmpRel32;
  EXPECT_EQ(execute(jump, start(0, 0, kZero)).after, start(0, 0, kZero));
}

TEST(Semantics, Ud2IsAnInvalidOpcode) {
  EXPECT_EQ(run([](Assembler& a) { a.ud2(); }, start(0)).ending, Ending::InvalidOpcode);
}

TEST(Semantics, WhatIsNotRunHasAReasonAndNoModel) {
  int not_run = 0;
  for (std::size_t i = 0; i < x64::kFormCount; ++i) {
    const auto form = static_cast<x64::Form>(i);
    Instruction instruction;
    instruction.form = form;
    for (std::size_t k = 0; k < 3; ++k) instruction.operands[k].kind = x64::form_info(form).operands[k];
    const bool modelled = execute(instruction, start(0)).ending != Ending::NotModelled;
    EXPECT_EQ(modelled, !why_not_run(form)) << x64::form_info(form).id;
    not_run += modelled ? 0 : 1;
  }
  EXPECT_EQ(not_run, 4);
}

}  // namespace
}  // namespace assay::oracles::instructions
