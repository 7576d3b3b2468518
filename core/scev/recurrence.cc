// Algebra of add recurrences; see recurrence.h. Tested by core/scev/test/recurrence_test.cc.
#include "core/scev/recurrence.h"

#include <algorithm>
#include <utility>

namespace assay::scev {
namespace {

constexpr std::uint64_t factorial(std::size_t n) {
  std::uint64_t product = 1;
  for (std::size_t i = 2; i <= n; ++i) product *= i;
  return product;
}

void trim(AddRecurrence& recurrence) {
  while (recurrence.coefficients.size() > 1 && recurrence.coefficients.back().is_zero()) {
    recurrence.coefficients.pop_back();
  }
}

}  // namespace

bool AddRecurrence::poisoned() const {
  return std::any_of(coefficients.begin(), coefficients.end(), [](const Polynomial& c) { return c.poisoned; });
}

AddRecurrence invariant(Polynomial value) { return {{std::move(value)}, false}; }

AddRecurrence add(const AddRecurrence& left, const AddRecurrence& right) {
  AddRecurrence result = left.degree() >= right.degree() ? left : right;
  const AddRecurrence& other = left.degree() >= right.degree() ? right : left;
  result.forward_only = left.forward_only || right.forward_only;
  for (std::size_t i = 0; i <= other.degree(); ++i) {
    result.coefficients[i] = add(result.coefficients[i], other.coefficients[i]);
  }
  trim(result);
  return result;
}

AddRecurrence multiply(const AddRecurrence& left, const AddRecurrence& right) {
  const ast::Type type = left.type();
  if (left.degree() + right.degree() > kMaxRecurrenceDegree) return invariant(poison(type));
  if (right.degree() == 0) {
    AddRecurrence scaled = left;
    scaled.forward_only = left.forward_only || right.forward_only;
    for (Polynomial& coefficient : scaled.coefficients) coefficient = multiply(coefficient, right.start());
    trim(scaled);
    return scaled;
  }
  if (left.degree() == 0) return multiply(right, left);
  AddRecurrence result;
  result.forward_only = left.forward_only || right.forward_only;
  result.coefficients.assign(left.degree() + right.degree() + 1, constant(type, 0));
  for (std::size_t i = 0; i <= left.degree(); ++i) {
    for (std::size_t j = 0; j <= right.degree(); ++j) {
      const Polynomial product = multiply(left.coefficients[i], right.coefficients[j]);
      // C(k,i) C(k,j) = sum over m of m! / ((m-i)! (m-j)! (i+j-m)!) C(k,m)
      for (std::size_t m = std::max(i, j); m <= i + j; ++m) {
        const std::uint64_t factor = factorial(m) / (factorial(m - i) * factorial(m - j) * factorial(i + j - m));
        result.coefficients[m] = add(result.coefficients[m], scale(product, factor));
      }
    }
  }
  trim(result);
  return result;
}

AddRecurrence sum(Polynomial start, const AddRecurrence& summand) {
  if (summand.degree() + 1 > kMaxRecurrenceDegree) return invariant(poison(start.type));
  AddRecurrence result{{std::move(start)}, summand.forward_only};
  result.coefficients.insert(result.coefficients.end(), summand.coefficients.begin(), summand.coefficients.end());
  trim(result);
  return result;
}

AddRecurrence delay(const AddRecurrence& recurrence) {
  // C(k-1,i) = C(k,i) - C(k-1,i-1): from the highest coefficient down, what each takes over from the next is
  // subtracted.
  AddRecurrence result = recurrence;
  for (std::size_t i = result.degree(); i-- > 0;) {
    result.coefficients[i] = subtract(result.coefficients[i], result.coefficients[i + 1]);
  }
  return result;
}

Polynomial natural(Atoms& atoms, const Polynomial& value, ast::Type type) {
  if (value.type == type) return value;
  return atoms.operation(type == ast::Type::I32 ? ast::Op::Wrap : ast::Op::ExtendU, value);
}

Polynomial value_after(Atoms& atoms, const AddRecurrence& recurrence, const Polynomial& count) {
  // A binomial modulo 2^32 takes more than 32 bits of its argument: it is computed in the wider of the two types.
  const ast::Type type = recurrence.type();
  const Polynomial wide = type == ast::Type::I64 ? natural(atoms, count, type) : count;
  Polynomial result = recurrence.start();
  for (std::size_t i = 1; i <= recurrence.degree(); ++i) {
    const Polynomial binomial =
        wide.is_constant() ? constant(type, binomial_value(wide.type, wide.constant_term(), static_cast<unsigned>(i)))
                           : natural(atoms, atoms.binomial(wide, static_cast<unsigned>(i)), type);
    result = add(result, multiply(recurrence.coefficients[i], binomial));
  }
  return result;
}

std::uint64_t inverse_of_odd(std::uint64_t odd) {
  std::uint64_t inverse = odd;  // right in the lowest three bits
  for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
  return inverse;
}

std::uint64_t binomial_value(ast::Type type, std::uint64_t n, unsigned degree) {
  if (degree == 0) return 1;
  if (degree % 2 == 1) {
    return binomial_value(type, n, degree - 1) * (n - (degree - 1)) * inverse_of_odd(degree) & all_ones(type);
  }
  std::uint64_t product = binomial_value(type, n >> 1, degree / 2);
  for (unsigned j = 0; j < degree / 2; ++j) product *= ((n - 2 * j - 1) | 1) * inverse_of_odd(2 * j + 1);
  return product & all_ones(type);
}

}  // namespace assay::scev
