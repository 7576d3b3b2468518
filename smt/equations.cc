// Solving equations; see equations.h. Tested by smt/test/equations_test.cc.
#include "smt/equations.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "smt/binomials.h"

namespace assay::smt {
namespace {

class Equations {
 public:
  Equations(Proving& proving, std::string name) : proving_(proving), terms_(proving.terms), name_(std::move(name)) {}

  std::vector<TermId> run(const std::vector<TermId>& assertions) {
    for (const TermId assertion : assertions) flatten(assertion);
    const std::size_t before = proving_.mark();
    widen_sums();
    if ((identities() || solved()) && proving_.discharge_all(std::move(obligations_))) return parts_;
    proving_.take_back(before);
    return assertions;
  }

 private:
  void flatten(TermId assertion) {
    const Term term = terms_[assertion];
    if (term.kind == Kind::Both) {
      flatten(term.arguments[0]);
      flatten(term.arguments[1]);
    } else {
      parts_.push_back(assertion);
    }
  }

  [[nodiscard]] bool is_equation(TermId id) const {
    const Term& term = terms_[id];
    return term.kind == Kind::Equal && terms_[term.arguments[0]].width > 0;
  }

  // In equations the extension of x + k * s is that of x, plus k * s, where the other assertions do not let it wrap.
  void widen_sums() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!is_equation(parts_[i])) continue;
      for (const TermId side : {terms_[parts_[i]].arguments[0], terms_[parts_[i]].arguments[1]}) {
        const auto sum = widened_sum(side);
        if (!sum) continue;
        std::vector<TermId> assumed = parts_;
        assumed[i] = terms_.negation(terms_.equal(side, *sum));
        std::swap(assumed[i], assumed.back());
        const std::size_t mark = proving_.mark();
        if (proving_.impossible(name_ + ", no wraparound", assumed)) {
          parts_[i] = terms_.substitute(parts_[i], {{side.value, *sum}});
        } else {
          proving_.take_back(mark);
        }
      }
    }
  }

  // Of the extension of a sum with a multiple of a count: the sum of the extensions. The count is the latest symbol.
  std::optional<TermId> widened_sum(TermId id) {
    const Term term = terms_[id];
    if (term.kind != Kind::ZeroExtend && term.kind != Kind::SignExtend) return std::nullopt;
    RingPolynomial rest = proving_.ring.polynomial(term.arguments[0]);
    TermId count;
    std::uint64_t step = 0;
    for (const auto& [monomial, coefficient] : rest.terms) {
      if (monomial.size() != 1) continue;
      const Term atom = terms_[TermId{monomial[0]}];
      const TermId symbol = atom.kind == Kind::Truncate ? atom.arguments[0] : TermId{monomial[0]};
      if (terms_[symbol].kind != Kind::Symbol || terms_[symbol].width > term.width) continue;
      if (count.valid() && symbol.value < count.value) continue;
      count = symbol;
      step = coefficient;
    }
    if (!count.valid() || rest.terms.size() < 2) return std::nullopt;
    const unsigned narrow = terms_[term.arguments[0]].width;
    std::erase_if(rest.terms, [&](const auto& one) {
      return one.first == Monomial{count.value} || one.first == Monomial{proving_.resized(count, narrow).value};
    });
    const auto by = static_cast<std::uint64_t>(signed_value(narrow, step));
    const TermId multiple = terms_.mul(proving_.resized(count, term.width), terms_.constant(term.width, by));
    return terms_.add(terms_.resize(term.kind, term.width, proving_.ring.to_term(rest)), multiple);
  }

  // Whether an assertion denies an equation that is an identity: they contradict each other.
  bool identities() {
    for (const TermId part : parts_) {
      if (terms_[part].kind != Kind::Not || !is_equation(terms_[part].arguments[0])) continue;
      const Term equation = terms_[terms_[part].arguments[0]];
      // What is no product would be asked for nothing here.
      const bool product = has_product(equation.arguments[0]) || has_product(equation.arguments[1]);
      if (!product || !proving_.same_in_ring(equation.arguments[0], equation.arguments[1], name_, obligations_))
        continue;
      parts_ = {terms_.truth(false)};
      return true;
    }
    return false;
  }

  [[nodiscard]] bool has_product(TermId id) const {
    const Term& term = terms_[id];
    if (term.kind == Kind::Mul) return true;
    if (term.kind != Kind::Add) return false;
    return has_product(term.arguments[0]) || has_product(term.arguments[1]);
  }

  bool solved() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!is_equation(parts_[i])) continue;
      const Term equation = terms_[parts_[i]];
      if (!has_product(equation.arguments[0]) && !has_product(equation.arguments[1])) continue;
      const TermId difference = terms_.sub(equation.arguments[0], equation.arguments[1]);
      const RingPolynomial polynomial = proving_.ring.polynomial(difference);
      for (const auto& [monomial, coefficient] : polynomial.terms) {
        if (monomial.size() != 1 || coefficient % 2 == 0) continue;
        const TermId symbol{monomial[0]};
        if (terms_[symbol].kind == Kind::Symbol && solve_for(i, symbol, coefficient, polynomial)) return true;
      }
    }
    return false;
  }

  bool solve_for(std::size_t equation, TermId symbol, std::uint64_t coefficient, RingPolynomial rest) {
    rest.terms.erase({symbol.value});
    const TermId inverse = terms_.constant(rest.width, inverse_of_odd(coefficient));
    const TermId solution = proving_.ring.normal(terms_.negate(terms_.mul(proving_.ring.to_term(rest), inverse)));
    if (terms_.mentions(solution, {symbol.value})) return false;
    std::vector<TermId> changed;
    std::vector<Obligation> obligations;
    bool any = false;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i == equation) continue;
      Terms::Replacements found;
      const TermId there = terms_.substitute(parts_[i], {{symbol.value, solution}});
      if (!find_counts(there, found, obligations)) return false;
      any = any || !found.empty();
      changed.push_back(terms_.substitute(there, found));
    }
    if (!any) return false;
    const Term both = terms_[parts_[equation]];
    const TermId difference = terms_.mul(terms_.sub(both.arguments[0], both.arguments[1]), inverse);
    if (!proving_.same_in_ring(difference, terms_.sub(symbol, solution), name_ + ", the equation", obligations))
      return false;
    parts_ = std::move(changed);
    obligations_ = std::move(obligations);
    return true;
  }

  // Sums and products that are a symbol alone, by the solution. False if a theorem about them is not proved.
  bool find_counts(TermId id, Terms::Replacements& found, std::vector<Obligation>& obligations) {
    if (found.contains(id.value)) return true;
    const Term term = terms_[id];
    if (term.kind == Kind::Mul || term.kind == Kind::Add) {
      const TermId normal = proving_.ring.normal(id);
      if (terms_[normal].kind == Kind::Symbol && normal != id) {
        if (!proving_.same_in_ring(id, normal, name_ + ", the count", obligations)) return false;
        found.emplace(id.value, normal);
        return true;
      }
    }
    if (term.kind == Kind::And && terms_.is_constant(term.arguments[1])) {
      if (const auto count = meeting_count(term, obligations)) {
        found.emplace(id.value, *count);
        return true;
      }
    }
    for (const TermId argument : term.arguments) {
      if (argument.valid() && !find_counts(argument, found, obligations)) return false;
    }
    return true;
  }

  // ((k * 2^t * odd) >> t) * inverse & mask
  std::optional<TermId> meeting_count(const Term& term, std::vector<Obligation>& obligations) {
    const Term product = terms_[term.arguments[0]];
    if (product.kind != Kind::Mul || !terms_.is_constant(product.arguments[1])) return std::nullopt;
    const Term shift = terms_[product.arguments[0]];
    if (shift.kind != Kind::LShr || !terms_.is_constant(shift.arguments[1])) return std::nullopt;
    const std::uint64_t twos = terms_[shift.arguments[1]].value;
    if (twos == 0 || twos >= term.width) return std::nullopt;
    if (terms_[term.arguments[1]].value != mask_of(term.width - static_cast<unsigned>(twos))) return std::nullopt;
    const RingPolynomial distance = proving_.ring.polynomial(shift.arguments[0]);
    if (distance.terms.size() != 1) return std::nullopt;
    const auto& [monomial, coefficient] = *distance.terms.begin();
    if (monomial.size() != 1 || terms_[TermId{monomial[0]}].kind != Kind::Symbol) return std::nullopt;
    // The step is negative where its sign bit is set: its odd part keeps the sign.
    const std::int64_t odd = signed_value(term.width, coefficient) >> twos;
    const auto step = static_cast<std::uint64_t>(odd) << twos;
    if ((step & mask_of(term.width)) != coefficient || odd % 2 == 0) return std::nullopt;
    const std::uint64_t inverse = inverse_of_odd(static_cast<std::uint64_t>(odd));
    if (terms_[product.arguments[1]].value != (inverse & mask_of(term.width))) return std::nullopt;
    if (!proving_.meeting(term.width, static_cast<unsigned>(twos), static_cast<std::uint64_t>(odd)))
      return std::nullopt;
    const TermId k{monomial[0]};
    const TermId stepped = terms_.mul(k, terms_.constant(term.width, coefficient));
    if (!proving_.same_in_ring(shift.arguments[0], stepped, name_ + ", the distance", obligations)) return std::nullopt;
    return terms_.binary(Kind::And, k, term.arguments[1]);
  }

  Proving& proving_;
  Terms& terms_;
  std::string name_;
  std::vector<TermId> parts_;
  std::vector<Obligation> obligations_;
};

}  // namespace

std::vector<TermId> solve_equations(Proving& proving, const std::string& name, const std::vector<TermId>& assertions) {
  return Equations(proving, name).run(assertions);
}

}  // namespace assay::smt
