// Instruction: one decoded x86-64 instruction, as the model executes it.
//
// It has only what the model gives a meaning to; the rest is `Operation::Other`, which ends a run as unknown. The types
// are not those of core/x64: the instruction table there is part of what is proved.
//
// Tested by smt/x86/test/decode_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace assay::smt::x86 {

enum class Operation : std::uint8_t {
  Other,  // not modelled
  Mov,
  Movzx,
  Movsx,
  Lea,
  Add,
  Sub,
  Cmp,
  Inc,
  Dec,
  Neg,
  And,
  Or,
  Xor,
  Test,
  Not,
  Andn,
  Imul,
  Div,
  Idiv,
  Cdq,  // the sign of EAX, or RAX (cqo), into EDX, or RDX
  Shl,
  Shr,
  Sar,
  Rol,
  Ror,
  Shlx,
  Shrx,
  Sarx,
  Rorx,
  Popcnt,
  Lzcnt,
  Tzcnt,
  Bsf,
  Bsr,
  Set,
  Cmov,
  Jump,
  JumpIf,
  Push,
  Pop,
  Return,
};

enum class OperandKind : std::uint8_t { None, Register, Memory, Immediate };

inline constexpr std::uint8_t kNoRegister = 0xFF;

// Registers by number: RAX RCX RDX RBX RSP RBP RSI RDI R8 ... R15. AH, BH, CH and DH are not modelled.
struct Operand {
  OperandKind kind = OperandKind::None;
  std::uint8_t bits = 0;
  std::uint8_t reg = kNoRegister;  // of a register
  std::uint8_t base = kNoRegister;
  std::uint8_t index = kNoRegister;
  std::uint8_t scale = 1;
  std::int64_t value = 0;  // the displacement; of an immediate its bits, sign-extended
};

struct Instruction {
  Operation operation = Operation::Other;
  std::uint8_t condition = 0;  // of set, cmov and a conditional jump: the low four bits of the opcode
  std::uint8_t length = 0;
  std::array<Operand, 3> operands;
  std::int64_t offset = 0;  // of its first byte in the code
  std::int64_t target = 0;  // of a jump: an offset in the code
  std::string text;         // for messages
};

}  // namespace assay::smt::x86
