// Bugs that real encoders have had, put in front of ours one at a time: the sweep convicts every encoding that is wrong
// and no other, and names the field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <utility>

#include "oracles/encoding/check.h"
#include "oracles/encoding/fields.h"
#include "oracles/encoding/sweep/encoder_sweep.h"

namespace assay::oracles::encoding::sweep {
namespace {

using testing::HasSubstr;
using x64::Form;
using x64::Intent;
using x64::Operand;
using x64::OperandKind;

// The project's encoder with the parts of its bytes changed.
class FaultyEncoder final : public Encoder {
 public:
  using Change = std::function<void(const Intent&, Fields&)>;
  explicit FaultyEncoder(Change change) : change_(std::move(change)) {}

  [[nodiscard]] int encode(Form form, const Operands& operands, std::uint8_t* out) const override {
    const auto length = static_cast<std::size_t>(Encoder::encode(form, operands, out));
    const std::span<const std::uint8_t> right(out, length);
    Intent intent;
    intent.form = form;
    intent.operands = operands;
    Fields fields = read_fields(right, form);
    change_(intent, fields);
    const Bytes wrong = to_bytes(fields);
    if (std::ranges::equal(wrong.span(), right)) return static_cast<int>(length);
    ++wrong_;
    std::ranges::copy(wrong.span(), out);
    return static_cast<int>(wrong.size);
  }

  [[nodiscard]] std::uint64_t wrong() const { return wrong_.load(); }

 private:
  Change change_;
  mutable std::atomic<std::uint64_t> wrong_{0};
};

const x64::Address* address_of(const Intent& intent) {
  for (const Operand& operand : intent.operands) {
    if (is_memory(operand.kind)) return &operand.address;
  }
  return nullptr;
}

bool names_sil_or_its_like(const Intent& intent) {
  return std::ranges::any_of(intent.operands, [](const Operand& operand) {
    return operand.kind == OperandKind::R8 && operand.reg >= 4 && operand.reg < 8;
  });
}

void keep_rex_only_for_bits(Fields& fields) { fields.has_rex = fields.w || fields.r || fields.x || fields.b; }

void drop_byte_rex(const Intent& intent, Fields& fields) {
  if (names_sil_or_its_like(intent)) keep_rex_only_for_bits(fields);
}

void overflow_of_pop(const Intent& intent, Fields& fields) {
  fields.opcode = static_cast<std::uint8_t>(0x58 + intent.operands[0].reg);
  fields.b = fields.has_rex = false;
}

// Based addresses with this displacement get it in so many bytes.
FaultyEncoder::Change displacement_in(std::int32_t displacement, std::uint8_t bytes) {
  return [=](const Intent& intent, Fields& fields) {
    const x64::Address& address = *address_of(intent);
    if (!address.has_base || address.displacement != displacement) return;
    fields.displacement_bytes = bytes;
    fields.mod = bytes == 1 ? 1 : 2;
  };
}

struct Planted {
  const char* name;
  const char* forms;
  std::uint64_t every;
  EncodingField field;
  const char* words;  // of the first message
  FaultyEncoder::Change change;
};

std::ostream& operator<<(std::ostream& out, const Planted& planted) { return out << planted.name; }

// clang-format off
const std::vector<Planted> kPlanted = {
    {"RexRAndRexBSwappedInLoadsAndStores", "MovR64M64,MovM64R64", 101, EncodingField::RexR, "REX.B is",
     [](const Intent&, Fields& f) { std::swap(f.r, f.b); }},
    {"RexXNeverSet", "MovR32M32,LeaR64M", 101, EncodingField::RexX, "REX.X is 0, intended 1",
     [](const Intent&, Fields& f) { if (std::exchange(f.x, false)) keep_rex_only_for_bits(f); }},
    {"NoRexForSilAndDil", "MovzxR32R8,MovsxR32R8,MovM8R8,TestR8R8", 101, EncodingField::RexPresence, "the REX byte is missing",
     drop_byte_rex},
    {"HighBitOfARegisterInTheOpcodeInRexR", "MovR32I32,MovR64I64,PushR64,PopR64", 1, EncodingField::RexR, "REX.R is 1, intended 0",
     [](const Intent&, Fields& f) { std::swap(f.r, f.b); }},
    {"RegisterNumberOverflowsIntoTheOpcodeOfPush", "PushR64", 1, EncodingField::RexB, "the opcode is 58, intended 50",
     [](const Intent& i, Fields& f) { f.opcode = static_cast<std::uint8_t>(0x50 + i.operands[0].reg); f.b = f.has_rex = false; }},
    {"RegisterNumberOverflowsIntoTheOpcodeOfPop", "PopR64", 1, EncodingField::RexB, "the opcode is 60, intended 58",
     [](const Intent& i, Fields& f) { if (i.operands[0].reg < 12) overflow_of_pop(i, f); }},
    // From r12 on it overflows into 64..67, which are prefixes.
    {"RegisterNumberOfPopOverflowsIntoAPrefix", "PopR64", 1, EncodingField::Prefix, "prefixes are 64, intended none",
     [](const Intent& i, Fields& f) { if (i.operands[0].reg >= 12) overflow_of_pop(i, f); }},
    {"Mod0ForAnRbpOrR13Base", "MovR64M64,MovM32R32", 11, EncodingField::ModRmMod, "ModR/M.mod is 0, intended 1",
     [](const Intent& i, Fields& f) {
       const x64::Address& a = *address_of(i);
       if (a.has_base && (number(a.base) & 7) == 5 && a.displacement == 0) f.mod = f.displacement_bytes = 0;
     }},
    {"NoSibForAnRspOrR12Base", "MovR64M64,MovM32R32", 11, EncodingField::SibPresence, "the SIB byte is missing",
     [](const Intent& i, Fields& f) { if (address_of(i)->has_base && !address_of(i)->has_index) f.has_sib = false; }},
    {"Imm8For128To255", "SubR64I32,AddR32I32,CmpM64I32", 7, EncodingField::Immediate, "in 1 byte, intended",
     [](const Intent& i, Fields& f) {
       if (i.operands[1].immediate < 128 || i.operands[1].immediate > 255) return;
       f.opcode = 0x83;
       f.immediate_bytes = 1;
     }},
    {"Imm32WithBit31ForA64BitValue", "MovR64I64", 1, EncodingField::Opcode, "the opcode is c7, intended b8",
     [](const Intent& i, Fields& f) {
       const std::int64_t value = i.operands[1].immediate;
       if (value < 0x80000000LL || value > 0xFFFFFFFFLL) return;
       f.opcode = 0xC7;
       f.has_modrm = true;
       f.mod = 3;
       f.rm = i.operands[0].reg & 7;
       f.immediate_bytes = 4;
     }},
    {"DigitOfSbbForSub", "SubR32I8,SubR64I32,SubM64I8", 101, EncodingField::ModRmReg, "the opcode extension of sub",
     [](const Intent&, Fields& f) { f.reg = 3; }},
    {"DigitOfAdcForAdd", "AddR32I8,AddM32I32", 101, EncodingField::ModRmReg, "the opcode extension of add",
     [](const Intent&, Fields& f) { f.reg = 2; }},
    // No form of the table is relative to RIP, so that none can forget its trailing immediate; what becomes relative to
    // RIP by mistake is convicted with an immediate behind it and without.
    {"AbsoluteAddressRelativeToRip", "AddM64I32,MovR64M64", 1, EncodingField::ModRmRm, "the SIB byte is missing",
     [](const Intent& i, Fields& f) {
       if (address_of(i)->has_base || address_of(i)->has_index) return;
       f.has_sib = false;
       f.rm = 5;
     }},
    {"WideOpcodeForAByte", "MovM8R8,SetccM8,TestR8R8", 211, EncodingField::Opcode, "the opcode is",
     [](const Intent&, Fields& f) { f.opcode |= 1; }},
    {"NoRexForTheByteRegisterOfSetcc", "SetccR8", 1, EncodingField::RexPresence, "spl was encoded as ah", drop_byte_rex},
    {"RexWDropped", "AddR64R64,MovR64M64,ImulR64R64I8,Cqo", 211, EncodingField::RexW, "the operation is 32 bits wide, not 64",
     [](const Intent&, Fields& f) { f.w = false; keep_rex_only_for_bits(f); }},
    {"Disp8For128", "MovR64M64", 23, EncodingField::ModRmMod, "intended 128 in 4 bytes", displacement_in(128, 1)},
    {"Disp8ForMinus129", "MovR64M64", 23, EncodingField::ModRmMod, "intended -129 in 4 bytes", displacement_in(-129, 1)},
    {"Disp32For127", "MovR64M64", 23, EncodingField::ModRmMod, "127 in 4 bytes, intended 127 in 1 byte", displacement_in(127, 4)},
    {"Disp32ForMinus128", "MovR64M64", 23, EncodingField::ModRmMod, "-128 in 4 bytes, intended -128 in 1 byte", displacement_in(-128, 4)},
};
// clang-format on

SweepResult sweep_with(const Encoder& encoder, const char* forms, std::uint64_t every) {
  auto result = sweep_encoder({.jobs = 2, .forms = forms, .every = every, .encoder = &encoder});
  EXPECT_TRUE(result) << result.error().describe();
  EXPECT_TRUE(result->is_sound());
  return std::move(result).value();
}

class SweepFault : public testing::TestWithParam<Planted> {};

TEST_P(SweepFault, IsConvictedWhereverItIsWithTheFieldNamed) {
  const Planted& planted = GetParam();
  const FaultyEncoder encoder(planted.change);
  const SweepResult result = sweep_with(encoder, planted.forms, planted.every);
  EXPECT_GT(encoder.wrong(), 0U);
  EXPECT_LT(encoder.wrong(), kFieldsNamed);
  EXPECT_EQ(result.mismatches, encoder.wrong());
  ASSERT_FALSE(result.first.empty());
  EXPECT_THAT(result.first.front().message, HasSubstr(planted.words));
  for (const SweepMismatch& one : result.first) EXPECT_EQ(name(one.field), name(planted.field)) << one.message;
  EXPECT_EQ(result.by_field[static_cast<std::size_t>(planted.field)], result.mismatches);
}

INSTANTIATE_TEST_SUITE_P(BugClasses, SweepFault, testing::ValuesIn(kPlanted),
                         [](const auto& instance) { return std::string(instance.param.name); });

// What a caller would have to ask for to get the bit-31 bug in an addition cannot be recorded as anything right.
TEST(SweepFaults, An64BitAdditionOfBit31IsUnencodable) {
  auto checker = EncodingChecker::create({.cache_entries = 0});
  ASSERT_TRUE(checker);
  constexpr std::array<std::uint8_t, 7> kBytes = {0x48, 0x81, 0xC1, 0, 0, 0, 0x80};
  Intent intent;
  intent.form = Form::AddR64I32;
  intent.length = kBytes.size();
  intent.operands[0].kind = OperandKind::R64;
  intent.operands[0].reg = 1;
  intent.operands[1].kind = OperandKind::I32;
  intent.operands[1].immediate = 0x80000000;
  EXPECT_FALSE((*checker)->is_right(intent, kBytes));
  EXPECT_EQ((*checker)->explain(intent, kBytes).field, EncodingField::Unencodable);
}

TEST(SweepFaults, AllMismatchesAreCountedAndFewAreShown) {
  const FaultyEncoder encoder([](const Intent&, Fields& fields) { fields.opcode ^= 2; });
  const SweepResult result = sweep_with(encoder, "MovR32M32", 1);
  EXPECT_EQ(result.mismatches, 16 * kAddressCount);
  EXPECT_EQ(result.first.size(), SweepOptions{}.shown_of_form);
  std::uint64_t named = 0;
  for (const std::uint64_t count : result.by_field) named += count;
  EXPECT_EQ(named, kFieldsNamed);
}

TEST(SweepFaults, AnEncoderThatWritesNothingOrTooMuchIsConvicted) {
  class Sized final : public Encoder {
   public:
    explicit Sized(int size) : size_(size) {}
    [[nodiscard]] int encode(Form, const Operands&, std::uint8_t* out) const override {
      std::fill_n(out, size_, std::uint8_t{0x66});
      return size_;
    }

   private:
    int size_;
  };
  for (const int size : {0, 1, 15, 16, static_cast<int>(kEncodingRoom)}) {
    const SweepResult result = sweep_with(Sized(size), "AddR32R32,Ret,MovR64M64", 1009);
    EXPECT_EQ(result.mismatches, result.encodings) << size;
  }
}

// Branches, after relaxation.
class FaultyBranches final : public Encoder {
 public:
  using Change = std::function<void(Intent&, std::vector<std::uint8_t>&)>;
  explicit FaultyBranches(Change change) : change_(std::move(change)) {}
  void branch(Intent& recorded, std::vector<std::uint8_t>& bytes) const override { change_(recorded, bytes); }

 private:
  Change change_;
};

SweepResult sweep_branches(FaultyBranches::Change change) {
  return sweep_with(FaultyBranches(std::move(change)), "JmpRel*", 1);
}

std::int64_t distance(const Intent& jump) { return jump.operands[0].immediate - jump.offset - jump.length; }

TEST(SweepFaults, AShortJumpOneByteTooFarIsConvicted) {
  const SweepResult result = sweep_branches([](Intent& jump, std::vector<std::uint8_t>& bytes) {
    if (jump.form != Form::JmpRel32 || distance(jump) != 128) return;
    jump.form = Form::JmpRel8;
    jump.length = 2;
    jump.operands[0].kind = OperandKind::Rel8;
    jump.operands[0].immediate = jump.offset + std::int64_t{130};
    bytes = {0xEB, 0x80};
  });
  EXPECT_GT(result.mismatches, 0U);
  EXPECT_EQ(result.by_field[static_cast<std::size_t>(EncodingField::Unencodable)], result.mismatches);
}

TEST(SweepFaults, ANearJumpWhereAShortOneReachesIsConvicted) {
  const SweepResult result = sweep_branches([](Intent& jump, std::vector<std::uint8_t>& bytes) {
    if (jump.form != Form::JmpRel8 || distance(jump) < 100) return;
    jump.form = Form::JmpRel32;
    jump.length = 5;
    jump.operands[0].kind = OperandKind::Rel32;
    jump.operands[0].immediate += 3;
    bytes = {0xE9, bytes[1], 0, 0, 0};
  });
  EXPECT_GT(result.mismatches, 0U);
  EXPECT_EQ(result.by_field[static_cast<std::size_t>(EncodingField::Length)], result.mismatches);
}

TEST(SweepFaults, ADisplacementPatchedOffByFourIsConvicted) {
  const SweepResult result = sweep_branches([](Intent& jump, std::vector<std::uint8_t>& bytes) {
    if (jump.form == Form::JmpRel32) bytes[1] = static_cast<std::uint8_t>(bytes[1] + 4);
  });
  EXPECT_GT(result.mismatches, 0U);
  EXPECT_EQ(result.by_field[static_cast<std::size_t>(EncodingField::Immediate)], result.mismatches);
}

// The record and the bytes agree with each other, and both are wrong.
TEST(SweepFaults, AJumpThatLeadsElsewhereThanItsLabelIsConvicted) {
  const SweepResult result = sweep_branches([](Intent& jump, std::vector<std::uint8_t>& bytes) {
    if (jump.form != Form::JmpRel8 || distance(jump) < 4) return;
    --bytes[1];
    --jump.operands[0].immediate;
  });
  EXPECT_GT(result.mismatches, 0U);
  EXPECT_EQ(result.by_field[static_cast<std::size_t>(EncodingField::BranchTarget)], result.mismatches);
}

}  // namespace
}  // namespace assay::oracles::encoding::sweep
