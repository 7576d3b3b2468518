// Operands of instructions: memory addresses and immediates by width, and the untyped record of any operand.
//
// Tested by core/x64/test/operand_test.cc.
#pragma once

#include <cstdint>

#include "core/x64/registers.h"

namespace assay::x64 {

// base + index * scale + displacement, every part optional. RSP cannot be an index (Intel SDM 2, table 2-3).
struct Address {
  RegId base = RegId::Rax;
  RegId index = RegId::Rax;
  std::uint8_t scale = 1;  // 1, 2, 4 or 8
  bool has_base = false;
  bool has_index = false;
  std::int32_t displacement = 0;

  friend bool operator==(const Address&, const Address&) = default;
};

[[nodiscard]] constexpr Address at(Reg64 base, std::int32_t displacement = 0) {
  return {base.id, RegId::Rax, 1, true, false, displacement};
}
[[nodiscard]] constexpr Address at(Reg64 base, Reg64 index, std::uint8_t scale, std::int32_t displacement = 0) {
  return {base.id, index.id, scale, true, true, displacement};
}
[[nodiscard]] constexpr Address at_index(Reg64 index, std::uint8_t scale, std::int32_t displacement) {
  return {RegId::Rax, index.id, scale, false, true, displacement};
}
[[nodiscard]] constexpr Address at_absolute(std::int32_t displacement) {
  return {RegId::Rax, RegId::Rax, 1, false, false, displacement};
}

template <int Bits>
struct Mem {
  Address address;
};

using Mem8 = Mem<8>;
using Mem16 = Mem<16>;
using Mem32 = Mem<32>;
using Mem64 = Mem<64>;

struct Imm8 {
  std::int8_t value;
};
struct Imm32 {
  std::int32_t value;
};
struct Imm64 {
  std::int64_t value;
};

enum class OperandKind : std::uint8_t {
  None,
  R8,
  R16,
  R32,
  R64,
  M8,
  M16,
  M32,
  M64,
  I8,
  I32,
  I64,
  Cl,         // the implicit count register
  Condition,  // part of the opcode, and the first operand of setcc, cmovcc and jcc
  Rel8,       // a branch target; the displacement is one byte
  Rel32,
};

// Any operand as recorded for the oracles; which fields count is decided by `kind`.
struct Operand {
  OperandKind kind = OperandKind::None;
  std::uint8_t reg = 0;  // register or condition number
  Address address;
  std::int64_t immediate = 0;  // sign-extended; of a branch, the byte offset of its target in the code

  friend bool operator==(const Operand&, const Operand&) = default;
};

// Stands where an instruction has fewer than three operands.
inline constexpr Operand kNoOperand{};

[[nodiscard]] constexpr bool is_register(OperandKind kind) {
  return kind >= OperandKind::R8 && kind <= OperandKind::R64;
}
[[nodiscard]] constexpr bool is_memory(OperandKind kind) { return kind >= OperandKind::M8 && kind <= OperandKind::M64; }
[[nodiscard]] constexpr bool is_immediate(OperandKind kind) {
  return kind >= OperandKind::I8 && kind <= OperandKind::I64;
}
// Of a register, memory or immediate operand.
[[nodiscard]] int operand_bits(OperandKind kind);

}  // namespace assay::x64
