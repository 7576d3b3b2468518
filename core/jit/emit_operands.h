// Templates that the emission files share: operands in registers, memory and immediates.
//
// Tested by core/jit/test/operators_test.cc.
#pragma once

#include <limits>

#include "core/jit/emit.h"

namespace assay::jit {

inline constexpr x64::RegId kResultScratch = x64::RegId::Rax;
inline constexpr x64::RegId kCountScratch = x64::RegId::Rcx;
inline constexpr x64::RegId kHighScratch = x64::RegId::Rdx;

[[nodiscard]] constexpr bool fits_imm8(std::int64_t value) {
  return value >= std::numeric_limits<std::int8_t>::min() && value <= std::numeric_limits<std::int8_t>::max();
}
[[nodiscard]] constexpr bool fits_imm32(std::int64_t value) {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

template <int W>
x64::Mem<W> Emitter::memory(VReg reg) const {
  const Location& place = location(reg);
  if (place.place == Place::Frame) {
    return {x64::at(x64::Reg64{registers_->frame_base}, static_cast<std::int32_t>(8 * place.index))};
  }
  return {x64::at(x64::Reg64{x64::RegId::Rsp}, static_cast<std::int32_t>(8 * place.index))};
}

template <int W>
void Emitter::load(x64::Reg<W> to, VReg from) {
  if (!in_register(from)) {
    assembler_.mov(to, memory<W>(from));
  } else if (location(from).reg != to.id) {
    assembler_.mov(to, x64::Reg<W>{location(from).reg});
  }
}

template <int W>
void Emitter::store(VReg to, x64::Reg<W> from) {
  if (location(to).place == Place::Nowhere) return;
  if (!in_register(to)) {
    assembler_.mov(memory<W>(to), from);
  } else if (location(to).reg != from.id) {
    assembler_.mov(x64::Reg<W>{location(to).reg}, from);
  }
}

template <int W>
x64::Reg<W> Emitter::in_some_register(VReg reg, x64::RegId scratch) {
  if (in_register(reg)) return {location(reg).reg};
  load(x64::Reg<W>{scratch}, reg);
  return {scratch};
}

template <int W>
x64::Reg<W> Emitter::result_register(const Lir& one, VReg conflict) const {
  if (!in_register(one.dst)) return {kResultScratch};
  const x64::RegId own = location(one.dst).reg;
  return {same_register(conflict, own) ? kResultScratch : own};
}

// Never by xor, which would change the flags that a following instruction may be waiting for.
template <int W>
void Emitter::set_constant(x64::Reg<W> to, std::uint64_t bits) {
  if constexpr (W == 32) {
    assembler_.mov(to, x64::Imm32{static_cast<std::int32_t>(bits)});
  } else {
    const auto value = static_cast<std::int64_t>(bits);
    if (bits <= std::numeric_limits<std::uint32_t>::max()) {
      assembler_.mov(x64::Reg32{to.id}, x64::Imm32{static_cast<std::int32_t>(bits)});
    } else if (fits_imm32(value)) {
      assembler_.mov(to, x64::Imm32{static_cast<std::int32_t>(value)});
    } else {
      assembler_.mov(to, x64::Imm64{value});
    }
  }
}

template <int W>
void Emitter::compare(const Lir& one) {
  if (!one.b.valid()) {
    const auto with_immediate = [&](const auto& left) {
      if (fits_imm8(one.imm)) {
        assembler_.cmp(left, x64::Imm8{static_cast<std::int8_t>(one.imm)});
      } else {
        assembler_.cmp(left, x64::Imm32{static_cast<std::int32_t>(one.imm)});
      }
    };
    if (in_register(one.a)) {
      const x64::Reg<W> a{location(one.a).reg};
      const bool asks_for_zero = one.imm == 0 && (one.cond == x64::Cond::E || one.cond == x64::Cond::Ne);
      if (asks_for_zero && zero_flag_is_of(a)) return;
      if (one.imm == 0) {
        assembler_.test(a, a);
      } else {
        with_immediate(a);
      }
    } else {
      with_immediate(memory<W>(one.a));
    }
  } else if (!in_register(one.a) && in_register(one.b)) {
    assembler_.cmp(memory<W>(one.a), x64::Reg<W>{location(one.b).reg});
  } else {
    const x64::Reg<W> a = in_some_register<W>(one.a, kResultScratch);
    if (in_register(one.b)) {
      assembler_.cmp(a, x64::Reg<W>{location(one.b).reg});
    } else {
      assembler_.cmp(a, memory<W>(one.b));
    }
  }
}

}  // namespace assay::jit
