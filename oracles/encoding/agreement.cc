// Comparing an intent with a reading; see agreement.h. Tested by oracles/encoding/test/agreement_test.cc.
#include "oracles/encoding/agreement.h"

#include "core/x64/form.h"

namespace assay::oracles::encoding {
namespace {

using x64::Address;
using x64::Operand;
using x64::OperandKind;

bool same_address(const Address& a, const Address& b) {
  if (a.has_base != b.has_base || a.has_index != b.has_index || a.displacement != b.displacement) return false;
  if (a.has_base && a.base != b.base) return false;
  return !a.has_index || (a.index == b.index && a.scale == b.scale);
}

bool same_operand(const Operand& a, const Operand& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case OperandKind::R8:
    case OperandKind::R16:
    case OperandKind::R32:
    case OperandKind::R64:
    case OperandKind::Condition:
      return a.reg == b.reg;
    case OperandKind::M8:
    case OperandKind::M16:
    case OperandKind::M32:
    case OperandKind::M64:
      return same_address(a.address, b.address);
    case OperandKind::I8:
    case OperandKind::I32:
    case OperandKind::I64:
    case OperandKind::Rel8:
    case OperandKind::Rel32:
      return a.immediate == b.immediate;
    case OperandKind::Cl:
    case OperandKind::None:
      return true;
  }
  return false;
}

bool same_operands(const std::array<Operand, 3>& a, const std::array<Operand, 3>& b) {
  return same_operand(a[0], b[0]) && same_operand(a[1], b[1]) && same_operand(a[2], b[2]);
}

}  // namespace

bool agrees(const x64::Intent& relative_intent, const Decoded& decoded) {
  return decoded.status == DecodeStatus::Decoded && decoded.length == relative_intent.length && !decoded.altered &&
         decoded.mnemonic == x64::form_info(relative_intent.form).mnemonic &&
         same_operands(relative_intent.operands, decoded.operands);
}

bool same_reading(const Decoded& a, const Decoded& b) {
  if (a.length != b.length) return false;  // 0 where there is no instruction
  if (a.status != DecodeStatus::Decoded || b.status != DecodeStatus::Decoded) return true;
  return a.altered == b.altered && a.mnemonic == b.mnemonic && same_operands(a.operands, b.operands);
}

}  // namespace assay::oracles::encoding
