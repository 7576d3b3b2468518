// Emission of what the CPU ties to registers of its own: shifts by RCX, divisions of RDX:RAX; see emit.h.
//
// Tested by core/jit/test/operators_test.cc.
#include "core/jit/emit_operands.h"

namespace assay::jit {
namespace {

using x64::Imm32;
using x64::Imm8;
using x64::Reg;
using x64::Reg32;
using x64::RegId;

template <class Left, class Right>
void emit_shift(x64::Assembler& assembler, LirOp op, const Left& left, const Right& count) {
  switch (op) {
    case LirOp::Shl:
      assembler.shl(left, count);
      break;
    case LirOp::ShrS:
      assembler.sar(left, count);
      break;
    case LirOp::ShrU:
      assembler.shr(left, count);
      break;
    case LirOp::Rotl:
      assembler.rol(left, count);
      break;
    default:
      assembler.ror(left, count);
      break;
  }
}

}  // namespace

template <int W>
void Emitter::shift(const Lir& one) {
  const bool rotates = one.op == LirOp::Rotl || one.op == LirOp::Rotr;
  if (!one.b.valid()) {
    const auto count = static_cast<std::int8_t>(one.imm & (W - 1));
    const Reg<W> result = result_register<W>(one);
    if (features_.bmi2 && rotates) {
      const Reg<W> a = in_some_register<W>(one.a, kResultScratch);
      const int right = one.op == LirOp::Rotr ? count : (W - count) & (W - 1);
      assembler_.rorx(result, a, Imm8{static_cast<std::int8_t>(right)});
    } else {
      load(result, one.a);
      emit_shift(assembler_, one.op, result, Imm8{count});
      if (count != 0 && !rotates) set_zero_flag(result);  // by 0, and in rotations, that flag stays as it was
    }
    store(one.dst, result);
    return;
  }
  if (features_.bmi2 && !rotates) {
    const Reg<W> a = in_some_register<W>(one.a, kResultScratch);
    const Reg<W> count = in_some_register<W>(one.b, kCountScratch);
    const Reg<W> result = result_register<W>(one);
    switch (one.op) {
      case LirOp::Shl:
        assembler_.shlx(result, a, count);
        break;
      case LirOp::ShrS:
        assembler_.sarx(result, a, count);
        break;
      default:
        assembler_.shrx(result, a, count);
        break;
    }
    store(one.dst, result);
    return;
  }
  // The count is out of harm's way before the result's register is written, which may be the count's.
  load(Reg<W>{kCountScratch}, one.b);
  const Reg<W> result = result_register<W>(one);
  load(result, one.a);
  emit_shift(assembler_, one.op, result, x64::Cl{});
  store(one.dst, result);
}

template <int W>
void Emitter::divide(const Lir& one) {
  const bool is_signed = one.op == LirOp::DivS || one.op == LirOp::RemS;
  const bool quotient = one.op == LirOp::DivS || one.op == LirOp::DivU;
  load(Reg<W>{RegId::Rax}, one.a);
  if (!is_signed) {
    assembler_.mov(Reg32{RegId::Rdx}, Imm32{0});
  } else if constexpr (W == 32) {
    assembler_.cdq();
  } else {
    assembler_.cqo();
  }
  const auto by = [&](const auto& divisor) {
    if (is_signed) {
      assembler_.idiv(divisor);
    } else {
      assembler_.div(divisor);
    }
  };
  // No divisor is ever in RAX or RDX: they are not allocated.
  if (in_register(one.b)) {
    by(Reg<W>{location(one.b).reg});
  } else {
    by(memory<W>(one.b));
  }
  store(one.dst, Reg<W>{quotient ? RegId::Rax : RegId::Rdx});
}

template void Emitter::shift<32>(const Lir&);
template void Emitter::shift<64>(const Lir&);
template void Emitter::divide<32>(const Lir&);
template void Emitter::divide<64>(const Lir&);

}  // namespace assay::jit
