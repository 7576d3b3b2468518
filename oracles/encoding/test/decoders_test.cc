// Both decoders read bytes in the same terms, and as the manual says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "core/x64/registers.h"
#include "oracles/encoding/disassemble.h"
#include "oracles/encoding/llvm_decoder.h"
#include "oracles/encoding/zydis_decoder.h"

namespace assay::oracles::encoding {
namespace {

using testing::HasSubstr;
using x64::Operand;
using x64::OperandKind;
using Code = std::vector<std::uint8_t>;

enum class Which { Zydis, Llvm };

class Decoders : public testing::TestWithParam<Which> {
 protected:
  void SetUp() override {
    if (GetParam() == Which::Zydis) {
      auto made = ZydisDecoder::create();
      ASSERT_TRUE(made) << made.error().describe();
      decoder_ = std::move(made).value();
    } else {
      auto made = LlvmDecoder::create();
      ASSERT_TRUE(made) << made.error().describe();
      decoder_ = std::move(made).value();
    }
  }

  [[nodiscard]] Decoded read(const Code& code) { return decoder_->decode(code); }

  void expect(const Code& code, std::string_view mnemonic, const std::vector<Operand>& operands) {
    const Decoded decoded = read(code);
    ASSERT_EQ(decoded.status, DecodeStatus::Decoded) << decoder_->print(code, 0);
    EXPECT_EQ(decoded.mnemonic, mnemonic);
    EXPECT_EQ(decoded.length, code.size());
    EXPECT_FALSE(decoded.altered);
    for (std::size_t i = 0; i < decoded.operands.size(); ++i) {
      const Operand expected = i < operands.size() ? operands[i] : Operand{};
      EXPECT_EQ(decoded.operands[i], expected) << "operand " << i << " of " << decoder_->print(code, 0);
    }
  }

  std::unique_ptr<Decoder> decoder_;
};

Operand reg(OperandKind kind, std::uint8_t number) {
  Operand operand;
  operand.kind = kind;
  operand.reg = number;
  return operand;
}
Operand immediate(OperandKind kind, std::int64_t value) {
  Operand operand;
  operand.kind = kind;
  operand.immediate = value;
  return operand;
}
Operand memory(OperandKind kind, const x64::Address& address) {
  Operand operand;
  operand.kind = kind;
  operand.address = address;
  return operand;
}
Operand count_register() { return reg(OperandKind::Cl, 0); }

constexpr x64::Reg64 kRbx{x64::RegId::Rbx};
constexpr x64::Reg64 kR12{x64::RegId::R12};
constexpr x64::Reg64 kR13{x64::RegId::R13};

TEST_P(Decoders, ReadRegistersOfEveryWidth) {
  expect({0x48, 0x01, 0xC8}, "add", {reg(OperandKind::R64, 0), reg(OperandKind::R64, 1)});
  expect({0x45, 0x01, 0xC8}, "add", {reg(OperandKind::R32, 8), reg(OperandKind::R32, 9)});
  expect({0x84, 0xC8}, "test", {reg(OperandKind::R8, 0), reg(OperandKind::R8, 1)});
  expect({0x40, 0x84, 0xF8}, "test", {reg(OperandKind::R8, 0), reg(OperandKind::R8, 7)});
  expect({0x45, 0x84, 0xFF}, "test", {reg(OperandKind::R8, 15), reg(OperandKind::R8, 15)});
  expect({0x66, 0x44, 0x89, 0x03}, "mov", {memory(OperandKind::M16, x64::at(kRbx)), reg(OperandKind::R16, 8)});
}

TEST_P(Decoders, ReadHighByteRegistersAsNoneOfTheSixteen) {
  expect({0x84, 0xF8}, "test", {reg(OperandKind::R8, 0), reg(OperandKind::R8, kHighByteBit | 7)});
  expect({0x0F, 0x94, 0xC4}, "set", {reg(OperandKind::Condition, 4), reg(OperandKind::R8, kHighByteBit | 4)});
}

TEST_P(Decoders, ReadEveryPartOfAnAddress) {
  expect({0x8B, 0x03}, "mov", {reg(OperandKind::R32, 0), memory(OperandKind::M32, x64::at(kRbx))});
  expect({0x43, 0x8B, 0x84, 0xA5, 0x80, 0, 0, 0}, "mov",
         {reg(OperandKind::R32, 0), memory(OperandKind::M32, x64::at(kR13, kR12, 4, 128))});
  expect({0x8B, 0x04, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF}, "mov",
         {reg(OperandKind::R32, 0), memory(OperandKind::M32, x64::at_index(kRbx, 8, -1))});
  expect({0x8B, 0x04, 0x25, 0, 0, 0, 0x80}, "mov",
         {reg(OperandKind::R32, 0), memory(OperandKind::M32, x64::at_absolute(-0x7FFFFFFF - 1))});
  expect({0x0F, 0xB6, 0x43, 0x80}, "movzx", {reg(OperandKind::R32, 0), memory(OperandKind::M8, x64::at(kRbx, -128))});
  expect({0x48, 0x8D, 0x03}, "lea", {reg(OperandKind::R64, 0), memory(OperandKind::M64, x64::at(kRbx))});
}

TEST_P(Decoders, ReadTheInstructionPointerAsNoneOfTheSixteen) {
  const Decoded decoded = read({0x8B, 0x05, 4, 0, 0, 0});
  EXPECT_EQ(number(decoded.operands[1].address.base), kInstructionPointer);
  EXPECT_EQ(decoded.operands[1].address.displacement, 4);
}

TEST_P(Decoders, ReadImmediatesByTheirEncodedSizeAndSign) {
  expect({0x48, 0x83, 0xEC, 0x80}, "sub", {reg(OperandKind::R64, 4), immediate(OperandKind::I8, -128)});
  expect({0x48, 0x81, 0xEC, 0x80, 0, 0, 0}, "sub", {reg(OperandKind::R64, 4), immediate(OperandKind::I32, 128)});
  expect({0x81, 0xEC, 0, 0, 0, 0x80}, "sub", {reg(OperandKind::R32, 4), immediate(OperandKind::I32, INT32_MIN)});
  expect({0x48, 0xC7, 0xC0, 0, 0, 0, 0x80}, "mov", {reg(OperandKind::R64, 0), immediate(OperandKind::I32, INT32_MIN)});
  expect({0x48, 0xB8, 1, 2, 3, 4, 5, 6, 7, 0x88}, "mov",
         {reg(OperandKind::R64, 0), immediate(OperandKind::I64, static_cast<std::int64_t>(0x8807060504030201))});
  expect({0xB8, 0xFF, 0xFF, 0xFF, 0xFF}, "mov", {reg(OperandKind::R32, 0), immediate(OperandKind::I32, -1)});
  expect({0xC1, 0xE0, 0xFF}, "shl", {reg(OperandKind::R32, 0), immediate(OperandKind::I8, -1)});
  expect({0x6A, 0x80}, "push", {immediate(OperandKind::I8, -128)});
  expect({0x68, 0, 0, 0, 0x80}, "push", {immediate(OperandKind::I32, INT32_MIN)});
}

TEST_P(Decoders, ReadConditionsByNumberAndBranchesByDistance) {
  for (std::uint8_t condition = 0; condition < 16; ++condition) {
    expect({static_cast<std::uint8_t>(0x70 + condition), 0xFE}, "j",
           {reg(OperandKind::Condition, condition), immediate(OperandKind::Rel8, -2)});
    expect({0x0F, static_cast<std::uint8_t>(0x80 + condition), 0, 1, 0, 0}, "j",
           {reg(OperandKind::Condition, condition), immediate(OperandKind::Rel32, 256)});
    expect({0x0F, static_cast<std::uint8_t>(0x40 + condition), 0xC1}, "cmov",
           {reg(OperandKind::Condition, condition), reg(OperandKind::R32, 0), reg(OperandKind::R32, 1)});
    expect({0x0F, static_cast<std::uint8_t>(0x90 + condition), 0x03}, "set",
           {reg(OperandKind::Condition, condition), memory(OperandKind::M8, x64::at(kRbx))});
  }
  expect({0xE8, 0xFF, 0xFF, 0xFF, 0x7F}, "call", {immediate(OperandKind::Rel32, INT32_MAX)});
}

TEST_P(Decoders, KeepTheOrderOfTheInstructionTable) {
  expect({0xD3, 0xE0}, "shl", {reg(OperandKind::R32, 0), count_register()});
  expect({0x87, 0xCB}, "xchg", {reg(OperandKind::R32, 3), reg(OperandKind::R32, 1)});
  expect({0xC4, 0xE2, 0x71, 0xF7, 0xC3}, "shlx",
         {reg(OperandKind::R32, 0), reg(OperandKind::R32, 3), reg(OperandKind::R32, 1)});
  expect({0xC4, 0xE2, 0x70, 0xF2, 0xC3}, "andn",
         {reg(OperandKind::R32, 0), reg(OperandKind::R32, 1), reg(OperandKind::R32, 3)});
  expect({0x6B, 0xC3, 5}, "imul", {reg(OperandKind::R32, 0), reg(OperandKind::R32, 3), immediate(OperandKind::I8, 5)});
}

TEST_P(Decoders, ReportWhatAltersAnInstruction) {
  EXPECT_TRUE(read({0x64, 0x8B, 0x03}).altered);  // fs:
  EXPECT_TRUE(read({0x67, 0x8B, 0x03}).altered);  // [ebx]
}

TEST_P(Decoders, ReadInstructionsThatAreNotInTheTableAsForeign) {
  for (const Code& code :
       {Code{0x0F, 0xA2}, Code{0x0F, 0x05}, Code{0x11, 0xC8}, Code{0xD1, 0xE0}, Code{0xC8, 1, 0, 0}}) {
    const Decoded decoded = read(code);
    EXPECT_EQ(decoded.status, DecodeStatus::Foreign) << decoder_->print(code, 0);
    EXPECT_EQ(decoded.length, code.size());
  }
}

TEST_P(Decoders, FindNoInstructionInNonsenseOrInTooFewBytes) {
  for (const Code& code :
       {Code{}, Code{0x06}, Code{0x0F, 0xFF}, Code{0x8B}, Code{0x8B, 0x04}, Code{0x48, 0xB8, 1, 2}}) {
    const Decoded decoded = read(code);
    EXPECT_EQ(decoded.status, DecodeStatus::Malformed);
    EXPECT_EQ(decoded.length, 0);
    EXPECT_EQ(decoder_->print(code, 0), "(no instruction)");
  }
}

TEST_P(Decoders, ReadOnlyTheFirstInstruction) {
  EXPECT_EQ(read({0xC3, 0x06, 0x06}).length, 1);
  EXPECT_EQ(read(Code(100, 0xC3)).length, 1);
}

TEST_P(Decoders, PrintBranchesWithTheOffsetTheyLeadTo) {
  EXPECT_THAT(decoder_->print(Code{0xEB, 0x10}, 0x20), HasSubstr("0x32"));
}

INSTANTIATE_TEST_SUITE_P(Both, Decoders, testing::Values(Which::Zydis, Which::Llvm),
                         [](const auto& instance) { return instance.param == Which::Zydis ? "Zydis" : "Llvm"; });

TEST(Disassemble, GivesIntelSyntax) {
  EXPECT_EQ(disassemble_one(Code{0x48, 0x83, 0xEC, 0x80}, 0), "sub rsp, -0x80");
  EXPECT_EQ(disassemble_one(Code{0x45, 0x8B, 0x64, 0xBD, 0x08}, 0), "mov r12d, [r13+rdi*4+0x08]");
  EXPECT_EQ(disassemble_one(Code{0x7C, 0xFE}, 0x1E), "jl 0x1E");
  EXPECT_EQ(disassemble_one(Code{0x06}, 0), "(no instruction)");
}

TEST(Versions, NameTheLibraries) {
  EXPECT_THAT(zydis_version(), testing::StartsWith("Zydis 4."));
  EXPECT_THAT(llvm_version(), testing::StartsWith("LLVM 19."));
}

}  // namespace
}  // namespace assay::oracles::encoding
