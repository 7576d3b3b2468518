// Bytes become the instruction that the model executes, and what it does not know is `Other`.
#include "smt/x86/decode.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::smt::x86 {
namespace {

Instruction decoded(const std::vector<std::uint8_t>& code, std::size_t offset = 0) { return decode(code, offset); }

TEST(Decode, ReadsBothWidthsOfARegister) {
  const Instruction narrow = decoded({0x01, 0xC8});  // add eax, ecx
  EXPECT_EQ(narrow.operation, Operation::Add);
  EXPECT_EQ(narrow.length, 2);
  EXPECT_EQ(narrow.operands[0].bits, 32);
  EXPECT_EQ(narrow.operands[0].reg, 0);
  EXPECT_EQ(narrow.operands[1].reg, 1);
  EXPECT_EQ(decoded({0x48, 0x01, 0xC8}).operands[0].bits, 64);
}

TEST(Decode, TellsSilFromDh) {
  const Instruction sil = decoded({0x40, 0x0F, 0x94, 0xC6});  // sete sil
  EXPECT_EQ(sil.operation, Operation::Set);
  EXPECT_EQ(sil.condition, 4);
  EXPECT_EQ(sil.operands[0].reg, 6);
  EXPECT_EQ(sil.operands[0].bits, 8);
  EXPECT_EQ(decoded({0x0F, 0x94, 0xC6}).operation, Operation::Other);  // sete dh
}

TEST(Decode, ReadsAnAddress) {
  const Instruction one = decoded({0x4A, 0x8D, 0x44, 0xA3, 0x80});  // lea rax, [rbx + r12 * 4 - 128]
  ASSERT_EQ(one.operation, Operation::Lea);
  EXPECT_EQ(one.operands[1].kind, OperandKind::Memory);
  EXPECT_EQ(one.operands[1].base, 3);
  EXPECT_EQ(one.operands[1].index, 12);
  EXPECT_EQ(one.operands[1].scale, 4);
  EXPECT_EQ(one.operands[1].value, -128);
}

TEST(Decode, ExtendsTheSignOfAnImmediate) {
  const Instruction one = decoded({0x48, 0x83, 0xEC, 0x80});  // sub rsp, -128
  ASSERT_EQ(one.operation, Operation::Sub);
  EXPECT_EQ(one.operands[1].value, -128);
}

TEST(Decode, CountsAJumpFromItsEnd) {
  const std::vector<std::uint8_t> code = {0x90, 0xEB, 0xFE, 0x0F, 0x8C, 0x01, 0x00, 0x00, 0x00};
  EXPECT_EQ(decoded(code, 1).target, 1);  // jmp to itself
  const Instruction conditional = decoded(code, 3);
  EXPECT_EQ(conditional.operation, Operation::JumpIf);
  EXPECT_EQ(conditional.condition, 0xC);  // less
  EXPECT_EQ(conditional.target, 10);
}

TEST(Decode, KnowsTheWidthOfWhatHasNoOperands) {
  EXPECT_EQ(decoded({0x99}).operands[0].bits, 32);        // cdq
  EXPECT_EQ(decoded({0x48, 0x99}).operands[0].bits, 64);  // cqo
}

TEST(Decode, IsOtherForWhatTheModelDoesNotKnow) {
  const std::vector<std::vector<std::uint8_t>> codes = {
      {0xF0, 0x48, 0x01, 0x07},              // lock add [rdi], rax
      {0x64, 0x8B, 0x07},                    // mov eax, fs:[rdi]
      {0x67, 0x8B, 0x07},                    // mov eax, [edi]
      {0x8B, 0x05, 0x00, 0x00, 0x00, 0x00},  // mov eax, [rip]
      {0xC2, 0x08, 0x00},                    // ret 8
      {0xCB},                                // retf
      {0xFF, 0xE0},                          // jmp rax
      {0x0F, 0x0B},                          // ud2
      {0x11, 0xC8},                          // adc eax, ecx
  };
  for (const auto& code : codes) {
    const Instruction one = decoded(code);
    EXPECT_EQ(one.operation, Operation::Other) << one.text;
    EXPECT_EQ(one.length, code.size()) << one.text;
  }
}

TEST(Decode, HasNoLengthForBytesThatAreNoInstruction) {
  for (const std::vector<std::uint8_t>& code : std::vector<std::vector<std::uint8_t>>{{0x06}, {0x48}, {}}) {
    const Instruction one = decoded(code);
    EXPECT_EQ(one.operation, Operation::Other);
    EXPECT_EQ(one.length, 0);
  }
  EXPECT_EQ(decoded({0xC3}, 1).length, 0);
}

}  // namespace
}  // namespace assay::smt::x86
