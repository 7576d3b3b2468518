// Ring arithmetic of polynomials; see polynomial.h. Tested by core/scev/test/polynomial_test.cc.
#include "core/scev/polynomial.h"

#include <algorithm>
#include <compare>
#include <utility>

namespace assay::scev {
namespace {

// left + factor * right, both sorted.
Polynomial merge(const Polynomial& left, const Polynomial& right, std::uint64_t factor) {
  if (left.poisoned || right.poisoned) return poison(left.type);
  if (right.terms.empty()) return left;
  if (left.terms.empty() && factor == 1) return right;
  Polynomial result{left.type, false, {}};
  const std::uint64_t mask = all_ones(left.type);
  result.terms.reserve(left.terms.size() + right.terms.size());
  const Term* l = left.terms.begin();
  const Term* r = right.terms.begin();
  const Term* const l_end = left.terms.end();
  const Term* const r_end = right.terms.end();
  while (l != l_end || r != r_end) {
    if (r == r_end) {
      result.terms.push_back(*l++);
      continue;
    }
    const auto order = l == l_end ? std::strong_ordering::greater : l->monomial <=> r->monomial;
    if (order < 0) {
      result.terms.push_back(*l++);
      continue;
    }
    Term term = *r++;
    term.coefficient *= factor;
    if (order == 0) term.coefficient += (l++)->coefficient;
    term.coefficient &= mask;
    if (term.coefficient != 0) result.terms.push_back(term);
  }
  if (result.terms.size() > kMaxTerms) return poison(left.type);
  return result;
}

// False when the degree is beyond the bound.
bool multiply(const Monomial& left, const Monomial& right, Monomial& product) {
  std::array<std::uint16_t, 2 * kMaxDegree> merged{};
  const auto merged_end = std::merge(left.atoms.begin(), left.atoms.begin() + left.degree, right.atoms.begin(),
                                     right.atoms.begin() + right.degree, merged.begin());
  product = {};
  std::size_t degree = 0;
  for (auto it = merged.begin(); it != merged_end; ++it) {
    const bool repeated_boolean = (*it & kBooleanAtomBit) != 0 && it != merged.begin() && *(it - 1) == *it;
    if (repeated_boolean) continue;
    if (degree == kMaxDegree) return false;
    product.atoms[degree++] = *it;
  }
  product.degree = static_cast<std::uint16_t>(degree);
  return true;
}

}  // namespace

Polynomial constant(ast::Type type, std::uint64_t bits) {
  Polynomial result{type, false, {}};
  bits &= all_ones(type);
  if (bits != 0) result.terms.push_back({{}, bits});
  return result;
}

Polynomial poison(ast::Type type) { return {type, true, {}}; }

Polynomial of_atom(ast::Type type, AtomId atom) {
  Term term;
  term.monomial.atoms[0] = static_cast<std::uint16_t>(atom.value);
  term.monomial.degree = 1;
  term.coefficient = 1;
  return {type, false, {term}};
}

Polynomial add(const Polynomial& left, const Polynomial& right) { return merge(left, right, 1); }
Polynomial subtract(const Polynomial& left, const Polynomial& right) { return merge(left, right, ~std::uint64_t{0}); }

Polynomial scale(const Polynomial& polynomial, std::uint64_t factor) {
  if (factor == 1) return polynomial;
  return merge({polynomial.type, false, {}}, polynomial, factor);
}

Polynomial multiply(const Polynomial& left, const Polynomial& right) {
  if (left.poisoned || right.poisoned || left.terms.size() * right.terms.size() > 4 * kMaxTerms) {
    return left.is_zero() || right.is_zero() ? constant(left.type, 0) : poison(left.type);
  }
  if (right.is_constant()) return scale(left, right.constant_term());
  if (left.is_constant()) return scale(right, left.constant_term());
  TermList products;
  products.reserve(left.terms.size() * right.terms.size());
  const std::uint64_t mask = all_ones(left.type);
  for (const Term& l : left.terms) {
    for (const Term& r : right.terms) {
      Term term;
      term.coefficient = l.coefficient * r.coefficient & mask;
      if (term.coefficient == 0) continue;
      if (!multiply(l.monomial, r.monomial, term.monomial)) return poison(left.type);
      products.push_back(term);
    }
  }
  std::sort(products.begin(), products.end(), [](const Term& l, const Term& r) { return l.monomial < r.monomial; });
  Polynomial result{left.type, false, {}};
  for (std::size_t i = 0; i < products.size();) {
    Term term = products[i];
    for (++i; i < products.size() && products[i].monomial == term.monomial; ++i) {
      term.coefficient += products[i].coefficient;
    }
    term.coefficient &= mask;
    if (term.coefficient != 0) result.terms.push_back(term);
  }
  if (result.terms.size() > kMaxTerms) return poison(left.type);
  return result;
}

}  // namespace assay::scev
