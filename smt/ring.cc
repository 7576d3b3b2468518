// Polynomials over Z/2^w; see ring.h. Tested by smt/test/ring_test.cc.
#include "smt/ring.h"

#include <algorithm>
#include <bit>

namespace assay::smt {
namespace {

void accumulate(RingPolynomial& polynomial, const Monomial& monomial, std::uint64_t coefficient) {
  const auto place = polynomial.terms.try_emplace(monomial, 0).first;
  place->second = (place->second + coefficient) & mask_of(polynomial.width);
  if (place->second == 0) polynomial.terms.erase(place);
}

// C(n, m) of small numbers.
std::uint64_t choose(unsigned n, unsigned m) {
  std::uint64_t result = 1;
  for (unsigned i = 0; i < m; ++i) result = result * (n - i) / (i + 1);
  return result;
}

// Which C(k, j) the atom is; 0 for none.
unsigned degree_of(const BinomialAtoms& binomials, std::uint32_t atom) {
  for (std::size_t j = 0; j < binomials.atoms.size(); ++j) {
    if (binomials.atoms[j].value == atom) return static_cast<unsigned>(j + 1);
  }
  return 0;
}

}  // namespace

RingPolynomial add(const RingPolynomial& left, const RingPolynomial& right) {
  RingPolynomial result = left;
  for (const auto& [monomial, coefficient] : right.terms) accumulate(result, monomial, coefficient);
  return result;
}

RingPolynomial subtract(const RingPolynomial& left, const RingPolynomial& right) {
  RingPolynomial result = left;
  for (const auto& [monomial, coefficient] : right.terms) accumulate(result, monomial, 0 - coefficient);
  return result;
}

bool Ring::is_truth_value(TermId id) const {
  const Term& term = terms_[id];
  return term.kind == Kind::Ite && terms_.is_constant(term.arguments[1], 1) && terms_.is_constant(term.arguments[2], 0);
}

RingPolynomial Ring::multiply(const RingPolynomial& left, const RingPolynomial& right) const {
  RingPolynomial result;
  result.width = left.width;
  for (const auto& [l, l_coefficient] : left.terms) {
    for (const auto& [r, r_coefficient] : right.terms) {
      Monomial product;
      product.reserve(l.size() + r.size());
      std::merge(l.begin(), l.end(), r.begin(), r.end(), std::back_inserter(product));
      const auto repeated = [&](std::uint32_t one, std::uint32_t other) {
        return one == other && is_truth_value(TermId{one});
      };
      product.erase(std::unique(product.begin(), product.end(), repeated), product.end());
      accumulate(result, product, l_coefficient * r_coefficient);
    }
  }
  return result;
}

RingPolynomial Ring::polynomial(TermId term) { return build(normal(term)); }

RingPolynomial Ring::build(TermId id) {
  if (const auto found = polynomials_.find(id.value); found != polynomials_.end()) return found->second;
  const Term term = terms_[id];
  RingPolynomial result;
  result.width = term.width;
  switch (term.kind) {
    case Kind::Constant:
      if (term.value != 0) result.terms.emplace(Monomial{}, term.value);
      return result;
    case Kind::Add:
      return add(build(term.arguments[0]), build(term.arguments[1]));
    case Kind::Mul:
      return multiply(build(term.arguments[0]), build(term.arguments[1]));
    case Kind::Ite:
      if (!is_truth_value(id)) {
        const RingPolynomial otherwise = build(term.arguments[2]);
        const RingPolynomial difference = subtract(build(term.arguments[1]), otherwise);
        if (difference.terms.size() > most_monomials_ / 2) {
          result.terms.emplace(Monomial{id.value}, 1);
          return result;
        }
        const TermId one = terms_.constant(term.width, 1);
        const TermId truth = terms_.ite(term.arguments[0], one, terms_.constant(term.width, 0));
        return add(otherwise, multiply(build(truth), difference));
      }
      [[fallthrough]];
    default:
      result.terms.emplace(Monomial{id.value}, 1);
      return result;
  }
}

// Choices between numbers, which are what comparisons are as values.
bool Ring::chooses_numbers(TermId id) const {
  const Term& term = terms_[id];
  if (term.kind == Kind::Constant) return true;
  return term.kind == Kind::Ite && chooses_numbers(term.arguments[1]) && chooses_numbers(term.arguments[2]);
}

TermId Ring::resized_choice(const Term& outer, TermId choice) {
  const Term term = terms_[choice];
  if (term.kind == Kind::Constant) return terms_.resize(outer.kind, outer.width, choice);
  const TermId yes = resized_choice(outer, term.arguments[1]);
  return terms_.ite(term.arguments[0], yes, resized_choice(outer, term.arguments[2]));
}

// A sum or product in normal form; `whole` where that would be too long.
TermId Ring::kept(TermId whole, const RingPolynomial* polynomial) {
  const TermId term = polynomial != nullptr ? to_term(*polynomial) : whole;
  RingPolynomial itself;
  itself.width = terms_[term].width;
  itself.terms.emplace(Monomial{term.value}, 1);
  polynomials_.try_emplace(term.value, polynomial != nullptr ? *polynomial : itself);
  return term;
}

TermId Ring::to_term(const RingPolynomial& polynomial) {
  TermId sum = terms_.constant(polynomial.width, 0);
  for (const auto& [monomial, coefficient] : polynomial.terms) {
    TermId product;
    for (const std::uint32_t atom : monomial)
      product = product.valid() ? terms_.mul(product, TermId{atom}) : TermId{atom};
    const TermId factor = terms_.constant(polynomial.width, coefficient);
    sum = terms_.add(sum, product.valid() ? terms_.mul(product, factor) : factor);
  }
  return sum;
}

TermId Ring::normal(TermId id) {
  if (const auto found = normal_.find(id.value); found != normal_.end()) return found->second;
  const Term term = terms_[id];
  TermId result = id;
  const auto argument = [&](std::size_t i) { return normal(term.arguments[i]); };
  switch (term.kind) {
    case Kind::Constant:
    case Kind::Symbol:
      break;
    case Kind::Add:
    case Kind::Mul: {
      const TermId left = argument(0);
      const TermId right = argument(1);
      const RingPolynomial one = build(left);
      const RingPolynomial other = build(right);
      const bool sum = term.kind == Kind::Add;
      const TermId whole = sum ? terms_.add(left, right) : terms_.mul(left, right);
      if ((sum ? one.terms.size() + other.terms.size() : one.terms.size() * other.terms.size()) > most_monomials_) {
        result = kept(whole, nullptr);
      } else {
        const RingPolynomial polynomial = sum ? add(one, other) : multiply(one, other);
        result = kept(whole, &polynomial);
      }
      break;
    }
    case Kind::Ite: {
      const TermId condition = argument(0);
      const TermId if_true = argument(1);
      result = terms_.ite(condition, if_true, argument(2));
      if (term.width > 0) {
        const RingPolynomial polynomial = build(result);
        result = kept(result, &polynomial);
      }
      break;
    }
    case Kind::Truncate:
      if (cuts_sums_ && !chooses_numbers(term.arguments[0])) {
        result = truncated(term.width, argument(0));
        break;
      }
      [[fallthrough]];
    case Kind::ZeroExtend:
    case Kind::SignExtend:
      result = chooses_numbers(term.arguments[0]) ? normal(resized_choice(term, term.arguments[0]))
                                                  : terms_.resize(term.kind, term.width, argument(0));
      break;
    case Kind::Both: {
      const TermId left = argument(0);
      result = terms_.both(left, argument(1));
      break;
    }
    case Kind::Not:
      result = terms_.negation(argument(0));
      break;
    case Kind::And:
    case Kind::Or:
    case Kind::Xor: {
      const TermId left = argument(0);
      result = bitwise(term.kind, left, argument(1));
      break;
    }
    case Kind::URem: {
      const TermId left = argument(0);
      const TermId right = argument(1);
      const std::uint64_t divisor = terms_[right].value;
      const bool low = terms_.is_constant(right) && divisor != 0 && (divisor & (divisor - 1)) == 0;
      result = low ? bitwise(Kind::And, left, terms_.constant(term.width, divisor - 1))
                   : terms_.binary(term.kind, left, right);
      break;
    }
    case Kind::Shl: {
      const TermId left = argument(0);
      const TermId right = argument(1);
      const std::uint64_t count = terms_[right].value;
      const bool product = terms_.is_constant(right) && count < term.width;
      const TermId factor = terms_.constant(term.width, product ? std::uint64_t{1} << count : 0);
      result = product ? normal(terms_.mul(left, factor)) : terms_.binary(term.kind, left, right);
      break;
    }
    default: {
      const TermId left = argument(0);
      result = terms_.binary(term.kind, left, argument(1));
      break;
    }
  }
  normal_.emplace(id.value, result);
  return result;
}

// What is equal modulo 2^64 is so modulo 2^32: of a sum the sum of the truncated parts.
TermId Ring::truncated(unsigned width, TermId id) {
  const RingPolynomial inner = build(id);
  const TermId whole = terms_.resize(Kind::Truncate, width, id);
  if (inner.terms.size() > most_monomials_) return whole;
  RingPolynomial result;
  result.width = width;
  for (const auto& [monomial, coefficient] : inner.terms) {
    RingPolynomial product;
    product.width = width;
    accumulate(product, {}, coefficient);
    for (const std::uint32_t atom : monomial) {
      RingPolynomial factor;
      factor.width = width;
      accumulate(factor, {truncated_atom(width, TermId{atom}).value}, 1);
      product = multiply(product, factor);
    }
    result = add(result, product);
  }
  return kept(whole, &result);
}

TermId Ring::truncated_atom(unsigned width, TermId atom) {
  if (const auto known = truncations_.find(atom.value);
      known != truncations_.end() && terms_[known->second].width == width)
    return known->second;
  const Term term = terms_[atom];
  if (is_truth_value(atom)) return terms_.ite(term.arguments[0], terms_.constant(width, 1), terms_.constant(width, 0));
  const bool extended = term.kind == Kind::ZeroExtend || term.kind == Kind::SignExtend;
  if (extended && terms_[term.arguments[0]].width == width && build(term.arguments[0]).terms.size() == 1 &&
      build(term.arguments[0]).terms.contains({term.arguments[0].value})) {
    return term.arguments[0];
  }
  return terms_.resize(Kind::Truncate, width, atom);
}

// The bits of a sum up to the highest of the mask depend on the bits of its parts up to there alone.
TermId Ring::low_bits(TermId id, TermId mask) {
  RingPolynomial inner = build(id);
  const std::uint64_t below = mask_of(static_cast<unsigned>(std::bit_width(terms_[mask].value)));
  for (auto& [monomial, coefficient] : inner.terms) coefficient &= below;
  std::erase_if(inner.terms, [](const auto& one) { return one.second == 0; });
  return terms_.binary(Kind::And, to_term(inner), mask);
}

// What is combined bit by bit, in one order, equal ones once, or for xor not at all.
TermId Ring::bitwise(Kind kind, TermId left, TermId right) {
  const TermId plain = terms_.binary(kind, left, right);
  if (terms_[plain].kind != kind) return plain;
  const TermId constant = terms_[plain].arguments[1];
  if (kind == Kind::And && terms_.is_constant(constant)) return low_bits(terms_[plain].arguments[0], constant);
  std::vector<std::uint32_t> parts;
  collect(kind, plain, parts);
  std::sort(parts.begin(), parts.end());
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t part : parts) {
    const bool repeated = !kept.empty() && kept.back() == part;
    if (!repeated) kept.push_back(part);
    if (repeated && kind == Kind::Xor) kept.pop_back();
  }
  if (kept.empty()) return terms_.constant(terms_[plain].width, 0);
  TermId result{kept.front()};
  for (std::size_t i = 1; i < kept.size(); ++i) result = terms_.binary(kind, result, TermId{kept[i]});
  return result;
}

void Ring::collect(Kind kind, TermId id, std::vector<std::uint32_t>& parts) const {
  if (terms_[id].kind != kind) {
    parts.push_back(id.value);
    return;
  }
  for (std::size_t i = 0; i < 2; ++i) collect(kind, terms_[id].arguments[i], parts);
}

bool Ring::reduce(RingPolynomial& polynomial, const BinomialAtoms& binomials, std::vector<UsedRelation>& used) {
  for (bool again = true; again;) {
    again = false;
    for (const auto& [monomial, coefficient] : polynomial.terms) {
      std::vector<std::size_t> places;
      for (std::size_t i = 0; i < monomial.size() && places.size() < 2; ++i) {
        if (degree_of(binomials, monomial[i]) != 0) places.push_back(i);
      }
      if (places.size() < 2) continue;
      const unsigned i = degree_of(binomials, monomial[places[0]]);
      const unsigned j = degree_of(binomials, monomial[places[1]]);
      if (i + j > binomials.atoms.size()) return false;
      // C(k,i) * C(k,j) = sum over l of C(l,i) * C(i,l-j) * C(k,l): choose the union of both selections first.
      RingPolynomial relation;
      relation.width = polynomial.width;
      Monomial product = {monomial[places[0]], monomial[places[1]]};
      std::sort(product.begin(), product.end());
      accumulate(relation, product, 1);
      for (unsigned l = std::max(i, j); l <= i + j; ++l) {
        accumulate(relation, {binomials.atoms[l - 1].value}, 0 - choose(l, i) * choose(i, l - j));
      }
      RingPolynomial cofactor;
      cofactor.width = polynomial.width;
      Monomial rest = monomial;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(places[1]));
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(places[0]));
      accumulate(cofactor, rest, coefficient);
      used.push_back({to_term(relation), to_term(cofactor)});
      polynomial = subtract(polynomial, multiply(cofactor, relation));
      again = true;
      break;
    }
  }
  return true;
}

}  // namespace assay::smt
