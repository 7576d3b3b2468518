// Finding add recurrences; see recurrence_finder.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/recurrence_finder.h"

#include <algorithm>
#include <utility>

namespace assay::scev {
namespace {

// Whether a count is c * (x - y) under the condition c that x is beyond y: it is then a natural number without
// wraparound for as long as c keeps its truth, which is a limit of the phase already.
bool guarded_by_its_condition(Atoms& atoms, const Polynomial& varying_count, const std::vector<ast::VarId>& variables) {
  const Polynomial count = freeze(atoms, varying_count, variables);
  if (count.terms.empty()) return true;
  for (std::size_t i = 0; i < count.terms[0].monomial.degree; ++i) {
    const AtomId id{count.terms[0].monomial.atoms[i]};
    const Atom* condition = atoms.comparison(id);
    if (condition == nullptr) continue;
    const Polynomial difference = subtract(condition->arguments[1], condition->arguments[0]);
    if (difference.type != count.type) continue;
    const Polynomial product = multiply(of_atom(count.type, id), difference);
    if (product == count || scale(product, ~std::uint64_t{0}) == count) return true;
  }
  return false;
}

// C(a + s k, d) where s is 1 or -1, or that under conditions: by Vandermonde, and C(-k, j) = (-1)^j C(k + j - 1, j),
// the coefficients are binomials of `a` alone.
std::optional<AddRecurrence> of_unit_step(Atoms& atoms, const AddRecurrence& argument, unsigned degree) {
  const Polynomial& step = argument.coefficients[1];
  const ast::Type type = step.type;
  if (step.terms.size() != 1) return std::nullopt;
  const Term& term = step.terms[0];
  const bool falling = term.coefficient == all_ones(type);
  if (term.coefficient != 1 && !falling) return std::nullopt;
  for (std::size_t i = 0; i < term.monomial.degree; ++i) {
    if (!Atoms::is_boolean(AtomId{term.monomial.atoms[i]})) return std::nullopt;
  }
  const Polynomial moves = falling ? scale(step, ~std::uint64_t{0}) : step;
  AddRecurrence result{{atoms.binomial(argument.start(), degree)}, false};
  for (unsigned i = 1; i <= degree; ++i) {
    Polynomial coefficient = constant(type, 0);
    for (unsigned j = i; j <= (falling ? degree : i); ++j) {
      const std::uint64_t sign = falling && j % 2 == 1 ? ~std::uint64_t{0} : 1;
      const std::uint64_t factor = falling ? binomial_value(type, j - 1, j - i) * sign : 1;
      coefficient = add(coefficient, scale(atoms.binomial(argument.start(), degree - j), factor));
    }
    result.coefficients.push_back(multiply(moves, coefficient));
  }
  return result;
}

}  // namespace

bool has_simple_step(const Atoms& atoms, const Polynomial& step) {
  if (step.is_constant()) return true;
  if (step.terms.size() != 1) return false;
  const Term& term = step.terms[0];
  std::size_t symbols = 0;
  for (std::size_t i = 0; i < term.monomial.degree; ++i) {
    const AtomId id{term.monomial.atoms[i]};
    if (Atoms::is_boolean(id)) continue;
    if (atoms[id].kind != AtomKind::Initial) return false;
    ++symbols;
  }
  const bool unit = term.coefficient == 1 || term.coefficient == all_ones(step.type);
  return symbols == 0 || (symbols == 1 && unit);
}

void RecurrenceFinder::find(const std::vector<Polynomial>& equations) {
  for (bool found = true; found;) {
    found = false;
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      if (knows(i)) continue;
      const Polynomial self = atoms_.variable(variables_[i], equations[i].type);
      const Polynomial increment = subtract(equations[i], self);
      if (atoms_.mentions(increment, self.single_atom())) continue;
      const std::optional<AddRecurrence> summand = of(increment);
      if (!summand) continue;
      AddRecurrence recurrence = sum(atoms_.initial(variables_[i], self.type), *summand);
      if (recurrence.poisoned()) continue;
      set(i, std::move(recurrence));
      found = true;
    }
  }
}

std::optional<AddRecurrence> RecurrenceFinder::of(const Polynomial& value) {
  if (value.poisoned) return std::nullopt;
  if (!atoms_.varying(value)) return invariant(value);
  AddRecurrence result = invariant(constant(value.type, 0));
  Polynomial invariants = constant(value.type, 0);
  for (const Term& term : value.terms) {
    Term rest;  // what does not vary
    rest.coefficient = term.coefficient;
    std::optional<AddRecurrence> product;
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId id{term.monomial.atoms[i]};
      if (!atoms_[id].varying) {
        rest.monomial.atoms[rest.monomial.degree++] = term.monomial.atoms[i];
        continue;
      }
      std::optional<AddRecurrence> factor = of_atom(id);
      if (!factor) return std::nullopt;
      product = product ? multiply(*product, *factor) : std::move(*factor);
    }
    if (!product) {
      invariants.terms.push_back(rest);
      continue;
    }
    const bool scaled = rest.monomial.degree > 0 || rest.coefficient != 1;
    if (scaled) product = multiply(*product, invariant({value.type, false, {rest}}));
    result = result.degree() == 0 && result.start().is_zero() ? std::move(*product) : add(result, *product);
  }
  result.coefficients[0] = add(result.coefficients[0], invariants);
  if (result.poisoned()) return std::nullopt;
  return result;
}

std::optional<AddRecurrence> RecurrenceFinder::of_atom(AtomId id) {
  const Atom& atom = atoms_[id];
  if (!atom.varying) return invariant(scev::of_atom(atom.type, id));
  if (atom.kind == AtomKind::Variable) {
    const auto place = std::lower_bound(variables_.begin(), variables_.end(), atom.variable);
    const auto index = static_cast<std::size_t>(place - variables_.begin());
    return knows(index) ? std::optional(*known_[index]) : std::nullopt;
  }
  if (atom.kind == AtomKind::Binomial) return of_binomial(atom);
  if (atom.op == ast::Op::ExtendU || atom.op == ast::Op::ExtendS) return of_extension(atom);
  if (atom.op != ast::Op::Wrap) return std::nullopt;
  std::optional<AddRecurrence> wide = of(atom.arguments[0]);
  if (!wide) return std::nullopt;
  for (Polynomial& coefficient : wide->coefficients) coefficient = atoms_.operation(ast::Op::Wrap, coefficient);
  return wide;
}

void RecurrenceFinder::require_unwrapped(const Polynomial& argument, const AddRecurrence& value, bool is_signed) {
  if (!is_signed && guarded_by_its_condition(atoms_, argument, variables_)) return;
  require({value, is_signed});
}

void RecurrenceFinder::require(const Unwrapped& one) {
  const bool known = std::any_of(unwrapped_.begin(), unwrapped_.end(), [&one](const Unwrapped& other) {
    return other.is_signed == one.is_signed && other.value.coefficients == one.value.coefficients;
  });
  if (!known) unwrapped_.push_back(one);
}

void RecurrenceFinder::require(const std::vector<Unwrapped>& others) {
  for (const Unwrapped& one : others) require(one);
}

std::optional<AddRecurrence> RecurrenceFinder::of_extension(const Atom& atom) {
  std::optional<AddRecurrence> value = of(atom.arguments[0]);
  if (!value || value->degree() > 1) return std::nullopt;
  if (value->degree() == 1) {
    require_unwrapped(atom.arguments[0], *value, atom.op == ast::Op::ExtendS);
    value->coefficients[1] = atoms_.operation(ast::Op::ExtendS, value->coefficients[1]);
  }
  value->coefficients[0] = atoms_.operation(atom.op, value->coefficients[0]);
  return value;
}

// C(a + s k, d) for a linear a + s k that does not wrap as a natural number: the coefficients are its differences at 0.
std::optional<AddRecurrence> RecurrenceFinder::of_binomial(const Atom& atom) {
  const std::optional<AddRecurrence> argument = of(atom.arguments[0]);
  if (!argument || argument->degree() > 1) return std::nullopt;
  if (argument->degree() == 0) return invariant(atoms_.binomial(argument->start(), atom.degree));
  if (!has_simple_step(atoms_, argument->coefficients[1])) return std::nullopt;
  require_unwrapped(atom.arguments[0], *argument, false);
  if (auto simple = of_unit_step(atoms_, *argument, atom.degree)) return simple;
  AddRecurrence result;
  result.forward_only = true;
  std::vector<Polynomial> values;
  for (unsigned t = 0; t <= atom.degree; ++t) {
    values.push_back(atoms_.binomial(add(argument->start(), scale(argument->coefficients[1], t)), atom.degree));
  }
  for (unsigned order = 0; order <= atom.degree; ++order) {
    result.coefficients.push_back(values[0]);
    for (unsigned t = 0; t + 1 < values.size(); ++t) values[t] = subtract(values[t + 1], values[t]);
    values.pop_back();
  }
  return result;
}

}  // namespace assay::scev
