// The operators as terms; see meaning.h. Tested by smt/test/meaning_test.cc.
#include "smt/meaning.h"

namespace assay::smt {
namespace {

using ast::Op;

TermId bit(Terms& terms, TermId operand, unsigned number) {
  const unsigned width = terms[operand].width;
  const TermId shifted = terms.binary(Kind::LShr, operand, terms.constant(width, number));
  return terms.binary(Kind::And, shifted, terms.constant(width, 1));
}

// The number of zero bits in front of the first one, from the top or from the bottom.
TermId count_zeros(Terms& terms, TermId operand, bool from_top) {
  const unsigned width = terms[operand].width;
  TermId result = terms.constant(width, width);
  for (unsigned i = 0; i < width; ++i) {
    const unsigned number = from_top ? i : width - 1 - i;
    const unsigned zeros = from_top ? width - 1 - i : number;
    result = terms.ite(terms.nonzero(bit(terms, operand, number)), terms.constant(width, zeros), result);
  }
  return result;
}

TermId count_ones(Terms& terms, TermId operand) {
  TermId result = terms.constant(terms[operand].width, 0);
  for (unsigned i = 0; i < terms[operand].width; ++i) result = terms.add(result, bit(terms, operand, i));
  return result;
}

// WebAssembly takes shift counts modulo the width; all widths here are powers of two.
TermId masked(Terms& terms, TermId count) {
  const unsigned width = terms[count].width;
  return terms.binary(Kind::And, count, terms.constant(width, width - 1));
}

TermId rotate(Terms& terms, TermId operand, TermId count, bool left) {
  const TermId forward = masked(terms, count);
  const TermId back = masked(terms, terms.negate(count));
  const TermId first = terms.binary(left ? Kind::Shl : Kind::LShr, operand, forward);
  const TermId second = terms.binary(left ? Kind::LShr : Kind::Shl, operand, back);
  return terms.binary(Kind::Or, first, second);
}

TermId sign_extended_from(Terms& terms, TermId operand, unsigned low) {
  const unsigned width = terms[operand].width;
  return terms.resize(Kind::SignExtend, width, terms.resize(Kind::Truncate, low, operand));
}

}  // namespace

Meaning meaning(Terms& terms, Op op, TermId left, TermId right) {
  const unsigned width = terms[left].width;
  const TermId never = terms.truth(false);
  const TermId zero = terms.constant(width, 0);
  const auto total = [&](TermId value) { return Meaning{value, never, never}; };
  const auto compared = [&](TermId truth) {
    return total(terms.ite(truth, terms.constant(32, 1), terms.constant(32, 0)));
  };
  const auto less = [&](Kind kind, TermId l, TermId r) { return terms.binary(kind, l, r); };
  switch (op) {
    case Op::Clz:
      return total(count_zeros(terms, left, true));
    case Op::Ctz:
      return total(count_zeros(terms, left, false));
    case Op::Popcnt:
      return total(count_ones(terms, left));
    case Op::Neg:
      return total(terms.negate(left));
    case Op::Not:
      return total(terms.complement(left));
    case Op::Abs:
      return total(terms.ite(less(Kind::Slt, left, zero), terms.negate(left), left));
    case Op::Eqz:
      return compared(terms.equal(left, zero));
    case Op::Add:
      return total(terms.add(left, right));
    case Op::Sub:
      return total(terms.sub(left, right));
    case Op::Mul:
      return total(terms.mul(left, right));
    case Op::DivS: {
      const TermId least = terms.constant(width, std::uint64_t{1} << (width - 1));
      const TermId minus_one = terms.constant(width, mask_of(width));
      return {terms.binary(Kind::SDiv, left, right), terms.equal(right, zero),
              terms.both(terms.equal(left, least), terms.equal(right, minus_one))};
    }
    case Op::DivU:
      return {terms.binary(Kind::UDiv, left, right), terms.equal(right, zero), never};
    case Op::RemS:
      return {terms.binary(Kind::SRem, left, right), terms.equal(right, zero), never};
    case Op::RemU:
      return {terms.binary(Kind::URem, left, right), terms.equal(right, zero), never};
    case Op::And:
      return total(terms.binary(Kind::And, left, right));
    case Op::Or:
      return total(terms.binary(Kind::Or, left, right));
    case Op::Xor:
      return total(terms.binary(Kind::Xor, left, right));
    case Op::Shl:
      return total(terms.binary(Kind::Shl, left, masked(terms, right)));
    case Op::ShrS:
      return total(terms.binary(Kind::AShr, left, masked(terms, right)));
    case Op::ShrU:
      return total(terms.binary(Kind::LShr, left, masked(terms, right)));
    case Op::Rotl:
      return total(rotate(terms, left, right, true));
    case Op::Rotr:
      return total(rotate(terms, left, right, false));
    case Op::Eq:
      return compared(terms.equal(left, right));
    case Op::Ne:
      return compared(terms.negation(terms.equal(left, right)));
    case Op::LtS:
      return compared(less(Kind::Slt, left, right));
    case Op::LtU:
      return compared(less(Kind::Ult, left, right));
    case Op::GtS:
      return compared(less(Kind::Slt, right, left));
    case Op::GtU:
      return compared(less(Kind::Ult, right, left));
    case Op::LeS:
      return compared(terms.negation(less(Kind::Slt, right, left)));
    case Op::LeU:
      return compared(terms.negation(less(Kind::Ult, right, left)));
    case Op::GeS:
      return compared(terms.negation(less(Kind::Slt, left, right)));
    case Op::GeU:
      return compared(terms.negation(less(Kind::Ult, left, right)));
    case Op::Wrap:
      return total(terms.resize(Kind::Truncate, 32, left));
    case Op::ExtendS:
      return total(terms.resize(Kind::SignExtend, 64, left));
    case Op::ExtendU:
      return total(terms.resize(Kind::ZeroExtend, 64, left));
    case Op::Extend8S:
      return total(sign_extended_from(terms, left, 8));
    case Op::Extend16S:
      return total(sign_extended_from(terms, left, 16));
    case Op::Extend32S:
      return total(sign_extended_from(terms, left, 32));
  }
  return total(zero);
}

}  // namespace assay::smt
