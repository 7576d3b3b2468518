// Counting bits; see machine.h. Tested by smt/x86/test/step_test.cc.
#include "smt/x86/bits.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {
namespace {

// The number of the highest or lowest bit that is set; `none` where there is no such bit.
TermId scan(Terms& terms, TermId operand, bool highest, TermId none) {
  const unsigned width = terms[operand].width;
  TermId result = none;
  for (unsigned i = 0; i < width; ++i) {
    const unsigned number = highest ? i : width - 1 - i;
    result = terms.ite(has_bit(terms, operand, number), terms.constant(width, number), result);
  }
  return result;
}

TermId population(Terms& terms, TermId operand) {
  const unsigned width = terms[operand].width;
  TermId sum = terms.constant(width, 0);
  for (unsigned i = 0; i < width; ++i) {
    const TermId shifted = terms.binary(Kind::LShr, operand, terms.constant(width, i));
    sum = terms.add(sum, terms.binary(Kind::And, shifted, terms.constant(width, 1)));
  }
  return sum;
}

}  // namespace

void Machine::counts(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  const TermId operand = read(one.operands[1], width, state);
  const TermId zero = terms_.constant(width, 0);
  const TermId is_zero = terms_.equal(operand, zero);
  const TermId all = terms_.constant(width, width);
  undefine_flags(state.flags);
  switch (one.operation) {
    case Operation::Popcnt:
      state.flags = {
          terms_.truth(false), terms_.truth(false), is_zero, terms_.truth(false), terms_.truth(false), {}, {}, {}};
      write(to, population(terms_, operand), state);
      return;
    case Operation::Lzcnt:
    case Operation::Tzcnt: {
      const bool leading = one.operation == Operation::Lzcnt;
      const TermId number = scan(terms_, operand, leading, leading ? terms_.constant(width, mask_of(width)) : all);
      const TermId result = leading ? terms_.sub(terms_.constant(width, width - 1), number) : number;
      state.flags.carry = is_zero;
      state.flags.zero = terms_.equal(result, zero);
      write(to, result, state);
      return;
    }
    default: {
      // BSF and BSR leave a register undefined, all of it, when there is no bit to find.
      state.flags.zero = is_zero;
      if (to.kind != OperandKind::Register || width < 32) {
        refuse("a bit scan of 16 bits");
        return;
      }
      const TermId number = scan(terms_, operand, one.operation == Operation::Bsr, zero);
      const TermId found = terms_.resize(Kind::ZeroExtend, 64, number);
      state.registers[to.reg] = terms_.ite(is_zero, undefined(64), found);
      return;
    }
  }
}

}  // namespace assay::smt::x86
