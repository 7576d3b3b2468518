// Other numbers for k in binomials; see count_shift.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/count_shift.h"

#include <algorithm>

#include "smt/binomials.h"

namespace assay::smt {
namespace {

// `k_at(width)`: the number k.
template <class NumberAt>
Terms::Replacements further(Terms& terms, const CountAtoms& both, const NumberAt& k_at) {
  Terms::Replacements values;
  for (const BinomialAtoms* const atoms : {&both.narrow, &both.wide}) {
    TermId lower = terms.constant(atoms->width, 1);
    for (std::size_t j = 0; j < atoms->atoms.size(); ++j) {
      const TermId here = j == 0 ? k_at(*atoms) : atoms->atoms[j];
      values.emplace(atoms->atoms[j].value, terms.add(here, lower));
      lower = here;
    }
  }
  return values;
}

}  // namespace

Terms::Replacements one_further(Terms& terms, const CountAtoms& atoms) {
  return further(terms, atoms, [](const BinomialAtoms& one) { return one.atoms[0]; });
}

Terms::Replacements one_further(Proving& proving, TermId k) {
  return further(proving.terms, proving.atoms, [&](const BinomialAtoms& one) { return proving.resized(k, one.width); });
}

Terms::Replacements one_before(Proving& proving, TermId last) {
  Terms::Replacements values;
  for (const BinomialAtoms* const atoms : {&proving.atoms.narrow, &proving.atoms.wide}) {
    TermId lower = proving.resized(last, atoms->width);
    values.emplace(atoms->atoms[0].value, lower);
    for (std::size_t j = 1; j < atoms->atoms.size(); ++j) {
      lower = proving.terms.sub(atoms->atoms[j], lower);
      values.emplace(atoms->atoms[j].value, lower);
    }
  }
  return values;
}

Terms::Replacements at_count(Proving& proving, TermId count, CountCode& used) {
  Terms::Replacements values;
  for (const BinomialAtoms* const atoms : {&proving.atoms.narrow, &proving.atoms.wide}) {
    for (unsigned j = 1; j <= kMaxBinomial; ++j) {
      // C(k, j) modulo 2^32 takes more than 32 bits of k.
      const unsigned width = std::max(atoms->width, unsigned{proving.terms[count].width});
      const TermId value = binomial_code(proving.terms, proving.resized(count, width), j);
      values.emplace(atoms->atoms[j - 1].value, proving.resized(value, atoms->width));
      used.add(width, j);
    }
  }
  return values;
}

}  // namespace assay::smt
