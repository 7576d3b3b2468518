// Emission of bit counts and absolute values, with and without the instructions made for them; see emit.h.
//
// Tested by core/jit/test/operators_test.cc.
#include "core/jit/emit_operands.h"

namespace assay::jit {

using x64::Cond;
using x64::Imm8;
using x64::Reg;
using x64::RegId;

template <int W>
void Emitter::absolute(const Lir& one) {
  // -x, then x back over it where that came out negative. MIN is its own negative, and negative: it stays.
  const Reg<W> result{kResultScratch};
  load(result, one.a);
  assembler_.neg(result);
  if (in_register(one.a)) {
    assembler_.cmovcc(Cond::S, result, Reg<W>{location(one.a).reg});
  } else {
    assembler_.cmovcc(Cond::S, result, memory<W>(one.a));
  }
  store(one.dst, result);
}

template <int W>
void Emitter::count_zeros(const Lir& one) {
  const bool leading = one.op == LirOp::Clz;
  const Reg<W> result{kResultScratch};
  const auto with_operand = [&](auto instruction) {
    if (in_register(one.a)) {
      instruction(Reg<W>{location(one.a).reg});
    } else {
      instruction(memory<W>(one.a));
    }
  };
  if (leading ? features_.lzcnt : features_.bmi1) {
    with_operand([&](const auto& operand) {
      if (leading) {
        assembler_.lzcnt(result, operand);
      } else {
        assembler_.tzcnt(result, operand);
      }
    });
    store(one.dst, result);
    return;
  }
  // bsf and bsr leave their destination undefined for 0 and say so in ZF.
  const Reg<W> for_zero{kCountScratch};
  set_constant(for_zero, leading ? 2 * W - 1 : W);
  with_operand([&](const auto& operand) {
    if (leading) {
      assembler_.bsr(result, operand);
    } else {
      assembler_.bsf(result, operand);
    }
  });
  assembler_.cmovcc(Cond::E, result, for_zero);
  // W-1 - n for n < W, and W for 2W-1.
  if (leading) assembler_.xor_(result, Imm8{W - 1});
  store(one.dst, result);
}

template <int W>
void Emitter::count_ones(const Lir& one) {
  const Reg<W> result{kResultScratch};
  if (features_.popcnt) {
    if (in_register(one.a)) {
      assembler_.popcnt(result, Reg<W>{location(one.a).reg});
    } else {
      assembler_.popcnt(result, memory<W>(one.a));
    }
  } else {
    load(result, one.a);
    count_ones_by_halving<W>();
  }
  store(one.dst, result);
}

// Sums of neighbouring bits, then of pairs, then of nibbles, then of all bytes by one multiplication (Warren, "Hacker's
// Delight", section 5-1). From and to RAX.
template <int W>
void Emitter::count_ones_by_halving() {
  constexpr std::uint64_t kPairs = 0x5555555555555555ULL;
  constexpr std::uint64_t kNibbles = 0x3333333333333333ULL;
  constexpr std::uint64_t kBytes = 0x0F0F0F0F0F0F0F0FULL;
  constexpr std::uint64_t kSum = 0x0101010101010101ULL;
  const Reg<W> sum{kResultScratch};
  const Reg<W> part{kCountScratch};
  const Reg<W> mask{kHighScratch};
  assembler_.mov(part, sum);
  assembler_.shr(part, Imm8{1});
  set_constant(mask, kPairs);
  assembler_.and_(part, mask);
  assembler_.sub(sum, part);
  assembler_.mov(part, sum);
  assembler_.shr(part, Imm8{2});
  set_constant(mask, kNibbles);
  assembler_.and_(sum, mask);
  assembler_.and_(part, mask);
  assembler_.add(sum, part);
  assembler_.mov(part, sum);
  assembler_.shr(part, Imm8{4});
  assembler_.add(sum, part);
  set_constant(mask, kBytes);
  assembler_.and_(sum, mask);
  set_constant(mask, kSum);
  assembler_.imul(sum, mask);
  assembler_.shr(sum, Imm8{W - 8});
}

template void Emitter::absolute<32>(const Lir&);
template void Emitter::absolute<64>(const Lir&);
template void Emitter::count_zeros<32>(const Lir&);
template void Emitter::count_zeros<64>(const Lir&);
template void Emitter::count_ones<32>(const Lir&);
template void Emitter::count_ones<64>(const Lir&);

}  // namespace assay::jit
