// Naming the code of counts; see count_code.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/count_code.h"

#include <algorithm>

#include "smt/binomials.h"

namespace assay::smt {

void CountCode::name(Proving& proving, TermId count, TermId id, Terms::Replacements& named) {
  Terms& terms = proving.terms;
  if (named.contains(id.value) || terms.is_constant(id)) return;
  const Term term = terms[id];
  if (term.width == 32 || term.width == 64) {
    const auto found = find_binomial(terms, id, proving.resized(count, term.width));
    // Modulo 2^32 the code for C(k, 2) needs 33 bits of k.
    if (found && (found->degree == 1 || term.width >= terms[count].width)) {
      TermId value = proving.atoms.of(term.width).atoms[found->degree - 1];
      add(term.width, found->degree);
      for (const TermId other : found->others) {
        name(proving, count, other, named);
        value = terms.mul(value, terms.substitute(other, named));
      }
      named.emplace(id.value, terms.mul(value, terms.constant(term.width, found->multiplier)));
      return;
    }
  }
  if (term.kind == Kind::Truncate && term.width == 32 && terms[term.arguments[0]].width == 64) {
    // C(k, j) modulo 2^64 is the same modulo 2^32.
    const auto wide = find_binomial(terms, term.arguments[0], proving.resized(count, 64));
    if (wide && wide->others.empty()) {
      add(64, wide->degree);
      const TermId value = proving.atoms.narrow.atoms[wide->degree - 1];
      named.emplace(id.value, terms.mul(value, terms.constant(32, wide->multiplier)));
      return;
    }
  }
  for (const TermId argument : term.arguments) {
    if (argument.valid()) name(proving, count, argument, named);
  }
}

void CountCode::add(unsigned width, unsigned degree) {
  const std::pair<unsigned, unsigned> one{width, degree};
  if (std::find(list_.begin(), list_.end(), one) == list_.end()) list_.push_back(one);
}

}  // namespace assay::smt
