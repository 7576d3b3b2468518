// Instructions taken apart and put together by the rules of the manual.
#include "oracles/encoding/fields.h"

#include <gtest/gtest.h>

#include <vector>

#include "oracles/encoding/intent_text.h"

namespace assay::oracles::encoding {
namespace {

using x64::Form;
using x64::Intent;
using x64::Operand;
using x64::OperandKind;
using x64::Reg64;
using x64::RegId;
using Code = std::vector<std::uint8_t>;

Operand reg(OperandKind kind, RegId id) {
  Operand operand;
  operand.kind = kind;
  operand.reg = number(id);
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

Intent intent_of(Form form, const Operand& a = {}, const Operand& b = {}, const Operand& c = {}) {
  Intent intent;
  intent.form = form;
  intent.operands = {a, b, c};
  return intent;
}

std::string bytes_of(const Intent& intent) {
  EXPECT_TRUE(is_encodable(intent));
  return describe(to_bytes(intended_fields(intent)).span());
}

std::string load_from(const x64::Address& address) {
  return bytes_of(intent_of(Form::MovR32M32, reg(OperandKind::R32, RegId::Rax), memory(OperandKind::M32, address)));
}

constexpr Reg64 kRax{RegId::Rax};
constexpr Reg64 kRbp{RegId::Rbp};
constexpr Reg64 kRsp{RegId::Rsp};
constexpr Reg64 kR12{RegId::R12};
constexpr Reg64 kR13{RegId::R13};

TEST(IntendedFields, NeedASibByteForRspAndR12) {
  EXPECT_EQ(load_from(x64::at(kRax)), "8b 00");
  EXPECT_EQ(load_from(x64::at(kRsp)), "8b 04 24");
  EXPECT_EQ(load_from(x64::at(kR12)), "41 8b 04 24");
}

TEST(IntendedFields, NeedADisplacementForRbpAndR13) {
  EXPECT_EQ(load_from(x64::at(kRbp)), "8b 45 00");
  EXPECT_EQ(load_from(x64::at(kR13)), "41 8b 45 00");
  EXPECT_EQ(load_from(x64::at(kR13, kRax, 1)), "41 8b 44 05 00");
}

TEST(IntendedFields, TakeTheShortestDisplacement) {
  EXPECT_EQ(load_from(x64::at(kRax, 127)), "8b 40 7f");
  EXPECT_EQ(load_from(x64::at(kRax, 128)), "8b 80 80 00 00 00");
  EXPECT_EQ(load_from(x64::at(kRax, -128)), "8b 40 80");
  EXPECT_EQ(load_from(x64::at(kRax, -129)), "8b 80 7f ff ff ff");
}

TEST(IntendedFields, EncodeAddressesWithoutABase) {
  EXPECT_EQ(load_from(x64::at_index(kR12, 4, 8)), "42 8b 04 a5 08 00 00 00");
  EXPECT_EQ(load_from(x64::at_absolute(16)), "8b 04 25 10 00 00 00");
}

TEST(IntendedFields, PutTheFourthBitOfEachRegisterInItsPlace) {
  EXPECT_EQ(bytes_of(intent_of(Form::MovR64R64, reg(OperandKind::R64, RegId::R8), reg(OperandKind::R64, RegId::Rax))),
            "49 89 c0");
  EXPECT_EQ(bytes_of(intent_of(Form::MovR64R64, reg(OperandKind::R64, RegId::Rax), reg(OperandKind::R64, RegId::R8))),
            "4c 89 c0");
  EXPECT_EQ(load_from(x64::at(kRax, kR12, 2)), "42 8b 04 60");
  EXPECT_EQ(bytes_of(intent_of(Form::PushR64, reg(OperandKind::R64, RegId::R15))), "41 57");
}

TEST(IntendedFields, HaveRexForTheFourByteRegistersThatNeedIt) {
  const auto store = [](RegId id) {
    return bytes_of(intent_of(Form::MovM8R8, memory(OperandKind::M8, x64::at(kRax)), reg(OperandKind::R8, id)));
  };
  EXPECT_EQ(store(RegId::Rbx), "88 18");
  EXPECT_EQ(store(RegId::Rsp), "40 88 20");
  EXPECT_EQ(store(RegId::Rdi), "40 88 38");
  EXPECT_EQ(store(RegId::R8), "44 88 00");
}

TEST(IntendedFields, PutMandatoryPrefixesBeforeRex) {
  EXPECT_EQ(
      bytes_of(intent_of(Form::PopcntR64R64, reg(OperandKind::R64, RegId::R9), reg(OperandKind::R64, RegId::Rax))),
      "f3 4c 0f b8 c8");
}

TEST(IntendedFields, EncodeVex) {
  EXPECT_EQ(bytes_of(intent_of(Form::ShlxR64R64R64, reg(OperandKind::R64, RegId::R9), reg(OperandKind::R64, RegId::R10),
                               reg(OperandKind::R64, RegId::R11))),
            "c4 42 a1 f7 ca");
  EXPECT_EQ(bytes_of(intent_of(Form::RorxR32R32I8, reg(OperandKind::R32, RegId::Rax), reg(OperandKind::R32, RegId::Rbx),
                               immediate(OperandKind::I8, 7))),
            "c4 e3 7b f0 c3 07");
}

TEST(IntendedFields, AddTheConditionToTheOpcode) {
  EXPECT_EQ(
      bytes_of(intent_of(Form::SetccR8, reg(OperandKind::Condition, RegId::R12), reg(OperandKind::R8, RegId::Rcx))),
      "0f 9c c1");
  EXPECT_EQ(
      bytes_of(intent_of(Form::JccRel32, reg(OperandKind::Condition, RegId::R12), immediate(OperandKind::Rel32, 300))),
      "0f 8c 2c 01 00 00");
}

TEST(Relative, CountsABranchFromItsEnd) {
  Intent jump = intent_of(Form::JmpRel8, immediate(OperandKind::Rel8, 10));
  jump.offset = 20;
  jump.length = 2;
  EXPECT_EQ(relative(jump).operands[0].immediate, -12);
  const Intent push = intent_of(Form::PushI8, immediate(OperandKind::I8, 10));
  EXPECT_EQ(relative(push).operands[0].immediate, 10);
}

constexpr auto kNoRegister = static_cast<RegId>(16);          // NOLINT(*EnumCastOutOfRange): what is tested
constexpr auto kNoForm = static_cast<Form>(x64::kFormCount);  // NOLINT(*EnumCastOutOfRange)

TEST(IsEncodable, RejectsWhatNoEncodingHas) {
  const Operand eax = reg(OperandKind::R32, RegId::Rax);
  const auto load = [&eax](const x64::Address& address) {
    return is_encodable(intent_of(Form::MovR32M32, eax, memory(OperandKind::M32, address)));
  };
  EXPECT_TRUE(load(x64::at(kRsp, kRax, 8)));
  EXPECT_FALSE(load(x64::at(kRax, kRsp, 1)));
  EXPECT_FALSE(load(x64::at(kRax, kRax, 3)));
  EXPECT_FALSE(load(x64::at(kRax, kRax, 16)));
  EXPECT_FALSE(load(x64::at(Reg64{kNoRegister})));
  EXPECT_TRUE(is_encodable(intent_of(Form::AddR32I8, eax, immediate(OperandKind::I8, -128))));
  EXPECT_FALSE(is_encodable(intent_of(Form::AddR32I8, eax, immediate(OperandKind::I8, 128))));
  EXPECT_FALSE(is_encodable(intent_of(Form::AddR32I32, eax, immediate(OperandKind::I32, 0x80000000))));
  EXPECT_FALSE(is_encodable(intent_of(Form::AddR32I8, eax)));
  EXPECT_FALSE(is_encodable(intent_of(Form::AddR32I8, eax, immediate(OperandKind::I32, 1))));
  EXPECT_FALSE(is_encodable(intent_of(Form::IncR32, reg(OperandKind::R32, kNoRegister))));
  EXPECT_FALSE(is_encodable(intent_of(kNoForm)));
}

TEST(ReadFields, KnowARexByteThatTheCpuIgnores) {
  const Fields fields = read_fields(Code{0x48, 0xF3, 0x0F, 0xB8, 0xC1}, Form::PopcntR64R64);
  EXPECT_TRUE(fields.has_stray_rex);
  EXPECT_EQ(fields.stray_rex, 0x48);
  EXPECT_FALSE(fields.has_rex);
  EXPECT_FALSE(fields.w);
  EXPECT_EQ(fields.prefix_count, 1);
}

TEST(ReadFields, ReadTheTwoByteVexPrefix) {
  const Fields fields = read_fields(Code{0xC5, 0x70, 0xF2, 0xC3}, Form::AndnR32R32R32);
  EXPECT_EQ(fields.vex, Vex::Two);
  EXPECT_TRUE(fields.r);
  EXPECT_EQ(fields.vvvv, 1);
  EXPECT_EQ(fields.map, 1);
  EXPECT_EQ(describe(to_bytes(fields).span()), "c5 70 f2 c3");
}

TEST(ReadFields, SayWhenTheBytesEndTooEarly) {
  EXPECT_TRUE(read_fields(Code{0x8B, 0x05, 1}, Form::MovR32M32).truncated);
  EXPECT_TRUE(read_fields(Code{0x8B}, Form::MovR32M32).truncated);
  EXPECT_TRUE(read_fields(Code{0x48}, Form::Ret).truncated);
  EXPECT_TRUE(read_fields(Code{}, Form::Ret).truncated);
  EXPECT_FALSE(read_fields(Code{0x8B, 0x05, 1, 0, 0, 0}, Form::MovR32M32).truncated);
}

}  // namespace
}  // namespace assay::oracles::encoding
