// Intents in words; see intent_text.h. Tested by oracles/encoding/test/intent_text_test.cc.
#include "oracles/encoding/intent_text.h"

#include <fmt/format.h>

#include "core/x64/form.h"
#include "core/x64/registers.h"

namespace assay::oracles::encoding {
namespace {

using x64::Address;
using x64::Operand;
using x64::OperandKind;

std::string register_text(std::uint8_t reg, int bits) {
  if (reg >= x64::kRegCount) return fmt::format("(register {})", reg);
  return std::string(x64::register_name(static_cast<x64::RegId>(reg), bits));
}

std::string_view width_text(int bits) {
  switch (bits) {
    case 8:
      return "byte";
    case 16:
      return "word";
    case 32:
      return "dword";
    default:
      return "qword";
  }
}

std::string operand_text(const Operand& operand) {
  switch (operand.kind) {
    case OperandKind::R8:
    case OperandKind::R16:
    case OperandKind::R32:
    case OperandKind::R64:
      return register_text(operand.reg, x64::operand_bits(operand.kind));
    case OperandKind::M8:
    case OperandKind::M16:
    case OperandKind::M32:
    case OperandKind::M64:
      return fmt::format("{} ptr {}", width_text(x64::operand_bits(operand.kind)), describe(operand.address));
    case OperandKind::I8:
    case OperandKind::I32:
    case OperandKind::I64:
      return fmt::format("{}", operand.immediate);
    case OperandKind::Cl:
      return "cl";
    case OperandKind::Rel8:
    case OperandKind::Rel32:
      return fmt::format("{:#x}", operand.immediate);
    case OperandKind::Condition:
    case OperandKind::None:
      break;
  }
  return {};
}

}  // namespace

std::string describe(const x64::Intent& intent) {
  if (static_cast<std::size_t>(intent.form) >= x64::kFormCount) return "(no form)";
  const x64::FormInfo& row = x64::form_info(intent.form);
  std::string text(row.mnemonic);
  std::string_view separator = " ";
  for (const Operand& operand : intent.operands) {
    if (operand.kind == OperandKind::None) continue;
    if (operand.kind == OperandKind::Condition) {
      text += operand.reg < 16 ? x64::condition_name(static_cast<x64::Cond>(operand.reg)) : "?";
      continue;
    }
    text += separator;
    text += operand_text(operand);
    separator = ", ";
  }
  return text;
}

std::string describe(const Address& address) {
  std::string text;
  if (address.has_base) text = register_text(number(address.base), 64);
  if (address.has_index) {
    if (!text.empty()) text += " + ";
    text += fmt::format("{}*{}", register_text(number(address.index), 64), address.scale);
  }
  const std::int64_t displacement = address.displacement;
  if (text.empty()) return fmt::format("[{}]", displacement);
  if (displacement > 0) text += fmt::format(" + {}", displacement);
  if (displacement < 0) text += fmt::format(" - {}", -displacement);
  return "[" + text + "]";
}

std::string describe(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{}{:02x}", text.empty() ? "" : " ", byte);
  return text;
}

}  // namespace assay::oracles::encoding
