// Wrong bytes are convicted, and the sentence names the field that is wrong.
//
// Most rows are bugs that real assemblers and JITs have shipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/x64/assembler.h"
#include "oracles/encoding/check.h"

namespace assay::oracles::encoding {
namespace {

using testing::HasSubstr;
using x64::Assembler;
using x64::at;
using x64::Cond;
using x64::Imm32;
using x64::Imm64;
using x64::Imm8;
using x64::Intent;
using x64::Mem16;
using x64::Mem32;
using x64::Mem64;
using x64::Mem8;
using x64::Reg16;
using x64::Reg32;
using x64::Reg64;
using x64::Reg8;
using x64::RegId;

using Code = std::vector<std::uint8_t>;

struct Fault {
  const char* name;
  std::function<void(Assembler&)> intended;  // one instruction
  Code bytes;                                // what a broken encoder gave
  EncodingField field;
  std::vector<std::string> words;  // of the message
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.name; }

EncodingChecker& checker() {
  static const auto made = EncodingChecker::create();
  return **made;
}

Intent intent_of(const std::function<void(Assembler&)>& emit) {
  Assembler assembler;
  assembler.record_intents(true);
  emit(assembler);
  assembler.finish();
  EXPECT_EQ(assembler.intents().size(), 1U);
  EXPECT_FALSE(checker().check(assembler.code(), assembler.intents())) << "the control";
  return assembler.intents().front();
}

class EncodingFault : public testing::TestWithParam<Fault> {};

TEST_P(EncodingFault, IsConvictedWithTheFieldNamed) {
  const Fault& fault = GetParam();
  Intent intent = intent_of(fault.intended);
  intent.length = static_cast<std::uint8_t>(fault.bytes.size());
  const auto mismatch = checker().check(fault.bytes, std::span(&intent, 1));
  ASSERT_TRUE(mismatch);
  EXPECT_EQ(name(mismatch->field), name(fault.field)) << mismatch->message;
  for (const std::string& word : fault.words) EXPECT_THAT(mismatch->message, HasSubstr(word));
  EXPECT_EQ(mismatch->offset, 0U);
  EXPECT_EQ(mismatch->instruction, 0U);
  // Wrong bytes do not become right by being seen twice.
  EXPECT_TRUE(checker().check(fault.bytes, std::span(&intent, 1)));
}

constexpr Reg32 kEax{RegId::Rax};
constexpr Reg32 kEcx{RegId::Rcx};
constexpr Reg32 kR12d{RegId::R12};
constexpr Reg64 kRax{RegId::Rax};
constexpr Reg64 kRbx{RegId::Rbx};
constexpr Reg64 kRsp{RegId::Rsp};
constexpr Reg64 kRdi{RegId::Rdi};
constexpr Reg64 kR8{RegId::R8};
constexpr Reg64 kR12{RegId::R12};
constexpr Reg64 kR13{RegId::R13};

// clang-format off
const std::vector<Fault> kFaults = {
    // Immediates
    {"Imm8For128", [](Assembler& a) { a.sub(kRsp, Imm32{128}); }, {0x48, 0x83, 0xEC, 0x80},
     EncodingField::Immediate, {"the immediate is -128 in 1 byte, intended 128 in 4 bytes", "sub rsp, 128", "sub rsp, -0x80"}},
    {"Imm8For255", [](Assembler& a) { a.add(kEax, Imm32{255}); }, {0x83, 0xC0, 0xFF},
     EncodingField::Immediate, {"is -1 in 1 byte, intended 255"}},
    {"Imm8For200InImul", [](Assembler& a) { a.imul(kEax, kEcx, Imm32{200}); }, {0x6B, 0xC1, 0xC8},
     EncodingField::Immediate, {"is -56 in 1 byte, intended 200"}},
    {"Imm8For128InPush", [](Assembler& a) { a.push(Imm32{128}); }, {0x6A, 0x80}, EncodingField::Immediate, {"-128", "128"}},
    {"Imm32ForAnImm8", [](Assembler& a) { a.add(kEax, Imm8{5}); }, {0x81, 0xC0, 5, 0, 0, 0},
     EncodingField::Immediate, {"5 in 4 bytes, intended 5 in 1 byte"}},
    {"Imm32WithBit31InA64BitMove", [](Assembler& a) { a.mov(kRax, Imm64{0x80000000}); }, {0x48, 0xC7, 0xC0, 0, 0, 0, 0x80},
     EncodingField::Opcode, {"the opcode is c7, intended b8; intended `mov rax, 2147483648`", "`mov rax, -0x80000000`"}},
    {"ImmediateByteSwapped", [](Assembler& a) { a.mov(kEax, Imm32{0x01020304}); }, {0xB8, 1, 2, 3, 4},
     EncodingField::Immediate, {"67305985", "16909060"}},
    {"ImmediateLeftOut", [](Assembler& a) { a.shl(kEax, Imm8{3}); }, {0xC1, 0xE0}, EncodingField::Immediate, {"in 0 bytes"}},
    // REX
    {"RexRAndRexBSwappedInALoad", [](Assembler& a) { a.mov(kR12d, Mem32{at(kRdi)}); }, {0x41, 0x8B, 0x27},
     EncodingField::RexR, {"REX.R is 0, intended 1: r12d was encoded as esp", "REX.B is 1, intended 0: rdi was encoded as r15"}},
    {"RexRAndRexBSwappedInAStore", [](Assembler& a) { a.mov(Mem32{at(kRdi, 8)}, kR12d); }, {0x41, 0x89, 0x67, 8},
     EncodingField::RexR, {"REX.R is 0, intended 1: r12d was encoded as esp", "REX.B is 1, intended 0"}},
    {"RexRForRexBBetweenRegisters", [](Assembler& a) { a.mov(kR12d, kEax); }, {0x44, 0x89, 0xC4},
     EncodingField::RexR, {"REX.R is 1, intended 0: eax was encoded as r8d", "REX.B is 0, intended 1: r12d was encoded as esp"}},
    {"RexXNeverSet", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, kR12, 4)}); }, {0x8B, 0x04, 0xA3},
     EncodingField::RexX, {"REX.X is 0, intended 1", "the index r12 was lost"}},
    {"RexXNeverSetForR9", [](Assembler& a) { a.mov(kRax, Mem64{at(kRbx, Reg64{RegId::R9}, 2)}); }, {0x48, 0x8B, 0x04, 0x4B},
     EncodingField::RexX, {"REX.X is 0, intended 1: r9 was encoded as rcx"}},
    {"RexBNeverSetForABase", [](Assembler& a) { a.mov(kRax, Mem64{at(kR8, 8)}); }, {0x48, 0x8B, 0x40, 8},
     EncodingField::RexB, {"REX.B is 0, intended 1: r8 was encoded as rax"}},
    {"PushR8WithoutRex", [](Assembler& a) { a.push(kR8); }, {0x50},
     EncodingField::RexB, {"REX.B is 0, intended 1 (there is no REX byte): r8 was encoded as rax"}},
    {"PushR8OverflowsIntoTheOpcode", [](Assembler& a) { a.push(kR8); }, {0x58}, EncodingField::RexB, {"the opcode is 58, intended 50"}},
    {"HighBitOfTheOpcodeRegisterInRexR", [](Assembler& a) { a.pop(kR12); }, {0x44, 0x5C},
     EncodingField::RexR, {"REX.R is 1, intended 0", "REX.B is 0, intended 1: r12 was encoded as rsp"}},
    {"RexWDropped", [](Assembler& a) { a.add(kRax, kRbx); }, {0x01, 0xD8},
     EncodingField::RexW, {"REX.W is 0, intended 1 (there is no REX byte): the operation is 32 bits wide, not 64"}},
    {"RexWDroppedFromAnother", [](Assembler& a) { a.add(kR8, kRbx); }, {0x41, 0x01, 0xD8}, EncodingField::RexW, {"REX.W is 0, intended 1:"}},
    {"RexWAdded", [](Assembler& a) { a.sub(kEax, kEcx); }, {0x48, 0x29, 0xC8}, EncodingField::RexW, {"REX.W is 1, intended 0: the operation is 64 bits wide, not 32"}},
    {"SeteSilWithoutRex", [](Assembler& a) { a.setcc(Cond::E, Reg8{RegId::Rsi}); }, {0x0F, 0x94, 0xC6},
     EncodingField::RexPresence, {"the REX byte is missing: sil was encoded as dh", "sete sil"}},
    {"StoreOfDilWithoutRex", [](Assembler& a) { a.mov(Mem8{at(kRax)}, Reg8{RegId::Rdi}); }, {0x88, 0x38},
     EncodingField::RexPresence, {"dil was encoded as bh"}},
    {"MovzxOfBplWithoutRex", [](Assembler& a) { a.movzx(kEax, Reg8{RegId::Rbp}); }, {0x0F, 0xB6, 0xC5},
     EncodingField::RexPresence, {"bpl was encoded as ch"}},
    {"RexNotNeeded", [](Assembler& a) { a.add(kEax, kEcx); }, {0x40, 0x01, 0xC8}, EncodingField::RexPresence, {"a REX byte stands where none is needed"}},
    {"RexBeforeAMandatoryPrefix", [](Assembler& a) { a.popcnt(kRax, kRax); }, {0x48, 0xF3, 0x0F, 0xB8, 0xC0},
     EncodingField::RexPresence, {"the CPU ignores the REX byte 48", "REX.W is 0, intended 1"}},
    {"RexBeforeAnOperandSizePrefix", [](Assembler& a) { a.mov(Mem16{at(kRax)}, Reg16{RegId::R9}); }, {0x44, 0x66, 0x89, 0x08},
     EncodingField::RexPresence, {"the CPU ignores the REX byte 44", "r9w was encoded as cx"}},
    {"TwoRexBytes", [](Assembler& a) { a.mov(kRax, kRbx); }, {0x48, 0x40, 0x89, 0xD8}, EncodingField::RexPresence, {"the CPU ignores the REX byte 48"}},
    // Prefixes
    {"OperandSizePrefixMissing", [](Assembler& a) { a.mov(Mem16{at(kRax)}, Reg16{RegId::Rcx}); }, {0x89, 0x08},
     EncodingField::Prefix, {"prefixes are none, intended 66"}},
    {"OperandSizePrefixAdded", [](Assembler& a) { a.add(kEax, kEcx); }, {0x66, 0x01, 0xC8}, EncodingField::Prefix, {"prefixes are 66, intended none"}},
    {"RepForRepne", [](Assembler& a) { a.tzcnt(kEax, kEcx); }, {0xF2, 0x0F, 0xBC, 0xC1}, EncodingField::Prefix, {"prefixes are f2, intended f3"}},
    {"TzcntWithoutItsPrefixIsBsf", [](Assembler& a) { a.tzcnt(kEax, kEcx); }, {0x0F, 0xBC, 0xC1}, EncodingField::Prefix, {"bsf"}},
    {"AddressSizePrefix", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx)}); }, {0x67, 0x8B, 0x03}, EncodingField::Prefix, {"67", "[ebx]"}},
    {"SegmentPrefix", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx)}); }, {0x64, 0x8B, 0x03}, EncodingField::Prefix, {"64"}},
    {"LockPrefix", [](Assembler& a) { a.add(Mem32{at(kRbx)}, kEax); }, {0xF0, 0x01, 0x03}, EncodingField::Prefix, {"f0"}},
    {"SuperfluousRepBeforeRet", [](Assembler& a) { a.ret(); }, {0xF3, 0xC3}, EncodingField::Prefix, {"f3"}},
    {"FiveUselessPrefixes", [](Assembler& a) { a.ret(); }, {0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0xC3}, EncodingField::Prefix, {"3e 3e 3e 3e and more"}},
    // VEX
    {"VexSourcesSwapped", [](Assembler& a) { a.shlx(kEax, kEcx, Reg32{RegId::Rbx}); }, {0xC4, 0xE2, 0x71, 0xF7, 0xC3},
     EncodingField::VexVvvv, {"VEX.vvvv is 1, intended 3: ebx was encoded as ecx"}},
    {"VexWDropped", [](Assembler& a) { a.andn(kRax, kRbx, kRdi); }, {0xC4, 0xE2, 0x60, 0xF2, 0xC7}, EncodingField::RexW, {"VEX.W is 0, intended 1"}},
    {"VexRNotInverted", [](Assembler& a) { a.rorx(kEax, kEcx, Imm8{7}); }, {0xC4, 0x63, 0x7B, 0xF0, 0xC1, 7},
     EncodingField::RexR, {"VEX.R is 1, intended 0: eax was encoded as r8d"}},
    {"VexPpOfAnotherShift", [](Assembler& a) { a.shrx(kEax, kEcx, kEax); }, {0xC4, 0xE2, 0x7A, 0xF7, 0xC1}, EncodingField::Vex, {"VEX.pp 2, intended 0 and 3", "sarx"}},
    {"VexLSet", [](Assembler& a) { a.shrx(kEax, kEcx, kEax); }, {0xC4, 0xE2, 0x7F, 0xF7, 0xC1}, EncodingField::Vex, {"VEX.L is 1"}},
    {"VexMissing", [](Assembler& a) { a.andn(kEax, kEcx, kEax); }, {0x0F, 0x38, 0xF2, 0xC0}, EncodingField::Vex, {"the VEX prefix is absent"}},
    // Opcode
    {"JlAsJb", [](Assembler& a) { const auto here = a.new_label(); a.bind(here); a.jcc(Cond::L, here); }, {0x72, 0xFE},
     EncodingField::Opcode, {"the opcode is 72, intended 7c", "jl 0x0", "jb"}},
    {"SetgAsSeta", [](Assembler& a) { a.setcc(Cond::G, Reg8{RegId::Rax}); }, {0x0F, 0x97, 0xC0}, EncodingField::Opcode, {"the opcode is 0f 97, intended 0f 9f"}},
    {"ByteStoreWithTheWideOpcode", [](Assembler& a) { a.mov(Mem8{at(kRbx)}, Reg8{RegId::Rax}); }, {0x89, 0x03}, EncodingField::Opcode, {"the opcode is 89, intended 88"}},
    {"WideStoreWithTheByteOpcode", [](Assembler& a) { a.mov(Mem32{at(kRbx)}, kEax); }, {0x88, 0x03}, EncodingField::Opcode, {"the opcode is 88, intended 89"}},
    {"MovsxForMovzx", [](Assembler& a) { a.movzx(kEax, Reg8{RegId::Rcx}); }, {0x0F, 0xBE, 0xC1}, EncodingField::Opcode, {"movsx"}},
    {"AdcForAdd", [](Assembler& a) { a.add(kEax, kEcx); }, {0x11, 0xC8}, EncodingField::Opcode, {"adc"}},
    {"SysenterForUd2", [](Assembler& a) { a.ud2(); }, {0x0F, 0x34}, EncodingField::Opcode, {"sysenter"}},
    {"SyscallForUd2", [](Assembler& a) { a.ud2(); }, {0x0F, 0x05}, EncodingField::Opcode, {"syscall"}},
    {"OneByteMapForTwo", [](Assembler& a) { a.imul(kEax, kEcx); }, {0xAF, 0xC1}, EncodingField::Opcode, {"the opcode is af, intended 0f af"}},
    {"RegisterInTheOpcodeWrong", [](Assembler& a) { a.push(kRbx); }, {0x51}, EncodingField::Opcode, {"rbx was encoded as rcx"}},
    {"NoInstructionAtAll", [](Assembler& a) { a.add(kEax, kEcx); }, {0x06, 0xC8}, EncodingField::Opcode, {"(no instruction)"}},
    // ModR/M
    {"WrongExtensionSbbForSub", [](Assembler& a) { a.sub(kEax, Imm8{1}); }, {0x83, 0xD8, 1},
     EncodingField::ModRmReg, {"ModR/M.reg is 3, intended 5, the opcode extension of sub", "sbb"}},
    {"WrongExtensionDivForIdiv", [](Assembler& a) { a.idiv(kEcx); }, {0xF7, 0xF1}, EncodingField::ModRmReg, {"intended 7, the opcode extension of idiv"}},
    {"UndocumentedTestExtension", [](Assembler& a) { a.test(kEax, Imm32{1}); }, {0xF7, 0xC8, 1, 0, 0, 0}, EncodingField::ModRmReg, {"ModR/M.reg is 1, intended 0"}},
    {"UndocumentedShiftExtension", [](Assembler& a) { a.shl(kEax, x64::Cl{}); }, {0xD3, 0xF0}, EncodingField::ModRmReg, {"ModR/M.reg is 6, intended 4"}},
    {"OperandsSwapped", [](Assembler& a) { a.cmp(kEax, kEcx); }, {0x39, 0xC1}, EncodingField::ModRmReg, {"ecx was encoded as eax", "eax was encoded as ecx"}},
    {"ExchangeSwapped", [](Assembler& a) { a.xchg(kEax, kEcx); }, {0x87, 0xC1}, EncodingField::ModRmReg, {"ecx was encoded as eax"}},
    {"WrongRegister", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, 4)}); }, {0x8B, 0x41, 4}, EncodingField::ModRmRm, {"rbx was encoded as rcx"}},
    {"MemoryAsRegister", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx)}); }, {0x8B, 0xC3}, EncodingField::ModRmMod, {"memory was encoded as a register"}},
    {"RegisterAsMemory", [](Assembler& a) { a.mov(kEax, kEcx); }, {0x89, 0x08}, EncodingField::ModRmMod, {"a register was encoded as memory"}},
    {"NoDisplacementForAnR13Base", [](Assembler& a) { a.mov(kEax, Mem32{at(kR13)}); }, {0x41, 0x8B, 0x05},
     EncodingField::ModRmMod, {"ModR/M.mod is 0, intended 1", "relative to RIP", "the instruction ends before its last part"}},
    {"NoDisplacementForAnRbpBase", [](Assembler& a) { a.mov(kEax, Mem32{at(Reg64{RegId::Rbp})}); }, {0x8B, 0x05, 0, 0, 0, 0},
     EncodingField::ModRmMod, {"relative to RIP", "[rip"}},
    {"AbsoluteAddressRelativeToRip", [](Assembler& a) { a.mov(kEax, Mem32{x64::at_absolute(16)}); }, {0x8B, 0x05, 16, 0, 0, 0}, EncodingField::ModRmRm, {"the SIB byte is missing"}},
    // SIB
    {"NoSibForAnR12Base", [](Assembler& a) { a.mov(kEax, Mem32{at(kR12)}); }, {0x41, 0x8B, 0x04},
     EncodingField::SibPresence, {"the SIB byte is missing, which [r12] cannot be encoded without"}},
    {"NoSibForAnRspBase", [](Assembler& a) { a.mov(kRax, Mem64{at(kRsp, 8)}); }, {0x48, 0x8B, 0x44, 0x08},
     EncodingField::SibPresence, {"[rsp + 8] cannot be encoded without"}},
    {"SibNotNeeded", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx)}); }, {0x8B, 0x04, 0x23}, EncodingField::ModRmRm, {"a SIB byte stands where none is needed"}},
    {"WrongScale", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, kRdi, 4)}); }, {0x8B, 0x04, 0x7B},
     EncodingField::SibScale, {"SIB.scale is 1, intended 2: the index is multiplied by 2, not by 4"}},
    {"ScaleWithoutAnIndex", [](Assembler& a) { a.mov(kEax, Mem32{at(kRsp)}); }, {0x8B, 0x04, 0x64}, EncodingField::SibScale, {"SIB.scale is 1, intended 0"}},
    {"BaseAndIndexSwapped", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, kRdi, 1)}); }, {0x8B, 0x04, 0x1F}, EncodingField::SibIndex, {"rdi was encoded as rbx"}},
    {"WrongBase", [](Assembler& a) { a.lea(kRax, Mem64{at(kRbx, kRdi, 2, 8)}); }, {0x48, 0x8D, 0x44, 0x79, 8}, EncodingField::SibBase, {"rbx was encoded as rcx"}},
    // Displacements
    {"Disp8For128", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, 128)}); }, {0x8B, 0x43, 0x80}, EncodingField::ModRmMod, {"the displacement is -128 in 1 byte, intended 128 in 4 bytes"}},
    {"Disp8ForMinus129", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, -129)}); }, {0x8B, 0x43, 0x7F}, EncodingField::ModRmMod, {"the displacement is 127 in 1 byte, intended -129 in 4 bytes"}},
    {"Disp32For127", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, 127)}); }, {0x8B, 0x83, 127, 0, 0, 0}, EncodingField::ModRmMod, {"127 in 4 bytes, intended 127 in 1 byte"}},
    {"Disp32ForMinus128", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, -128)}); }, {0x8B, 0x83, 0x80, 0xFF, 0xFF, 0xFF}, EncodingField::ModRmMod, {"-128 in 4 bytes, intended -128 in 1 byte"}},
    {"Disp8ForZero", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx)}); }, {0x8B, 0x43, 0}, EncodingField::ModRmMod, {"0 in 1 byte, intended 0 in 0 bytes"}},
    {"DisplacementOffByFour", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, 8)}); }, {0x8B, 0x43, 12}, EncodingField::Displacement, {"the displacement is 12 in 1 byte, intended 8"}},
    {"DisplacementLeftOut", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, 8)}); }, {0x8B, 0x43}, EncodingField::Displacement, {"the displacement is missing, intended 8"}},
    {"SignOfADisplacement", [](Assembler& a) { a.mov(kEax, Mem32{at(kRbx, 200)}); }, {0x8B, 0x83, 0xC8, 0xFF, 0xFF, 0xFF}, EncodingField::Displacement, {"is -56 in 4 bytes, intended 200"}},
    // Length
    {"ByteTooMany", [](Assembler& a) { a.add(kEax, kEcx); }, {0x01, 0xC8, 0x90}, EncodingField::Length, {"1 byte too many at the end"}},
    {"ByteTooManyAfterAnImm64", [](Assembler& a) { a.mov(kRax, Imm64{1LL << 40}); }, {0x48, 0xB8, 0, 0, 0, 0, 0, 1, 0, 0, 0x90}, EncodingField::Length, {"11 bytes, intended 10 bytes"}},
};
// clang-format on

TEST(EncodingFaults, ProvokeEveryFieldOfAnInstruction) {
  std::set<EncodingField> provoked;
  for (const Fault& fault : kFaults) provoked.insert(fault.field);
  for (std::size_t i = 0; i <= static_cast<std::size_t>(EncodingField::Length); ++i) {
    const auto field = static_cast<EncodingField>(i);
    EXPECT_TRUE(provoked.contains(field)) << name(field);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EncodingFault, testing::ValuesIn(kFaults),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace assay::oracles::encoding
