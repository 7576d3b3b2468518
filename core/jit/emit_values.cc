// Emission of values; see emit.h. Tested by core/jit/test/operators_test.cc.
#include "core/jit/emit_operands.h"

namespace assay::jit {
namespace {

using x64::Cond;
using x64::Imm32;
using x64::Imm8;
using x64::Reg;
using x64::Reg32;
using x64::Reg64;
using x64::Reg8;
using x64::RegId;

}  // namespace

template <int W>
void Emitter::value(const Lir& one) {
  switch (one.op) {
    case LirOp::Constant:
      constant<W>(one);
      break;
    case LirOp::Move:
      move<W>(one);
      break;
    case LirOp::Mul:
      multiply<W>(one);
      break;
    case LirOp::AndNot:
      and_not<W>(one);
      break;
    case LirOp::AddScaled:
      add_scaled<W>(one);
      break;
    case LirOp::Shl:
    case LirOp::ShrS:
    case LirOp::ShrU:
    case LirOp::Rotl:
    case LirOp::Rotr:
      shift<W>(one);
      break;
    case LirOp::DivS:
    case LirOp::DivU:
    case LirOp::RemS:
    case LirOp::RemU:
      divide<W>(one);
      break;
    case LirOp::Neg:
    case LirOp::Not:
      negate_or_complement<W>(one);
      break;
    case LirOp::Abs:
      absolute<W>(one);
      break;
    case LirOp::Clz:
    case LirOp::Ctz:
      count_zeros<W>(one);
      break;
    case LirOp::Popcnt:
      count_ones<W>(one);
      break;
    case LirOp::SignExtend8:
    case LirOp::SignExtend16:
    case LirOp::SignExtend32:
      sign_extend<W>(one);
      break;
    case LirOp::SetCondition:
      set_condition<W>(one);
      break;
    case LirOp::Select:
      select<W>(one);
      break;
    case LirOp::SelectIf:
      select_if<W>(one);
      break;
    default:
      arithmetic<W>(one);
      break;
  }
}

template <int W>
void Emitter::constant(const Lir& one) {
  if (location(one.dst).place == Place::Nowhere) return;
  if (in_register(one.dst)) {
    set_constant(Reg<W>{location(one.dst).reg}, static_cast<std::uint64_t>(one.imm));
  } else if (W == 32 || fits_imm32(one.imm)) {
    assembler_.mov(memory<W>(one.dst), Imm32{static_cast<std::int32_t>(one.imm)});
  } else {
    set_constant(Reg<W>{kResultScratch}, static_cast<std::uint64_t>(one.imm));
    store(one.dst, Reg<W>{kResultScratch});
  }
}

// A conversion reads and writes different widths: at 32 the high half of a 64-bit destination becomes zero.
template <int W>
void Emitter::move(const Lir& one) {
  const bool widens = W == 32 && lir_->vregs[one.dst.value].width == 64;
  if (in_register(one.dst)) {
    const Reg<W> dst{location(one.dst).reg};
    // Also from a register to itself: that is what clears its high half.
    if (in_register(one.a) && (widens || location(one.a).reg != dst.id)) {
      assembler_.mov(dst, Reg<W>{location(one.a).reg});
    } else if (!in_register(one.a)) {
      load(dst, one.a);
    }
    return;
  }
  if (widens) {
    load(Reg<W>{kResultScratch}, one.a);
    // From a register that is its own home the load is no instruction, but RAX is no one's home.
    store(one.dst, Reg64{kResultScratch});
    return;
  }
  store(one.dst, in_some_register<W>(one.a, kResultScratch));
}

template <int W>
void Emitter::negate_or_complement(const Lir& one) {
  const auto apply = [&](const auto& operand) {
    if (one.op == LirOp::Neg) {
      assembler_.neg(operand);
    } else {
      assembler_.not_(operand);
    }
  };
  if (!in_register(one.dst) && location(one.dst) == location(one.a)) {
    apply(memory<W>(one.dst));
    return;
  }
  const Reg<W> result = result_register<W>(one);
  load(result, one.a);
  apply(result);
  store(one.dst, result);
}

template <int W>
void Emitter::sign_extend(const Lir& one) {
  const Reg<W> result = result_register<W>(one);
  const auto extend = [&](const auto& narrow_register, const auto& narrow_memory) {
    if (in_register(one.a)) {
      assembler_.movsx(result, narrow_register);
    } else {
      assembler_.movsx(result, narrow_memory);
    }
  };
  const RegId a = in_register(one.a) ? location(one.a).reg : kResultScratch;
  if (one.op == LirOp::SignExtend8) {
    extend(Reg8{a}, memory<8>(one.a));
  } else if (one.op == LirOp::SignExtend16) {
    extend(x64::Reg16{a}, memory<16>(one.a));
  } else if constexpr (W == 64) {
    if (in_register(one.a)) {
      assembler_.movsxd(result, Reg32{a});
    } else {
      assembler_.movsxd(result, memory<32>(one.a));
    }
  }
  store(one.dst, result);
}

template <int W>
void Emitter::set_condition(const Lir& one) {
  compare<W>(one);
  const Reg32 result = result_register<32>(one);
  assembler_.setcc(one.cond, Reg8{result.id});
  assembler_.movzx(result, Reg8{result.id});
  store(one.dst, result);
}

template <int W>
void Emitter::select(const Lir& one) {
  const auto test = [&](const auto& condition_register, const auto& condition_memory) {
    if (in_register(one.c) && zero_flag_is_of(condition_register)) return;
    if (in_register(one.c)) {
      assembler_.test(condition_register, condition_register);
    } else {
      assembler_.cmp(condition_memory, Imm8{0});
    }
  };
  const RegId condition = in_register(one.c) ? location(one.c).reg : kResultScratch;
  if (one.condition_width == 32) {
    test(Reg32{condition}, memory<32>(one.c));
  } else {
    test(Reg64{condition}, memory<64>(one.c));
  }
  choose<W>(one, Cond::Ne, one.a, one.b);
}

template <int W>
void Emitter::select_if(const Lir& one) {
  if (one.condition_width == 32) {
    compare<32>(one);
  } else {
    compare<64>(one);
  }
  choose<W>(one, one.cond, one.c, one.d);
}

// One of the values is moved to the result and the other over it, on a condition; moves leave the flags alone. The
// result may have the register of one of the values, which then is there already.
template <int W>
void Emitter::choose(const Lir& one, Cond cond, VReg if_true, VReg if_false) {
  const Reg<W> result = result_register<W>(one);
  const auto move_if = [&](Cond when, VReg from) {
    if (in_register(from)) {
      assembler_.cmovcc(when, result, Reg<W>{location(from).reg});
    } else {
      assembler_.cmovcc(when, result, memory<W>(from));
    }
  };
  if (!if_false.valid()) {
    const bool kept = same_register(if_true, result.id);
    const Reg<W> other = kept ? Reg<W>{kResultScratch} : result;
    set_constant(other, static_cast<std::uint64_t>(one.imm));
    if (kept) {
      assembler_.cmovcc(x64::invert(cond), result, other);
    } else {
      move_if(cond, if_true);
    }
  } else if (same_register(if_true, result.id)) {
    move_if(x64::invert(cond), if_false);
  } else {
    load(result, if_false);
    move_if(cond, if_true);
  }
  store(one.dst, result);
}

template void Emitter::value<32>(const Lir&);
template void Emitter::value<64>(const Lir&);

}  // namespace assay::jit
