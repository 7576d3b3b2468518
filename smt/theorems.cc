// Pascal's rule for the code; see theorems.h. Tested by smt/test/theorems_test.cc.
#include "smt/theorems.h"

#include <string>

#include "smt/binomials.h"
#include "smt/script.h"

namespace assay::smt {
namespace {

// How often the code for C(k, degree) halves k.
unsigned halvings(unsigned degree) {
  if (degree <= 1) return 0;
  return degree % 2 == 1 ? halvings(degree - 1) : 1 + halvings(degree / 2);
}

// A number 2^levels * q + rest.
struct Split {
  TermId q;
  unsigned levels = 0;
  std::uint64_t rest = 0;
};

TermId term_of(Terms& terms, const Split& split, std::uint64_t minus) {
  const unsigned width = terms[split.q].width;
  const TermId high = terms.mul(split.q, terms.constant(width, std::uint64_t{1} << split.levels));
  return terms.add(high, terms.constant(width, split.rest - minus));
}

// binomial_code with its shifts and its odd factors replaced by what they are for such a k.
TermId code_value(Terms& terms, const Split& k, unsigned degree) {
  const unsigned width = terms[k.q].width;
  if (degree == 0) return terms.constant(width, 1);
  if (degree == 1) return term_of(terms, k, 0);
  if (degree % 2 == 1) {
    const TermId lower = code_value(terms, k, degree - 1);
    const TermId lower_times = terms.mul(lower, term_of(terms, k, degree - 1));
    return terms.mul(lower_times, terms.constant(width, inverse_of_odd(degree)));
  }
  TermId result = code_value(terms, {k.q, k.levels - 1, k.rest >> 1}, degree / 2);
  std::uint64_t divisor = 1;
  for (unsigned j = 0; j < degree / 2; ++j) {
    const bool odd = ((k.rest - (2 * j + 1)) & 1) != 0;
    result = terms.mul(result, term_of(terms, k, odd ? 2 * j + 1 : 2 * j));
    divisor *= 2 * j + 1;
  }
  return terms.mul(result, terms.constant(width, inverse_of_odd(divisor)));
}

Obligation pascal_obligation(unsigned width, unsigned degree) {
  Terms terms;
  const TermId q = terms.symbol(width, "q");
  const unsigned levels = halvings(degree);
  TermId violated = terms.truth(false);
  for (std::uint64_t rest = 0; rest < (std::uint64_t{1} << levels); ++rest) {
    const bool carries = rest + 1 == (std::uint64_t{1} << levels);
    const Split k{q, levels, rest};
    const Split behind =
        carries ? Split{terms.add(q, terms.constant(width, 1)), levels, 0} : Split{q, levels, rest + 1};
    const TermId sum = terms.add(code_value(terms, k, degree), code_value(terms, k, degree - 1));
    const TermId difference = terms.sub(code_value(terms, behind, degree), sum);
    violated = terms.either(violated, terms.negation(terms.equal(difference, terms.constant(width, 0))));
  }
  const std::string name = "Pascal's rule, C(k, " + std::to_string(degree) + ") at " + std::to_string(width) + " bits";
  return {name, print_script(terms, {violated}, name), Strategy::Ring, {}, {}};
}

// For k = 2^L * q + r below 2^w: k >> 1, and (k - c) | 1 for every odd c that the code uses.
Obligation bits_obligation(unsigned width, unsigned degree) {
  Terms terms;
  const TermId q = terms.symbol(width, "q");
  const unsigned levels = halvings(degree);
  TermId violated = terms.truth(false);
  const TermId one = terms.constant(width, 1);
  for (unsigned level = 1; level <= levels; ++level) {
    for (std::uint64_t rest = 0; rest < (std::uint64_t{1} << level); ++rest) {
      const Split k{q, level, rest};
      const TermId half = terms.binary(Kind::LShr, term_of(terms, k, 0), one);
      const TermId claimed_half = term_of(terms, {q, level - 1, rest >> 1}, 0);
      violated = terms.either(violated, terms.negation(terms.equal(half, claimed_half)));
      for (unsigned c = 1; c < degree; c += 2) {
        const TermId odd = terms.binary(Kind::Or, term_of(terms, k, c), one);
        const bool is_odd = ((rest - c) & 1) != 0;
        violated = terms.either(violated, terms.negation(terms.equal(odd, term_of(terms, k, is_odd ? c : c - 1))));
      }
    }
  }
  const TermId fits = terms.binary(Kind::Ult, q, terms.constant(width, std::uint64_t{1} << (width - levels)));
  const std::string name = "bits of k for C(k, " + std::to_string(degree) + ") at " + std::to_string(width) + " bits";
  return {name, print_script(terms, {fits, violated}, name), Strategy::Bits, {}, {}};
}

bool starts_at_zero(unsigned width, unsigned degree) {
  Terms terms;
  return terms.is_constant(binomial_code(terms, terms.constant(width, 0), degree), 0);
}

}  // namespace

Answer Theorems::pascal(unsigned width, unsigned degree) {
  if (degree <= 1) return Answer::Proved;
  const auto [place, added] = answers_.try_emplace({width, degree}, Answer::Unknown);
  if (!added) return place->second;
  if (pascal(width, degree - 1) != Answer::Proved || !starts_at_zero(width, degree)) return Answer::Unknown;
  bool proved = true;
  for (Obligation& obligation :
       std::vector<Obligation>{pascal_obligation(width, degree), bits_obligation(width, degree)}) {
    proved = discharge(solver_, obligation, limits_) == Answer::Proved && proved;
    obligations_.push_back(std::move(obligation));
  }
  const Answer answer = proved ? Answer::Proved : Answer::Unknown;
  answers_[{width, degree}] = answer;
  return answer;
}

}  // namespace assay::smt
