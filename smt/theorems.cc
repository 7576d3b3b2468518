// Pascal's rule for the code; see theorems.h. Tested by smt/test/theorems_test.cc.
#include "smt/theorems.h"

#include <string>

#include "smt/binomials.h"
#include "smt/meaning.h"
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
  return {name, print_script(terms, {violated}, name), Strategy::Ring};
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
  return {name, print_script(terms, {fits, violated}, name), Strategy::Bits};
}

bool starts_at_zero(unsigned width, unsigned degree) {
  Terms terms;
  return terms.is_constant(binomial_code(terms, terms.constant(width, 0), degree), 0);
}

// What is violated, as an obligation.
Obligation never(const Terms& terms, TermId violated, const std::string& name, Strategy strategy) {
  return {name, print_script(terms, {violated}, name), strategy};
}

std::vector<Obligation> meeting_obligations(unsigned width, unsigned twos, std::uint64_t odd) {
  const std::string title = "steps of " + std::to_string(std::uint64_t{1} << twos) + " * " +
                            std::to_string(signed_value(width, odd & mask_of(width))) + " at " + std::to_string(width) +
                            " bits: ";
  const unsigned rest = width - twos;
  Terms terms;
  const TermId factor = terms.constant(width, std::uint64_t{1} << twos);
  const TermId high = terms.constant(width, std::uint64_t{1} << rest);
  const TermId mask = terms.constant(width, mask_of(rest));
  const auto differ = [&](TermId left, TermId right) { return terms.negation(terms.equal(left, right)); };
  std::vector<Obligation> obligations;
  // (2^t * y) >> t = y - 2^(w - t) * (y >> (w - t))
  const TermId y = terms.symbol(width, "y");
  const TermId shifted = terms.binary(Kind::LShr, terms.mul(y, factor), terms.constant(width, twos));
  const TermId lost = terms.binary(Kind::LShr, y, terms.constant(width, rest));
  const TermId kept = terms.sub(y, terms.mul(lost, high));
  obligations.push_back(never(terms, differ(shifted, kept), title + "what the shift loses", Strategy::Bits));
  // (odd * k - 2^(w - t) * h) * inverse = k - 2^(w - t) * h * inverse
  const TermId k = terms.symbol(width, "k");
  const TermId h = terms.symbol(width, "h");
  const TermId inverse = terms.constant(width, inverse_of_odd(odd));
  const TermId stepped = terms.mul(k, terms.constant(width, odd));
  const TermId product = terms.mul(terms.sub(stepped, terms.mul(h, high)), inverse);
  const TermId claimed = terms.sub(k, terms.mul(terms.mul(h, high), inverse));
  const TermId difference = terms.sub(product, claimed);
  const TermId none = terms.constant(width, 0);
  obligations.push_back(never(terms, differ(difference, none), title + "the inverse", Strategy::Ring));
  // (k - 2^(w - t) * g) & mask = k & mask
  const TermId g = terms.symbol(width, "g");
  const TermId masked = terms.binary(Kind::And, terms.sub(k, terms.mul(g, high)), mask);
  const TermId violated = differ(masked, terms.binary(Kind::And, k, mask));
  obligations.push_back(never(terms, violated, title + "the mask", Strategy::Bits));
  return obligations;
}

}  // namespace

TermId highest_bits(Terms& terms, TermId d) {
  const unsigned width = terms[d].width;
  const TermId none = terms.constant(width, 0);
  const TermId zeros = meaning(terms, ast::Op::Clz, d, d).value;
  const TermId ones = terms.constant(width, mask_of(width));
  return terms.ite(terms.equal(d, none), none, meaning(terms, ast::Op::ShrU, ones, zeros).value);
}

TermId smear(Terms& terms, TermId d) {
  const unsigned width = terms[d].width;
  for (unsigned by = 1; by < width; by *= 2)
    d = terms.binary(Kind::Or, d, terms.binary(Kind::LShr, d, terms.constant(width, by)));
  return d;
}

Answer Theorems::smear(unsigned width) {
  const auto [place, added] = smears_.try_emplace(width, Answer::Unknown);
  if (!added) return place->second;
  Terms terms;
  const TermId d = terms.symbol(width, "d");
  const TermId violated = terms.negation(terms.equal(highest_bits(terms, d), smt::smear(terms, d)));
  const std::string title = "bits below the highest at " + std::to_string(width) + " bits";
  const Answer answer = prove({never(terms, violated, title, Strategy::Bits)});
  smears_[width] = answer;
  return answer;
}

Answer Theorems::prove(std::vector<Obligation> obligations) {
  bool proved = true;
  for (Obligation& obligation : obligations) {
    proved = discharge(solver_, obligation, limits_) == Answer::Proved && proved;
    obligations_.push_back(std::move(obligation));
  }
  return proved ? Answer::Proved : Answer::Unknown;
}

Answer Theorems::meeting(unsigned width, unsigned twos, std::uint64_t odd) {
  if (twos >= width || odd % 2 == 0) return Answer::Unknown;
  const auto [place, added] = meetings_.try_emplace({width, twos, odd}, Answer::Unknown);
  if (added) place->second = prove(meeting_obligations(width, twos, odd));
  return place->second;
}

Answer Theorems::pascal(unsigned width, unsigned degree) {
  if (degree <= 1) return Answer::Proved;
  const auto [place, added] = answers_.try_emplace({width, degree}, Answer::Unknown);
  if (!added) return place->second;
  if (pascal(width, degree - 1) != Answer::Proved || !starts_at_zero(width, degree)) return Answer::Unknown;
  const Answer answer = prove({pascal_obligation(width, degree), bits_obligation(width, degree)});
  answers_[{width, degree}] = answer;
  return answer;
}

}  // namespace assay::smt
