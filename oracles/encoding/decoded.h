// Decoded: what a decoder says that bytes mean, in the terms of the instruction table and of no decoder.
//
// Both decoders give their answer in this form, so that one comparison (agreement.h) judges both and a decoder cannot
// be compared more leniently than the other.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/x64/operand.h"

namespace assay::oracles::encoding {

// Register numbers beyond the sixteen of x64::RegId, which no intent asks for.
inline constexpr std::uint8_t kHighByteBit = 0x10;         // AH, CH, DH, BH are 0x14..0x17
inline constexpr std::uint8_t kInstructionPointer = 0x20;  // as a base
inline constexpr std::uint8_t kOtherRegister = 0x21;       // segment, vector, 32-bit base, ...

enum class DecodeStatus : std::uint8_t {
  Decoded,
  Foreign,    // a valid instruction, but none of the instruction table
  Malformed,  // no instruction, or one that is longer than the bytes
};

struct Decoded {
  DecodeStatus status = DecodeStatus::Malformed;
  std::uint8_t length = 0;  // bytes; 0 when malformed
  // A lock, repeat or segment prefix that changes the meaning, or an address that is not 64 bits wide.
  bool altered = false;
  std::string_view mnemonic;  // as in FormInfo::mnemonic, without the condition; empty unless decoded
  // In the order of FormInfo::operands, explicit ones and Condition and Cl. Kinds are as the decoder sees them: R and M
  // by width, I by encoded size. Immediates are sign-extended from their encoded size; a branch has its displacement,
  // counted from the end of the instruction.
  std::array<x64::Operand, 3> operands;
};

// The kind of a register, memory or immediate operand by its width in bits; None for a width no form has.
[[nodiscard]] constexpr x64::OperandKind register_kind(int bits) {
  switch (bits) {
    case 8:
      return x64::OperandKind::R8;
    case 16:
      return x64::OperandKind::R16;
    case 32:
      return x64::OperandKind::R32;
    case 64:
      return x64::OperandKind::R64;
    default:
      return x64::OperandKind::None;
  }
}
[[nodiscard]] constexpr x64::OperandKind memory_kind(int bits) {
  switch (bits) {
    case 8:
      return x64::OperandKind::M8;
    case 16:
      return x64::OperandKind::M16;
    case 32:
      return x64::OperandKind::M32;
    case 64:
      return x64::OperandKind::M64;
    default:
      return x64::OperandKind::None;
  }
}
[[nodiscard]] constexpr x64::OperandKind immediate_kind(int bits) {
  switch (bits) {
    case 8:
      return x64::OperandKind::I8;
    case 32:
      return x64::OperandKind::I32;
    case 64:
      return x64::OperandKind::I64;
    default:
      return x64::OperandKind::None;
  }
}

}  // namespace assay::oracles::encoding
