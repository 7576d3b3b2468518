// Emission of sums, products and bitwise operations; see emit.h.
//
// Tested by core/jit/test/operators_test.cc.
#include <bit>
#include <utility>

#include "core/jit/emit_operands.h"

namespace assay::jit {
namespace {

using x64::Imm32;
using x64::Imm8;
using x64::Reg;
using x64::Reg64;

bool is_commutative(LirOp op) { return op != LirOp::Sub; }

// One two-operand instruction, whatever the kinds of its operands.
template <class Left, class Right>
void emit_arithmetic(x64::Assembler& assembler, LirOp op, const Left& left, const Right& right) {
  switch (op) {
    case LirOp::Add:
      assembler.add(left, right);
      break;
    case LirOp::Sub:
      assembler.sub(left, right);
      break;
    case LirOp::And:
      assembler.and_(left, right);
      break;
    case LirOp::Or:
      assembler.or_(left, right);
      break;
    default:
      assembler.xor_(left, right);
      break;
  }
}

template <class Left>
void emit_arithmetic_immediate(x64::Assembler& assembler, LirOp op, const Left& left, std::int64_t imm) {
  if (op == LirOp::Add && imm == 1) {
    assembler.inc(left);
  } else if (op == LirOp::Sub && imm == 1) {
    assembler.dec(left);
  } else if (fits_imm8(imm)) {
    emit_arithmetic(assembler, op, left, Imm8{static_cast<std::int8_t>(imm)});
  } else {
    emit_arithmetic(assembler, op, left, Imm32{static_cast<std::int32_t>(imm)});
  }
}

// A product as one sum in an address, and another or a shift. There is one multiplier and there are many adders, so
// two such instructions are better than one multiplication where a closed form has dozens of these.
struct Scaling {
  std::uint8_t first = 0;   // 3, 5, or 9; 0 where there is no such way
  std::uint8_t second = 0;  // the same, or 0
  std::uint8_t shift = 0;
};

Scaling scaling_of(std::int64_t factor) {
  for (const std::uint8_t first : {std::uint8_t{9}, std::uint8_t{5}, std::uint8_t{3}}) {
    if (factor <= 0 || factor % first != 0) continue;
    const auto rest = static_cast<std::uint64_t>(factor / first);
    if (std::has_single_bit(rest)) return {first, 0, static_cast<std::uint8_t>(std::countr_zero(rest))};
    if (rest == 3 || rest == 5 || rest == 9) return {first, static_cast<std::uint8_t>(rest), 0};
  }
  return {};
}

}  // namespace

template <int W>
void Emitter::arithmetic(const Lir& one) {
  VReg a = one.a;
  VReg b = one.b;
  // x = x op y where x lives in memory: one instruction.
  if (!in_register(one.dst) && location(one.dst) == location(a)) {
    if (!b.valid()) {
      emit_arithmetic_immediate(assembler_, one.op, memory<W>(one.dst), one.imm);
      return;
    }
    if (in_register(b)) {
      emit_arithmetic(assembler_, one.op, memory<W>(one.dst), Reg<W>{location(b).reg});
      return;
    }
  }
  if (b.valid() && is_commutative(one.op) && in_register(one.dst) && same_register(b, location(one.dst).reg))
    std::swap(a, b);
  if (arithmetic_by_lea<W>(one)) return;
  // x = y - x, without a third register.
  if (one.op == LirOp::Sub && b.valid() && in_register(one.dst) && location(one.dst) == location(b) &&
      location(a) != location(b)) {
    const Reg<W> result{location(one.dst).reg};
    assembler_.neg(result);
    if (in_register(a)) {
      assembler_.add(result, Reg<W>{location(a).reg});
    } else {
      assembler_.add(result, memory<W>(a));
    }
    set_zero_flag(result);
    return;
  }
  const VReg conflict = b.valid() && location(a) != location(b) ? b : VReg::none();
  const Reg<W> result = result_register<W>(one, conflict);
  load(result, a);
  if (!b.valid()) {
    emit_arithmetic_immediate(assembler_, one.op, result, one.imm);
  } else if (in_register(b)) {
    emit_arithmetic(assembler_, one.op, result, Reg<W>{location(b).reg});
  } else {
    emit_arithmetic(assembler_, one.op, result, memory<W>(b));
  }
  set_zero_flag(result);
  store(one.dst, result);
}

// Sums into a third register in one instruction. Addresses wrap at the operand size, as the sum must.
template <int W>
bool Emitter::arithmetic_by_lea(const Lir& one) {
  const bool is_sum = one.op == LirOp::Add ||
                      (one.op == LirOp::Sub && !one.b.valid() && one.imm > std::numeric_limits<std::int32_t>::min());
  if (!is_sum || !in_register(one.dst) || !in_register(one.a)) return false;
  const Reg<W> dst{location(one.dst).reg};
  const Reg64 a{location(one.a).reg};
  if (dst.id == a.id) return false;
  if (!one.b.valid()) {
    const auto displacement = static_cast<std::int32_t>(one.op == LirOp::Add ? one.imm : -one.imm);
    assembler_.lea(dst, x64::Mem64{x64::at(a, displacement)});
    return true;
  }
  if (!in_register(one.b) || location(one.b).reg == dst.id) return false;
  assembler_.lea(dst, x64::Mem64{x64::at(a, Reg64{location(one.b).reg}, 1)});
  return true;
}

template <int W>
void Emitter::multiply(const Lir& one) {
  if (!one.b.valid()) {
    const Reg<W> result = result_register<W>(one);
    const Scaling scaling = in_register(one.a) ? scaling_of(one.imm) : Scaling{};
    if (scaling.first != 0) {
      const auto scale = [&](Reg64 from, std::uint8_t by) {
        assembler_.lea(result, x64::Mem64{x64::at(from, from, static_cast<std::uint8_t>(by - 1))});
      };
      scale(Reg64{location(one.a).reg}, scaling.first);
      if (scaling.second != 0) scale(Reg64{result.id}, scaling.second);
      if (scaling.shift != 0) assembler_.shl(result, Imm8{static_cast<std::int8_t>(scaling.shift)});
    } else {
      const auto times = [&](const auto& a) {
        if (fits_imm8(one.imm)) {
          assembler_.imul(result, a, Imm8{static_cast<std::int8_t>(one.imm)});
        } else {
          assembler_.imul(result, a, Imm32{static_cast<std::int32_t>(one.imm)});
        }
      };
      if (in_register(one.a)) {
        times(Reg<W>{location(one.a).reg});
      } else {
        times(memory<W>(one.a));
      }
    }
    store(one.dst, result);
    return;
  }
  VReg a = one.a;
  VReg b = one.b;
  if (in_register(one.dst) && same_register(b, location(one.dst).reg)) std::swap(a, b);
  const Reg<W> result = result_register<W>(one, location(a) != location(b) ? b : VReg::none());
  load(result, a);
  if (in_register(b)) {
    assembler_.imul(result, Reg<W>{location(b).reg});
  } else {
    assembler_.imul(result, memory<W>(b));
  }
  store(one.dst, result);
}

template <int W>
void Emitter::and_not(const Lir& one) {
  if (features_.bmi1) {
    const Reg<W> a = in_some_register<W>(one.a, kResultScratch);
    const Reg<W> b = in_some_register<W>(one.b, kCountScratch);
    const Reg<W> result = result_register<W>(one);
    assembler_.andn(result, b, a);
    store(one.dst, result);
    return;
  }
  const Reg<W> inverted{kCountScratch};
  load(inverted, one.b);
  assembler_.not_(inverted);
  const Reg<W> result = result_register<W>(one);
  load(result, one.a);
  assembler_.and_(result, inverted);
  store(one.dst, result);
}

template <int W>
void Emitter::add_scaled(const Lir& one) {
  const Reg64 a{in_some_register<W>(one.a, kResultScratch).id};
  const Reg64 b{in_some_register<W>(one.b, kCountScratch).id};
  const Reg<W> result = result_register<W>(one);
  assembler_.lea(result, x64::Mem64{x64::at(a, b, static_cast<std::uint8_t>(one.imm))});
  store(one.dst, result);
}

template void Emitter::arithmetic<32>(const Lir&);
template void Emitter::arithmetic<64>(const Lir&);
template void Emitter::multiply<32>(const Lir&);
template void Emitter::multiply<64>(const Lir&);
template void Emitter::and_not<32>(const Lir&);
template void Emitter::and_not<64>(const Lir&);
template void Emitter::add_scaled<32>(const Lir&);
template void Emitter::add_scaled<64>(const Lir&);

}  // namespace assay::jit
