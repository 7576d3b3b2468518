// Faulhaber's formulas; see power_sums.h. Tested by core/scev/test/power_sums_test.cc.
#include "core/scev/power_sums.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace assay::scev {
namespace {

using ast::Type;

constexpr std::size_t kLeastPower = 3;
constexpr std::size_t kMostPower = 7;
// From a constant start binomials have constants as coefficients, and only few powers are shorter than all of them.
constexpr std::size_t kFewPowers = 2;
// By power; 0 + 1 + ... has no divisor behind the binomial.
constexpr std::array<std::uint64_t, kMostPower + 1> kDivisors = {1, 1, 3, 1, 15, 3, 21, 3};

// C(n, k) of small numbers, for which 64 bits are enough.
std::uint64_t choose(std::size_t n, std::size_t k) { return binomial_value(Type::I64, n, static_cast<unsigned>(k)); }

// The j-th difference of x^m at 0: j! times the Stirling number of the second kind.
constexpr std::uint64_t difference_of_power(std::size_t m, std::size_t j) {
  if (m == 0 || j == 0) return m == 0 && j == 0 ? 1 : 0;
  return j * (difference_of_power(m - 1, j) + difference_of_power(m - 1, j - 1));
}

// What an iteration adds, as a polynomial in `counter`, which rises by 1. The counter's value at the start.
struct PowersOf {
  Polynomial counter;
  std::vector<Polynomial> factors;  // by power
};

// Powers of `atom` in `value`, and what each is multiplied by. Empty where the power is too high.
std::vector<Polynomial> factors_of_powers(const Polynomial& value, AtomId atom) {
  std::vector<Polynomial> factors(kMostPower + 1, constant(value.type, 0));
  for (const Term& term : value.terms) {
    Term rest{{}, term.coefficient};
    std::size_t power = 0;
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      if (term.monomial.atoms[i] == atom.value) {
        ++power;
      } else {
        rest.monomial.atoms[rest.monomial.degree++] = term.monomial.atoms[i];
      }
    }
    if (power > kMostPower) return {};
    factors[power] = add(factors[power], {value.type, false, {rest}});
  }
  return factors;
}

// The differences at the start are those of the powers.
bool has_differences(const PowersOf& powers, const AddRecurrence& recurrence) {
  std::vector<Polynomial> counter = {constant(recurrence.type(), 1)};
  while (counter.size() < powers.factors.size()) counter.push_back(multiply(counter.back(), powers.counter));
  for (std::size_t j = 0; j < powers.factors.size(); ++j) {
    Polynomial wanted = constant(recurrence.type(), 0);
    for (std::size_t m = j; m < powers.factors.size(); ++m) {
      if (powers.factors[m].is_zero()) continue;
      Polynomial difference = constant(recurrence.type(), 0);
      for (std::size_t r = j; r <= m; ++r) {
        difference = add(difference, scale(counter[m - r], choose(m, r) * difference_of_power(r, j)));
      }
      wanted = add(wanted, multiply(powers.factors[m], difference));
    }
    const bool given = j + 1 < recurrence.coefficients.size();
    if (wanted.poisoned || (given ? !(recurrence.coefficients[j + 1] == wanted) : !wanted.is_zero())) return false;
  }
  return true;
}

// From constant differences, as powers of the number of the iteration; they are whole numbers if the source had such.
std::optional<PowersOf> powers_of_number(const AddRecurrence& recurrence) {
  const Type type = recurrence.type();
  std::vector<std::int64_t> differences;
  for (std::size_t j = 1; j <= recurrence.degree(); ++j) {
    if (!recurrence.coefficients[j].is_constant()) return std::nullopt;
    differences.push_back(as_signed(type, recurrence.coefficients[j].constant_term()));
  }
  PowersOf result{constant(type, 0), {kMostPower + 1, constant(type, 0)}};
  for (std::size_t m = differences.size(); m-- > 0;) {
    const auto lead = static_cast<std::int64_t>(difference_of_power(m, m));
    if (differences[m] % lead != 0) return std::nullopt;
    const auto factor = static_cast<std::uint64_t>(differences[m] / lead);
    result.factors[m] = constant(type, factor);
    for (std::size_t j = 0; j <= m; ++j) {
      differences[j] =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(differences[j]) - factor * difference_of_power(m, j));
    }
  }
  return result;
}

std::optional<PowersOf> powers_of_variable(const Atoms& atoms, const AddRecurrence& recurrence) {
  const Polynomial& first = recurrence.coefficients[1];
  std::vector<AtomId> tried;
  for (const Term& term : first.terms) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId atom{term.monomial.atoms[i]};
      const bool known = std::find(tried.begin(), tried.end(), atom) != tried.end();
      if (known || atoms[atom].kind != AtomKind::Initial) continue;
      tried.push_back(atom);
      PowersOf powers{of_atom(first.type, atom), factors_of_powers(first, atom)};
      if (powers.factors.empty()) continue;
      if (has_differences(powers, recurrence)) return powers;
      // The negative of one that falls rises.
      powers.counter = scale(powers.counter, all_ones(first.type));
      for (std::size_t m = 1; m <= kMostPower; m += 2) {
        powers.factors[m] = scale(powers.factors[m], all_ones(first.type));
      }
      if (has_differences(powers, recurrence)) return powers;
    }
  }
  return std::nullopt;
}

std::size_t highest_power(const PowersOf& powers) {
  std::size_t highest = powers.factors.size() - 1;
  while (highest > 0 && powers.factors[highest].is_zero()) --highest;
  return highest;
}

// Of (x + c)^m, which has all powers of x, the power of x + c.
PowersOf shifted(PowersOf powers) {
  const std::size_t highest = highest_power(powers);
  const Type type = powers.counter.type;
  if (highest == 0 || !powers.factors[highest].is_constant() || !powers.factors[highest - 1].is_constant()) {
    return powers;
  }
  const std::int64_t below = as_signed(type, powers.factors[highest - 1].constant_term());
  const std::int64_t divisor =
      as_signed(type, powers.factors[highest].constant_term() * static_cast<std::uint64_t>(highest));
  if (below == 0 || divisor == 0 || divisor == -1 || below % divisor != 0) return powers;
  const auto by = static_cast<std::uint64_t>(below / divisor);
  PowersOf result{add(powers.counter, constant(type, by)), {kMostPower + 1, constant(type, 0)}};
  for (std::size_t m = 0; m <= highest; ++m) {
    std::uint64_t power_of_shift = 1;
    for (std::size_t r = m + 1; r-- > 0;) {
      result.factors[r] = add(result.factors[r], scale(powers.factors[m], choose(m, r) * power_of_shift));
      power_of_shift *= 0 - by;
    }
  }
  return result;
}

std::size_t powers_in(const PowersOf& powers) {
  return static_cast<std::size_t>(std::count_if(powers.factors.begin(), powers.factors.end(),
                                                [](const Polynomial& factor) { return !factor.is_zero(); }));
}

// Sums of powers over `n` values from `x` on, each times kDivisors.
class Sums {
 public:
  Sums(Atoms& atoms, const Polynomial& x, Polynomial n, const Polynomial& n_over_2)
      : atoms_(atoms), n_(std::move(n)), type_(x.type) {
    y_ = atoms.whole(add(multiply(x, n_), n_over_2));
    t_ = atoms.whole(multiply(x, subtract(x, number(1))));
    z_ = atoms.whole(subtract(scale(x, 2), number(1)));
    q_ = atoms.whole(add(t_, scale(y_, 2)));
  }

  Polynomial of(std::size_t power) {
    switch (power) {
      case 0:
        return n_;
      case 1:
        return y_;
      case 2:
        return add(multiply(y_, z_), multiply(n_, q_));
      case 3:
        return multiply(y_, atoms_.whole(add(t_, y_)));
      case 4:
        return add(product({z_, y_, sum(scale(t_, 6), scale(y_, 6), -1)}),
                   product({n_, q_, sum(scale(t_, 3), scale(y_, 6), -1)}));
      case 5:
        return product({y_, sum(multiply(t_, sum(scale(t_, 3), number(0), -1)),
                                multiply(y_, sum(scale(t_, 6), scale(y_, 4), -1)), 0)});
      case 6:
        return add(product({z_, y_, slope(multiply(y_, sum(scale(t_, 18), scale(y_, 12), -6)))}),
                   product({n_, q_, sum(multiply(q_, sum(scale(q_, 3), number(0), -3)), number(0), 1)}));
      case 7: {
        const Polynomial highest = multiply(y_, sum(scale(t_, 12), scale(y_, 6), -4));
        const Polynomial lowest = sum(multiply(t_, sum(scale(t_, 3), number(0), -3)), number(0), 1);
        return product({y_, sum(multiply(t_, lowest), multiply(y_, slope(highest)), 0)});
      }
      default:
        return poison(type_);
    }
  }

 private:
  [[nodiscard]] Polynomial number(std::int64_t value) const {
    return constant(type_, static_cast<std::uint64_t>(value));
  }
  Polynomial sum(const Polynomial& left, const Polynomial& right, std::int64_t last) {
    return atoms_.whole(add(add(left, right), number(last)));
  }
  // What grows with y in the difference of cubes: (3 t - 1)^2, and what is added.
  Polynomial slope(const Polynomial& added) {
    const Polynomial root = sum(scale(t_, 3), number(0), -1);
    return sum(multiply(root, root), added, 0);
  }
  static Polynomial product(std::initializer_list<Polynomial> factors) {
    Polynomial result = *factors.begin();
    for (const Polynomial* factor = factors.begin() + 1; factor != factors.end(); ++factor) {
      result = multiply(result, *factor);
    }
    return result;
  }

  Atoms& atoms_;
  Polynomial n_;
  Type type_;
  Polynomial y_;  // what a sum of the counter itself grows by
  Polynomial t_;  // x (x - 1)
  Polynomial z_;  // 2 x - 1
  Polynomial q_;  // t at the other end
};

}  // namespace

std::optional<Polynomial> power_sum_after(Atoms& atoms, const AddRecurrence& recurrence, const Polynomial& count) {
  if (recurrence.degree() < kLeastPower + 1 || recurrence.degree() > kMostPower + 1 || count.is_constant()) {
    return std::nullopt;
  }
  std::optional<PowersOf> powers = powers_of_variable(atoms, recurrence);
  if (!powers) powers = powers_of_number(recurrence);
  if (!powers) return std::nullopt;
  powers = shifted(*powers);
  if (powers->counter.is_constant() && powers_in(*powers) > kFewPowers) return std::nullopt;
  const Type type = recurrence.type();
  const Polynomial wide = type == Type::I64 ? natural(atoms, count, type) : count;
  Sums sums(atoms, powers->counter, natural(atoms, count, type), natural(atoms, atoms.binomial(wide, 2), type));
  Polynomial result = recurrence.start();
  for (std::size_t m = 0; m <= kMostPower; ++m) {
    if (powers->factors[m].is_zero()) continue;
    const Polynomial factor = scale(powers->factors[m], inverse_of_odd(kDivisors[m]));
    result = add(result, multiply(factor, atoms.whole(sums.of(m))));
  }
  if (result.poisoned) return std::nullopt;
  return result;
}

}  // namespace assay::scev
