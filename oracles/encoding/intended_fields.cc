// What an intent asks for, as fields, by the manual's rules; see fields.h.
//
// Tested by oracles/encoding/test/fields_test.cc and encoder_sweep_test.cc.
#include <bit>
#include <limits>
#include <utility>

#include "oracles/encoding/fields.h"

namespace assay::oracles::encoding {
namespace {

using x64::Address;
using x64::FormInfo;
using x64::Intent;
using x64::Operand;
using x64::OperandKind;

constexpr std::uint8_t kLow = 7;          // the bits of a register number that fit in ModR/M, SIB or the opcode
constexpr std::uint8_t kSibFollows = 4;   // ModR/M.rm, table 2-2
constexpr std::uint8_t kNoIndex = 4;      // SIB.index, table 2-3
constexpr std::uint8_t kNoBase = 5;       // SIB.base with mod 0, table 2-3; ModR/M.rm with mod 0 is RIP-relative
constexpr std::uint8_t kRegisterMod = 3;  // ModR/M.mod: rm is a register

template <class T>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

bool high(std::uint8_t reg) { return (reg >> 3) != 0; }

std::uint8_t encoded_bytes(OperandKind kind) {
  switch (kind) {
    case OperandKind::I8:
    case OperandKind::Rel8:
      return 1;
    case OperandKind::I32:
    case OperandKind::Rel32:
      return 4;
    case OperandKind::I64:
      return 8;
    default:
      return 0;
  }
}

bool is_encodable_operand(const Operand& operand) {
  switch (operand.kind) {
    case OperandKind::R8:
    case OperandKind::R16:
    case OperandKind::R32:
    case OperandKind::R64:
    case OperandKind::Condition:
      return operand.reg < 16;
    case OperandKind::M8:
    case OperandKind::M16:
    case OperandKind::M32:
    case OperandKind::M64: {
      const Address& address = operand.address;
      const bool index_ok = !address.has_index || (number(address.index) < 16 && address.index != x64::RegId::Rsp &&
                                                   std::has_single_bit(address.scale) && address.scale <= 8);
      return index_ok && (!address.has_base || number(address.base) < 16);
    }
    case OperandKind::I8:
    case OperandKind::Rel8:
      return fits<std::int8_t>(operand.immediate);
    case OperandKind::I32:
    case OperandKind::Rel32:
      return fits<std::int32_t>(operand.immediate);
    case OperandKind::I64:
    case OperandKind::Cl:
    case OperandKind::None:
      return true;
  }
  return false;
}

// Tables 2-2 and 2-3 and section 2.2.1.2.
void set_address(Fields& fields, const Address& address) {
  const std::uint8_t base = number(address.base);
  const std::uint8_t index = number(address.index);
  fields.displacement = address.displacement;
  if (!address.has_base) {
    fields.mod = 0;
    fields.displacement_bytes = 4;
  } else if (address.displacement == 0 && (base & kLow) != kNoBase) {
    fields.mod = 0;
  } else if (fits<std::int8_t>(address.displacement)) {
    fields.mod = 1;
    fields.displacement_bytes = 1;
  } else {
    fields.mod = 2;
    fields.displacement_bytes = 4;
  }
  fields.b = address.has_base && high(base);
  if (address.has_base && !address.has_index && (base & kLow) != kSibFollows) {
    fields.rm = base & kLow;
    return;
  }
  fields.rm = kSibFollows;
  fields.has_sib = true;
  fields.base = address.has_base ? base & kLow : kNoBase;
  fields.index = kNoIndex;
  if (address.has_index) {
    fields.index = index & kLow;
    fields.x = high(index);
    fields.scale = static_cast<std::uint8_t>(std::countr_zero(address.scale));
  }
}

void set_places(Fields& fields, const Places& places) {
  if (places.reg != nullptr) {
    fields.reg = places.reg->reg & kLow;
    fields.r = high(places.reg->reg);
  }
  if (places.rm != nullptr) {
    fields.has_modrm = true;
    if (is_memory(places.rm->kind)) {
      set_address(fields, places.rm->address);
    } else {
      fields.mod = kRegisterMod;
      fields.rm = places.rm->reg & kLow;
      fields.b = high(places.rm->reg);
    }
  }
  if (places.vvvv != nullptr) fields.vvvv = places.vvvv->reg;
  if (places.opcode != nullptr) {
    fields.opcode = static_cast<std::uint8_t>(fields.opcode + (places.opcode->reg & kLow));
    fields.b = high(places.opcode->reg);
  }
  if (places.immediate != nullptr) {
    fields.immediate_bytes = encoded_bytes(places.immediate->kind);
    fields.immediate = places.immediate->immediate;
  }
}

bool is_vex(x64::Encoding encoding) {
  return encoding == x64::Encoding::VexRMV || encoding == x64::Encoding::VexRVM || encoding == x64::Encoding::VexRMI;
}

// SPL, BPL, SIL and DIL are named by 4..7 only with a REX byte; without one these are AH, CH, DH and BH (table 3-1).
bool needs_rex_for_a_byte(const Intent& intent) {
  for (const Operand& operand : intent.operands) {
    if (operand.kind == OperandKind::R8 && operand.reg >= 4 && operand.reg < 8) return true;
  }
  return false;
}

void set_prefixes(Fields& fields, const FormInfo& row, const Intent& intent) {
  if (is_vex(row.encoding)) {
    // The two-byte form has neither W, X and B nor a choice of map (section 2.3.5).
    const bool two = fields.map == 1 && !fields.w && !fields.x && !fields.b;
    fields.vex = two ? Vex::Two : Vex::Three;
    switch (row.prefix) {
      case x64::Prefix::No:
        break;
      case x64::Prefix::P66:
        fields.vex_pp = 1;
        break;
      case x64::Prefix::PF3:
        fields.vex_pp = 2;
        break;
      case x64::Prefix::PF2:
        fields.vex_pp = 3;
        break;
    }
    return;
  }
  fields.has_rex = fields.w || fields.r || fields.x || fields.b || needs_rex_for_a_byte(intent);
  if (row.prefix == x64::Prefix::No) return;
  fields.prefix_count = 1;
  fields.prefixes[0] = row.prefix == x64::Prefix::P66 ? 0x66 : row.prefix == x64::Prefix::PF2 ? 0xF2 : 0xF3;
}

std::uint8_t map_number(x64::OpcodeMap map) {
  switch (map) {
    case x64::OpcodeMap::One:
      return 0;
    case x64::OpcodeMap::Two:
      return 1;
    case x64::OpcodeMap::Three38:
      return 2;
    case x64::OpcodeMap::Three3A:
      return 3;
  }
  return 0;
}

}  // namespace

Intent relative(const Intent& intent) {
  Intent result = intent;
  for (Operand& operand : result.operands) {
    if (operand.kind == OperandKind::Rel8 || operand.kind == OperandKind::Rel32) {
      operand.immediate -= std::int64_t{intent.offset} + intent.length;
    }
  }
  return result;
}

bool is_encodable(const Intent& intent) {
  if (static_cast<std::size_t>(intent.form) >= x64::kFormCount) return false;
  const FormInfo& row = x64::form_info(intent.form);
  for (std::size_t i = 0; i < intent.operands.size(); ++i) {
    if (intent.operands[i].kind != row.operands[i] || !is_encodable_operand(intent.operands[i])) return false;
  }
  return true;
}

Places places_of(const Intent& intent) {
  // A condition has no place of its own, and CL none at all.
  const std::size_t first_index = intent.operands[0].kind == OperandKind::Condition ? 1 : 0;
  const Operand* const first = &intent.operands[first_index];
  const Operand* const second = &intent.operands[first_index + 1];
  const Operand* const third = &intent.operands[2];
  switch (x64::form_info(intent.form).encoding) {
    case x64::Encoding::MR:
      return {.reg = second, .rm = first};
    case x64::Encoding::RM:
      return {.reg = first, .rm = second};
    case x64::Encoding::M:
      return {.rm = first};
    case x64::Encoding::MI:
      return {.rm = first, .immediate = second};
    case x64::Encoding::RMI:
    case x64::Encoding::VexRMI:
      return {.reg = first, .rm = second, .immediate = third};
    case x64::Encoding::O:
      return {.opcode = first};
    case x64::Encoding::OI:
      return {.opcode = first, .immediate = second};
    case x64::Encoding::I:
    case x64::Encoding::D:
      return {.immediate = first};
    case x64::Encoding::VexRMV:
      return {.reg = first, .rm = second, .vvvv = third};
    case x64::Encoding::VexRVM:
      return {.reg = first, .rm = third, .vvvv = second};
    case x64::Encoding::ZO:
      break;
  }
  return {};
}

Fields intended_fields(const Intent& relative_intent) {
  const FormInfo& row = x64::form_info(relative_intent.form);
  Fields fields;
  fields.map = map_number(row.map);
  fields.opcode = row.opcode;
  fields.w = row.rex_w;
  const Places places = places_of(relative_intent);
  if (relative_intent.operands[0].kind == OperandKind::Condition) {
    fields.opcode = static_cast<std::uint8_t>(fields.opcode + relative_intent.operands[0].reg);
  }
  if (places.reg == nullptr) fields.reg = row.digit;
  set_places(fields, places);
  set_prefixes(fields, row, relative_intent);
  return fields;
}

}  // namespace assay::oracles::encoding
