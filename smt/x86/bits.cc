// Parts of values; see bits.h. Tested by smt/x86/test/step_test.cc.
#include "smt/x86/bits.h"

namespace assay::smt::x86 {

TermId low_bits(Terms& terms, unsigned width, TermId value) {
  const Term term = terms[value];
  if (term.width == width) return value;
  switch (term.kind) {
    case Kind::ZeroExtend:
    case Kind::SignExtend: {
      const TermId inner = term.arguments[0];
      return terms[inner].width >= width ? low_bits(terms, width, inner) : terms.resize(term.kind, width, inner);
    }
    case Kind::Truncate:
      return low_bits(terms, width, term.arguments[0]);
    // The low bits of these depend on the low bits of their operands only.
    case Kind::Add:
    case Kind::Mul:
    case Kind::And:
    case Kind::Or:
    case Kind::Xor: {
      const TermId left = low_bits(terms, width, term.arguments[0]);
      const TermId right = low_bits(terms, width, term.arguments[1]);
      return terms.binary(term.kind, left, right);
    }
    case Kind::Ite: {
      const TermId yes = low_bits(terms, width, term.arguments[1]);
      const TermId no = low_bits(terms, width, term.arguments[2]);
      return terms.ite(term.arguments[0], yes, no);
    }
    default:
      return terms.resize(Kind::Truncate, width, value);
  }
}

TermId with_low_bits(Terms& terms, TermId whole, TermId low) {
  const unsigned width = terms[low].width;
  const TermId kept = terms.binary(Kind::And, whole, terms.constant(64, ~mask_of(width)));
  return width == 64 ? low : terms.binary(Kind::Or, kept, terms.resize(Kind::ZeroExtend, 64, low));
}

TermId has_bit(Terms& terms, TermId value, unsigned number) {
  const unsigned width = terms[value].width;
  const TermId shifted = terms.binary(Kind::LShr, value, terms.constant(width, number));
  return terms.nonzero(terms.binary(Kind::And, shifted, terms.constant(width, 1)));
}

}  // namespace assay::smt::x86
