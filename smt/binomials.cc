// Recognising binomial coefficients; see binomials.h. Tested by smt/test/theorems_test.cc.
#include "smt/binomials.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace assay::smt {
namespace {

TermId less(Terms& terms, TermId base, unsigned by) {
  const unsigned width = terms[base].width;
  return terms.add(base, terms.constant(width, 0 - std::uint64_t{by}));
}

void factors_of(const Terms& terms, TermId term, std::vector<std::uint32_t>& factors) {
  if (terms[term].kind == Kind::Mul) {
    factors_of(terms, terms[term].arguments[0], factors);
    factors_of(terms, terms[term].arguments[1], factors);
  } else {
    factors.push_back(term.value);
  }
}

struct Product {
  std::uint64_t constant = 1;
  std::vector<std::uint32_t> factors;  // sorted: how the product was nested does not matter
};

Product product_of(const Terms& terms, TermId term) {
  Product product;
  factors_of(terms, term, product.factors);
  std::erase_if(product.factors, [&](std::uint32_t factor) {
    if (!terms.is_constant(TermId{factor})) return false;
    product.constant *= terms[TermId{factor}].value;
    return true;
  });
  std::sort(product.factors.begin(), product.factors.end());
  return product;
}

// A term without a factor `x | 1` is none, which is seen at once.
bool may_be_code(const Terms& terms, const Product& product) {
  return std::any_of(product.factors.begin(), product.factors.end(), [&](std::uint32_t factor) {
    const Term& term = terms[TermId{factor}];
    return term.kind == Kind::Or && terms.is_constant(term.arguments[1], 1);
  });
}

}  // namespace

// Newton's iteration: each round doubles the number of right bits.
std::uint64_t inverse_of_odd(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int round = 0; round < 6; ++round) inverse *= 2 - odd * inverse;
  return inverse;
}

TermId binomial_code(Terms& terms, TermId base, unsigned degree) {
  if (degree == 1) return base;
  const unsigned width = terms[base].width;
  TermId result;
  std::uint64_t divisor = 1;
  if (degree % 2 == 1) {
    result = terms.mul(binomial_code(terms, base, degree - 1), less(terms, base, degree - 1));
    divisor = degree;
  } else {
    const TermId half = terms.binary(Kind::LShr, base, terms.constant(width, 1));
    result = binomial_code(terms, half, degree / 2);
    for (unsigned j = 0; j < degree / 2; ++j) {
      const TermId odd = terms.binary(Kind::Or, less(terms, base, 2 * j + 1), terms.constant(width, 1));
      result = terms.mul(result, odd);
      divisor *= 2 * j + 1;
    }
  }
  return terms.mul(result, terms.constant(width, inverse_of_odd(divisor)));
}

std::optional<Binomial> find_binomial(Terms& terms, TermId term, TermId base) {
  if (term == base) return Binomial{1, 1, {}};
  if (terms[term].kind != Kind::Mul || terms[term].width != terms[base].width) return std::nullopt;
  const Product product = product_of(terms, term);
  if (!may_be_code(terms, product)) return std::nullopt;
  for (unsigned degree = kMaxBinomial; degree >= 2; --degree) {
    const Product code = product_of(terms, binomial_code(terms, base, degree));
    if (!std::includes(product.factors.begin(), product.factors.end(), code.factors.begin(), code.factors.end()))
      continue;
    // The code's own constant is odd.
    const std::uint64_t multiplier = product.constant * inverse_of_odd(code.constant);
    std::vector<std::uint32_t> others;
    std::set_difference(product.factors.begin(), product.factors.end(), code.factors.begin(), code.factors.end(),
                        std::back_inserter(others));
    Binomial found{degree, multiplier & mask_of(terms[term].width), {}};
    for (const std::uint32_t other : others) found.others.push_back(TermId{other});
    return found;
  }
  return std::nullopt;
}

}  // namespace assay::smt
