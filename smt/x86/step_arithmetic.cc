// Sums, products and bitwise operations; see machine.h. Tested by smt/x86/test/step_test.cc.
#include "smt/x86/bits.h"
#include "smt/x86/machine.h"

namespace assay::smt::x86 {

// ADD, SUB, CMP, INC, DEC and NEG set all flags by the result, but INC and DEC leave CF as it was.
void Machine::sums(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  const TermId zero = terms_.constant(width, 0);
  const TermId left = one.operation == Operation::Neg ? zero : read(to, width, state);
  const bool by_one = one.operation == Operation::Inc || one.operation == Operation::Dec;
  const TermId right = by_one                            ? terms_.constant(width, 1)
                       : one.operation == Operation::Neg ? read(to, width, state)
                                                         : read(one.operands[1], width, state);
  const bool adds = one.operation == Operation::Add || one.operation == Operation::Inc;
  const TermId result = adds ? terms_.add(left, right) : terms_.sub(left, right);
  const auto is_negative = [&](TermId value) { return terms_.binary(Kind::Slt, value, zero); };
  const auto same = [&](TermId one_truth, TermId other) { return terms_.equal(one_truth, other); };

  set_result_flags(result, state.flags);
  // A difference is nought exactly when its operands are equal, which says it in fewer words.
  if (!adds) state.flags.zero = terms_.equal(left, right);
  if (!by_one) {
    state.flags.carry = adds ? terms_.binary(Kind::Ult, result, left) : terms_.binary(Kind::Ult, left, right);
  }
  // A sum of two of one sign, or a difference of two of unlike signs, whose sign is not that of the first.
  const TermId alike = same(is_negative(left), is_negative(right));
  const TermId turned = terms_.negation(same(is_negative(result), is_negative(left)));
  state.flags.overflow = terms_.both(adds ? alike : terms_.negation(alike), turned);
  if (!adds && !by_one) {
    state.flags.less = terms_.binary(Kind::Slt, left, right);
    state.flags.less_or_equal = terms_.negation(terms_.binary(Kind::Slt, right, left));
    state.flags.below_or_equal = terms_.negation(terms_.binary(Kind::Ult, right, left));
  }
  if (one.operation != Operation::Cmp) write(to, result, state);
}

void Machine::logic(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  if (one.operation == Operation::Not) {  // the only one that sets no flag
    write(to, terms_.complement(read(to, width, state)), state);
    return;
  }
  TermId result;
  if (one.operation == Operation::Andn) {
    const TermId inverted = terms_.complement(read(one.operands[1], width, state));
    result = terms_.binary(Kind::And, inverted, read(one.operands[2], width, state));
  } else {
    const Kind kind = one.operation == Operation::Or    ? Kind::Or
                      : one.operation == Operation::Xor ? Kind::Xor
                                                        : Kind::And;
    const TermId left = read(to, width, state);
    const TermId right = read(one.operands[1], width, state);
    result = terms_.binary(kind, left, right);
  }
  set_result_flags(result, state.flags);
  state.flags.carry = terms_.truth(false);
  state.flags.overflow = terms_.truth(false);
  if (one.operation == Operation::Andn) state.flags.parity = terms_.nonzero(undefined(1));
  if (one.operation != Operation::Test) write(to, result, state);
}

// The forms with two and three operands. CF and OF say whether the product fits, which would take twice the width; here
// they are as undefined as the other flags, which supposes less than the manual says.
void Machine::multiply(const Instruction& one, MachineState& state) {
  const Operand& to = one.operands[0];
  const unsigned width = to.bits;
  if (one.operands[1].kind == OperandKind::None) {
    refuse("an imul of one operand");
    return;
  }
  const bool three = one.operands[2].kind != OperandKind::None;
  const TermId left = read(three ? one.operands[1] : to, width, state);
  const TermId right = read(three ? one.operands[2] : one.operands[1], width, state);
  undefine_flags(state.flags);
  write(to, terms_.mul(left, right), state);
}

}  // namespace assay::smt::x86
