// Names for ends of ranges; see named_end.h. Tested by smt/test/named_end_test.cc.
#include "smt/named_end.h"

#include <bit>
#include <optional>
#include <unordered_set>
#include <utility>

#include "smt/binomials.h"

namespace assay::smt {
namespace {

class NamedEnd {
 public:
  NamedEnd(Proving& proving, std::string name, TermId count)
      : proving_(proving), terms_(proving.terms), name_(std::move(name)), count_(count) {}

  std::vector<TermId> run(const std::vector<TermId>& assertions) {
    // The claim is the last: what it is about is named first.
    for (std::size_t i = assertions.size(); i-- > 0 && !end_;) find_end(assertions[i]);
    if (!end_) return assertions;
    const std::size_t before = proving_.mark();
    TermId count_by_end = count_;
    std::vector<TermId> facts;
    name_end();
    if (end_->terms.at(Monomial{count_.value}) % 2 == 1) {
      count_by_end = solve_for_count();
    } else if (!say_facts(facts)) {
      proving_.take_back(before);
      return assertions;
    }
    std::vector<TermId> changed;
    for (const TermId assertion : assertions) {
      const TermId there = terms_.substitute(assertion, {{count_.value, count_by_end}});
      Terms::Replacements known;
      if (!find_sums(there, known)) break;
      changed.push_back(terms_.substitute(there, known));
    }
    if (changed.size() == assertions.size() && proving_.discharge_all(std::move(obligations_))) {
      changed.insert(changed.end() - 1, facts.begin(), facts.end());
      return changed;
    }
    proving_.take_back(before);
    return assertions;
  }

 private:
  // A sum of a multiple of k and something else that is no number.
  void find_end(TermId id) {
    if (end_ || !seen_.insert(id.value).second) return;
    const Term term = terms_[id];
    if (term.kind == Kind::Add && term.width == terms_[count_].width) {
      RingPolynomial sum = proving_.ring.polynomial(id);
      const auto found = sum.terms.find({count_.value});
      if (found != sum.terms.end() && is_apart(sum)) {
        end_ = std::move(sum);
        return;
      }
    }
    for (const TermId argument : term.arguments) {
      if (argument.valid()) find_end(argument);
    }
  }

  // Symbols alone, and not only numbers beside the count.
  bool is_apart(const RingPolynomial& sum) const {
    bool other = false;
    for (const auto& [monomial, coefficient] : sum.terms) {
      if (monomial.size() > 1) return false;
      if (monomial.empty()) continue;
      if (terms_[TermId{monomial[0]}].kind != Kind::Symbol) return false;
      other = other || monomial[0] != count_.value;
    }
    return other;
  }

  // x = c * k + rest
  void name_end() {
    end_->terms.erase(Monomial{});
    named_ = *end_;
    RingPolynomial rest = *end_;
    rest.terms.erase(Monomial{count_.value});
    rest_ = proving_.ring.to_term(rest);
    symbol_ = terms_.symbol(rest.width, "end");
  }

  // k = (x - rest) / c, for odd c. The sums are then those of x.
  TermId solve_for_count() {
    const unsigned width = named_.width;
    const TermId inverse = terms_.constant(width, inverse_of_odd(end_->terms.at(Monomial{count_.value})));
    named_.terms = {{Monomial{symbol_.value}, 1}};
    return proving_.ring.normal(terms_.mul(terms_.sub(symbol_, rest_), inverse));
  }

  // For even c it is no other question with x any number; but what is said of x is so, and mostly enough: its low bits
  // are those of the rest, and it is the rest where k is 0.
  bool say_facts(std::vector<TermId>& facts) {
    const unsigned width = named_.width;
    const TermId end = proving_.ring.to_term(named_);
    const auto twos = static_cast<unsigned>(std::countr_zero(end_->terms.at(Monomial{count_.value})));
    const TermId mask = terms_.constant(width, mask_of(twos));
    const TermId low = terms_.binary(Kind::And, rest_, mask);
    if (!proving_.equal(name_ + ", low bits of an end", {}, terms_.binary(Kind::And, end, mask), low)) return false;
    facts.push_back(terms_.equal(terms_.binary(Kind::And, symbol_, mask), low));
    const TermId none = terms_.constant(width, 0);
    const TermId first = terms_.substitute(end, {{count_.value, none}});
    if (first != rest_ && !proving_.same_in_ring(first, rest_, name_ + ", the first end", obligations_)) return false;
    facts.push_back(terms_.either(terms_.negation(terms_.equal(count_, none)), terms_.equal(symbol_, rest_)));
    return true;
  }

  // Sums that are the named one and a number.
  bool find_sums(TermId id, Terms::Replacements& known) {
    if (known.contains(id.value)) return true;
    const Term term = terms_[id];
    if ((term.kind == Kind::Add || term.kind == Kind::Mul) && term.width == named_.width) {
      RingPolynomial rest = subtract(proving_.ring.polynomial(id), named_);
      rest.terms.erase(Monomial{});
      if (rest.is_zero()) {
        const TermId number = proving_.ring.to_term(subtract(proving_.ring.polynomial(id), named_));
        const TermId sum = terms_.add(proving_.ring.to_term(named_), number);
        if (id != sum && !proving_.same_in_ring(id, sum, name_ + ", an end", obligations_)) return false;
        known.emplace(id.value, terms_.add(symbol_, number));
        return true;
      }
    }
    for (const TermId argument : term.arguments) {
      if (argument.valid() && !find_sums(argument, known)) return false;
    }
    return true;
  }

  Proving& proving_;
  Terms& terms_;
  std::string name_;
  TermId count_;
  std::unordered_set<std::uint32_t> seen_;
  std::optional<RingPolynomial> end_;
  RingPolynomial named_;  // what the name is of, in the assertions as they are when it is put in
  TermId rest_;
  TermId symbol_;
  std::vector<Obligation> obligations_;
};

}  // namespace

std::vector<TermId> name_an_end(Proving& proving, const std::string& name, const std::vector<TermId>& assertions,
                                TermId count) {
  return NamedEnd(proving, name, count).run(assertions);
}

bool equal_by_named_end(Proving& proving, const std::string& name, const std::vector<TermId>& hypotheses, TermId left,
                        TermId right, TermId count) {
  Terms& terms = proving.terms;
  std::vector<TermId> assertions = hypotheses;
  assertions.push_back(terms.negation(terms.equal(left, right)));
  const std::size_t mark = proving.mark();
  const std::vector<TermId> named = name_an_end(proving, name, assertions, count);
  if (named != assertions) {
    if (proving.impossible(name, named)) return true;
    proving.take_back(mark);
  }
  return proving.impossible(name, assertions);
}

}  // namespace assay::smt
