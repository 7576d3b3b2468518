// Shifts and rotations; see machine.h. Tested by smt/x86/test/step_test.cc.
#include "smt/x86/bits.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {
namespace {

// Of the count five bits count, or six if the operand has 64; that CL and an immediate have eight makes no difference.
TermId masked_count(Terms& terms, unsigned width, TermId count) {
  return terms.binary(Kind::And, count, terms.constant(width, width == 64 ? 63 : 31));
}

TermId lowest(Terms& terms, TermId value) { return has_bit(terms, value, 0); }
TermId highest(Terms& terms, TermId value) { return has_bit(terms, value, terms[value].width - 1); }
TermId differ(Terms& terms, TermId left, TermId right) { return terms.negation(terms.equal(left, right)); }

}  // namespace

void Machine::shifts(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  if (width < 32 || one.operands[1].kind == OperandKind::Memory) {
    refuse("a shift of 8 or 16 bits");
    return;
  }
  const TermId operand = read(to, width, state);
  const TermId count = masked_count(terms_, width, read(one.operands[1], width, state));
  const TermId before_last = terms_.sub(count, terms_.constant(width, 1));
  const bool left = one.operation == Operation::Shl;
  const Kind kind = left ? Kind::Shl : one.operation == Operation::Shr ? Kind::LShr : Kind::AShr;
  const TermId result = terms_.binary(kind, operand, count);

  // A count of 0 changes no flag. OF is defined for a count of 1 only.
  const TermId is_zero = terms_.equal(count, terms_.constant(width, 0));
  const TermId is_one = terms_.equal(count, terms_.constant(width, 1));
  const TermId last = terms_.binary(kind, operand, before_last);
  Flags after;
  set_result_flags(result, after);
  after.carry = left ? highest(terms_, last) : lowest(terms_, last);
  const TermId overflow = left                              ? differ(terms_, highest(terms_, result), after.carry)
                          : one.operation == Operation::Shr ? highest(terms_, operand)
                                                            : terms_.truth(false);
  after.overflow = terms_.ite(is_one, overflow, terms_.nonzero(undefined(1)));
  Flags& flags = state.flags;
  flags.less = flags.less_or_equal = flags.below_or_equal = TermId{};
  flags.carry = terms_.ite(is_zero, flags.carry, after.carry);
  flags.parity = terms_.ite(is_zero, flags.parity, after.parity);
  flags.zero = terms_.ite(is_zero, flags.zero, after.zero);
  flags.sign = terms_.ite(is_zero, flags.sign, after.sign);
  flags.overflow = terms_.ite(is_zero, flags.overflow, after.overflow);
  write(to, result, state);
}

// They change CF and OF only.
void Machine::rotates(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  if (width < 32) {
    refuse("a rotation of 8 or 16 bits");
    return;
  }
  const TermId operand = read(to, width, state);
  const TermId count = masked_count(terms_, width, read(one.operands[1], width, state));
  const TermId rest = terms_.sub(terms_.constant(width, width), count);
  const bool left = one.operation == Operation::Rol;
  const TermId out = terms_.binary(left ? Kind::Shl : Kind::LShr, operand, count);
  const TermId back = terms_.binary(left ? Kind::LShr : Kind::Shl, operand, rest);
  const TermId result = terms_.binary(Kind::Or, out, back);

  const TermId is_zero = terms_.equal(count, terms_.constant(width, 0));
  const TermId is_one = terms_.equal(count, terms_.constant(width, 1));
  const TermId carry = left ? lowest(terms_, result) : highest(terms_, result);
  const TermId neighbour = left ? carry : has_bit(terms_, result, width - 2);
  const TermId overflow = differ(terms_, highest(terms_, result), neighbour);
  Flags& flags = state.flags;
  flags.less = flags.less_or_equal = flags.below_or_equal = TermId{};
  flags.carry = terms_.ite(is_zero, flags.carry, carry);
  flags.overflow = terms_.ite(is_zero, flags.overflow, terms_.ite(is_one, overflow, terms_.nonzero(undefined(1))));
  write(to, result, state);
}

// SHLX, SHRX, SARX and RORX set no flag; the count of the first three is in a register of the operand's width.
void Machine::shifts_without_flags(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  const TermId operand = read(one.operands[1], width, state);
  const TermId count = masked_count(terms_, width, read(one.operands[2], width, state));
  if (one.operation == Operation::Rorx) {
    const TermId rest = terms_.sub(terms_.constant(width, width), count);
    const TermId high = terms_.binary(Kind::Shl, operand, rest);
    write(to, terms_.binary(Kind::Or, terms_.binary(Kind::LShr, operand, count), high), state);
    return;
  }
  const Kind kind = one.operation == Operation::Shlx   ? Kind::Shl
                    : one.operation == Operation::Shrx ? Kind::LShr
                                                       : Kind::AShr;
  write(to, terms_.binary(kind, operand, count), state);
}

}  // namespace assay::smt::x86
