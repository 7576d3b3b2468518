// From Zydis' names to the model's; see decode.h. Tested by smt/x86/test/decode_test.cc.
#include "smt/x86/decode.h"

#include <Zydis/Zydis.h>

#include <optional>
#include <utility>

namespace assay::smt::x86 {
namespace {

// Condition codes as in the Intel SDM, volume 2, appendix B.1.4.7.
enum Condition : std::uint8_t { O, No, B, Nb, Z, Nz, Be, Nbe, S, Ns, P, Np, L, Nl, Le, Nle };

struct Name {
  ZydisMnemonic mnemonic;
  Operation operation;
  std::uint8_t condition = 0;
};

constexpr Name kNames[] = {
    {ZYDIS_MNEMONIC_MOV, Operation::Mov},
    {ZYDIS_MNEMONIC_MOVZX, Operation::Movzx},
    {ZYDIS_MNEMONIC_MOVSX, Operation::Movsx},
    {ZYDIS_MNEMONIC_MOVSXD, Operation::Movsx},
    {ZYDIS_MNEMONIC_LEA, Operation::Lea},
    {ZYDIS_MNEMONIC_ADD, Operation::Add},
    {ZYDIS_MNEMONIC_SUB, Operation::Sub},
    {ZYDIS_MNEMONIC_CMP, Operation::Cmp},
    {ZYDIS_MNEMONIC_INC, Operation::Inc},
    {ZYDIS_MNEMONIC_DEC, Operation::Dec},
    {ZYDIS_MNEMONIC_NEG, Operation::Neg},
    {ZYDIS_MNEMONIC_AND, Operation::And},
    {ZYDIS_MNEMONIC_OR, Operation::Or},
    {ZYDIS_MNEMONIC_XOR, Operation::Xor},
    {ZYDIS_MNEMONIC_TEST, Operation::Test},
    {ZYDIS_MNEMONIC_NOT, Operation::Not},
    {ZYDIS_MNEMONIC_ANDN, Operation::Andn},
    {ZYDIS_MNEMONIC_IMUL, Operation::Imul},
    {ZYDIS_MNEMONIC_DIV, Operation::Div},
    {ZYDIS_MNEMONIC_IDIV, Operation::Idiv},
    {ZYDIS_MNEMONIC_CDQ, Operation::Cdq},
    {ZYDIS_MNEMONIC_CQO, Operation::Cdq},
    {ZYDIS_MNEMONIC_SHL, Operation::Shl},
    {ZYDIS_MNEMONIC_SHR, Operation::Shr},
    {ZYDIS_MNEMONIC_SAR, Operation::Sar},
    {ZYDIS_MNEMONIC_ROL, Operation::Rol},
    {ZYDIS_MNEMONIC_ROR, Operation::Ror},
    {ZYDIS_MNEMONIC_SHLX, Operation::Shlx},
    {ZYDIS_MNEMONIC_SHRX, Operation::Shrx},
    {ZYDIS_MNEMONIC_SARX, Operation::Sarx},
    {ZYDIS_MNEMONIC_RORX, Operation::Rorx},
    {ZYDIS_MNEMONIC_POPCNT, Operation::Popcnt},
    {ZYDIS_MNEMONIC_LZCNT, Operation::Lzcnt},
    {ZYDIS_MNEMONIC_TZCNT, Operation::Tzcnt},
    {ZYDIS_MNEMONIC_BSF, Operation::Bsf},
    {ZYDIS_MNEMONIC_BSR, Operation::Bsr},
    {ZYDIS_MNEMONIC_SETO, Operation::Set, O},
    {ZYDIS_MNEMONIC_SETNO, Operation::Set, No},
    {ZYDIS_MNEMONIC_SETB, Operation::Set, B},
    {ZYDIS_MNEMONIC_SETNB, Operation::Set, Nb},
    {ZYDIS_MNEMONIC_SETZ, Operation::Set, Z},
    {ZYDIS_MNEMONIC_SETNZ, Operation::Set, Nz},
    {ZYDIS_MNEMONIC_SETBE, Operation::Set, Be},
    {ZYDIS_MNEMONIC_SETNBE, Operation::Set, Nbe},
    {ZYDIS_MNEMONIC_SETS, Operation::Set, S},
    {ZYDIS_MNEMONIC_SETNS, Operation::Set, Ns},
    {ZYDIS_MNEMONIC_SETP, Operation::Set, P},
    {ZYDIS_MNEMONIC_SETNP, Operation::Set, Np},
    {ZYDIS_MNEMONIC_SETL, Operation::Set, L},
    {ZYDIS_MNEMONIC_SETNL, Operation::Set, Nl},
    {ZYDIS_MNEMONIC_SETLE, Operation::Set, Le},
    {ZYDIS_MNEMONIC_SETNLE, Operation::Set, Nle},
    {ZYDIS_MNEMONIC_CMOVO, Operation::Cmov, O},
    {ZYDIS_MNEMONIC_CMOVNO, Operation::Cmov, No},
    {ZYDIS_MNEMONIC_CMOVB, Operation::Cmov, B},
    {ZYDIS_MNEMONIC_CMOVNB, Operation::Cmov, Nb},
    {ZYDIS_MNEMONIC_CMOVZ, Operation::Cmov, Z},
    {ZYDIS_MNEMONIC_CMOVNZ, Operation::Cmov, Nz},
    {ZYDIS_MNEMONIC_CMOVBE, Operation::Cmov, Be},
    {ZYDIS_MNEMONIC_CMOVNBE, Operation::Cmov, Nbe},
    {ZYDIS_MNEMONIC_CMOVS, Operation::Cmov, S},
    {ZYDIS_MNEMONIC_CMOVNS, Operation::Cmov, Ns},
    {ZYDIS_MNEMONIC_CMOVP, Operation::Cmov, P},
    {ZYDIS_MNEMONIC_CMOVNP, Operation::Cmov, Np},
    {ZYDIS_MNEMONIC_CMOVL, Operation::Cmov, L},
    {ZYDIS_MNEMONIC_CMOVNL, Operation::Cmov, Nl},
    {ZYDIS_MNEMONIC_CMOVLE, Operation::Cmov, Le},
    {ZYDIS_MNEMONIC_CMOVNLE, Operation::Cmov, Nle},
    {ZYDIS_MNEMONIC_JMP, Operation::Jump},
    {ZYDIS_MNEMONIC_JO, Operation::JumpIf, O},
    {ZYDIS_MNEMONIC_JNO, Operation::JumpIf, No},
    {ZYDIS_MNEMONIC_JB, Operation::JumpIf, B},
    {ZYDIS_MNEMONIC_JNB, Operation::JumpIf, Nb},
    {ZYDIS_MNEMONIC_JZ, Operation::JumpIf, Z},
    {ZYDIS_MNEMONIC_JNZ, Operation::JumpIf, Nz},
    {ZYDIS_MNEMONIC_JBE, Operation::JumpIf, Be},
    {ZYDIS_MNEMONIC_JNBE, Operation::JumpIf, Nbe},
    {ZYDIS_MNEMONIC_JS, Operation::JumpIf, S},
    {ZYDIS_MNEMONIC_JNS, Operation::JumpIf, Ns},
    {ZYDIS_MNEMONIC_JP, Operation::JumpIf, P},
    {ZYDIS_MNEMONIC_JNP, Operation::JumpIf, Np},
    {ZYDIS_MNEMONIC_JL, Operation::JumpIf, L},
    {ZYDIS_MNEMONIC_JNL, Operation::JumpIf, Nl},
    {ZYDIS_MNEMONIC_JLE, Operation::JumpIf, Le},
    {ZYDIS_MNEMONIC_JNLE, Operation::JumpIf, Nle},
    {ZYDIS_MNEMONIC_PUSH, Operation::Push},
    {ZYDIS_MNEMONIC_POP, Operation::Pop},
    {ZYDIS_MNEMONIC_RET, Operation::Return},
};

std::optional<std::uint8_t> register_number(ZydisRegister reg) {
  if (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH) return std::nullopt;
  // Zydis numbers SPL to DIL behind AH to BH.
  if (reg >= ZYDIS_REGISTER_SPL && reg <= ZYDIS_REGISTER_R15B) {
    return static_cast<std::uint8_t>(4 + (reg - ZYDIS_REGISTER_SPL));
  }
  switch (ZydisRegisterGetClass(reg)) {
    case ZYDIS_REGCLASS_GPR8:
    case ZYDIS_REGCLASS_GPR16:
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64:
      return static_cast<std::uint8_t>(ZydisRegisterGetId(reg));
    default:
      return std::nullopt;
  }
}

// A register of an address; only 64-bit ones are modelled.
bool read_address_register(ZydisRegister reg, std::uint8_t& number) {
  if (reg == ZYDIS_REGISTER_NONE) return true;
  if (ZydisRegisterGetClass(reg) != ZYDIS_REGCLASS_GPR64) return false;
  const auto found = register_number(reg);
  number = found.value_or(kNoRegister);
  return found.has_value();
}

bool read_operand(const ZydisDecodedOperand& in, Operand& out) {
  out.bits = static_cast<std::uint8_t>(in.size);
  switch (in.type) {
    case ZYDIS_OPERAND_TYPE_REGISTER: {
      const auto number = register_number(in.reg.value);
      out.kind = OperandKind::Register;
      out.reg = number.value_or(kNoRegister);
      return number.has_value();
    }
    case ZYDIS_OPERAND_TYPE_MEMORY:
      out.kind = OperandKind::Memory;
      out.scale = in.mem.scale == 0 ? 1 : in.mem.scale;
      out.value = in.mem.disp.value;
      if (in.mem.segment == ZYDIS_REGISTER_FS || in.mem.segment == ZYDIS_REGISTER_GS) return false;
      return read_address_register(in.mem.base, out.base) && read_address_register(in.mem.index, out.index);
    case ZYDIS_OPERAND_TYPE_IMMEDIATE:
      out.kind = OperandKind::Immediate;
      out.value = in.imm.value.s;
      return true;
    default:
      return false;
  }
}

}  // namespace

Instruction decode(std::span<const std::uint8_t> code, std::size_t offset) {
  Instruction result;
  result.offset = static_cast<std::int64_t>(offset);
  result.text = "bytes that are no instruction";
  if (offset >= code.size()) return result;
  ZydisDecoder decoder;
  if (!ZYAN_SUCCESS(ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64))) return result;
  ZydisDecodedInstruction one;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data() + offset, code.size() - offset, &one, operands)))
    return result;
  result.length = one.length;
  const char* const mnemonic = ZydisMnemonicGetString(one.mnemonic);
  result.text = mnemonic == nullptr ? "an unnamed instruction" : mnemonic;
  if ((one.attributes & (ZYDIS_ATTRIB_HAS_LOCK | ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPNE)) != 0) return result;
  if (one.address_width != 64 || one.operand_count_visible > result.operands.size()) return result;
  for (const Name& name : kNames) {
    if (name.mnemonic != one.mnemonic) continue;
    for (std::size_t i = 0; i < one.operand_count_visible; ++i) {
      if (!read_operand(operands[i], result.operands[i])) return result;
    }
    result.condition = name.condition;
    if (name.operation == Operation::Jump || name.operation == Operation::JumpIf) {
      if (result.operands[0].kind != OperandKind::Immediate) return result;
      result.target = result.offset + one.length + result.operands[0].value;
    }
    // The widths of what has no operands.
    result.operands[0].bits = one.mnemonic == ZYDIS_MNEMONIC_CDQ || one.mnemonic == ZYDIS_MNEMONIC_CQO
                                  ? static_cast<std::uint8_t>(one.mnemonic == ZYDIS_MNEMONIC_CDQ ? 32 : 64)
                                  : result.operands[0].bits;
    // `ret 8` would change what the caller's stack pointer is.
    const bool is_far = one.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR;
    if (name.operation == Operation::Return && (is_far || one.operand_count_visible != 0)) return result;
    result.operation = name.operation;
    return result;
  }
  return result;
}

}  // namespace assay::smt::x86
