// The instruction table as data; see form.h. Tested by core/x64/test/form_test.cc.
#include "core/x64/form.h"

namespace assay::x64 {
namespace {

// The C++ operand types of the table, as kinds.
template <class T>
constexpr OperandKind kKindOf = OperandKind::None;
template <>
constexpr OperandKind kKindOf<Reg8> = OperandKind::R8;
template <>
constexpr OperandKind kKindOf<Reg16> = OperandKind::R16;
template <>
constexpr OperandKind kKindOf<Reg32> = OperandKind::R32;
template <>
constexpr OperandKind kKindOf<Reg64> = OperandKind::R64;
template <>
constexpr OperandKind kKindOf<Mem8> = OperandKind::M8;
template <>
constexpr OperandKind kKindOf<Mem16> = OperandKind::M16;
template <>
constexpr OperandKind kKindOf<Mem32> = OperandKind::M32;
template <>
constexpr OperandKind kKindOf<Mem64> = OperandKind::M64;
template <>
constexpr OperandKind kKindOf<Imm8> = OperandKind::I8;
template <>
constexpr OperandKind kKindOf<Imm32> = OperandKind::I32;
template <>
constexpr OperandKind kKindOf<Imm64> = OperandKind::I64;
template <>
constexpr OperandKind kKindOf<Cl> = OperandKind::Cl;
template <>
constexpr OperandKind kKindOf<Cond> = OperandKind::Condition;

constexpr bool W0 = false;
constexpr bool W1 = true;

#define ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, ...) \
  {#Id,   mnemonic, Encoding::encoding, Prefix::prefix, OpcodeMap::map, opcode,           \
   digit, rexw,     Feature::feature,   {__VA_ARGS__}},

constexpr std::array<FormInfo, kFormCount> kForms = {{
#define X64_INST0(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature) \
  ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, )
#define X64_INST1(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A) \
  ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, kKindOf<A>)
#define X64_INST2(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A, B) \
  ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, kKindOf<A>, kKindOf<B>)
#define X64_INST3(Id, method, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A, B, C) \
  ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, kKindOf<A>, kKindOf<B>, kKindOf<C>)
#define X64_BRANCH1(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A) \
  ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, OperandKind::A)
#define X64_BRANCH2(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, A, B) \
  ASSAY_ROW(Id, mnemonic, encoding, prefix, map, opcode, digit, rexw, feature, OperandKind::A, OperandKind::B)
#include "core/x64/insts.def"
}};

#undef ASSAY_ROW

}  // namespace

const FormInfo& form_info(Form form) { return kForms[static_cast<std::size_t>(form)]; }

bool provides(CpuFeatures features, Feature feature) {
  switch (feature) {
    case Feature::Base:
      return true;
    case Feature::Popcnt:
      return features.popcnt;
    case Feature::Lzcnt:
      return features.lzcnt;
    case Feature::Bmi1:
      return features.bmi1;
    case Feature::Bmi2:
      return features.bmi2;
  }
  return false;
}

}  // namespace assay::x64
