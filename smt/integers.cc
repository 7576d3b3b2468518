// Bit vectors as integers; see integers.h. Tested by smt/test/integers_test.cc.
#include "smt/integers.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

#include "smt/script.h"

namespace assay::smt {
namespace {

// 2^width, which does not fit a 64-bit number.
std::string power_of_two(unsigned width) {
  return width == 64 ? "18446744073709551616" : std::to_string(std::uint64_t{1} << width);
}

std::string number(unsigned width, std::uint64_t bits) {
  const std::int64_t value = signed_value(width, bits);
  if (value >= 0) return std::to_string(value);
  return fmt::format("(- {})", value == INT64_MIN ? "9223372036854775808" : std::to_string(-value));
}

// Sums of products of atoms, exact but for the coefficients, which are modulo 2^w. Choices stay whole.
using Factors = std::vector<std::uint32_t>;
using Sum = std::map<Factors, std::uint64_t>;

class Translation {
 public:
  explicit Translation(Terms& terms) : terms_(terms) {}

  std::optional<std::string> script(const std::vector<TermId>& assertions, const std::string& comment) {
    std::vector<std::string> said;
    for (const TermId assertion : assertions) said.push_back(truth(assertion));
    if (refused_) return std::nullopt;
    order_products();
    std::string text = comment + "(set-logic QF_LIA)\n" + declarations_;
    for (const std::string& fact : facts_) text += "(assert " + fact + ")\n";
    for (const std::string& assertion : said) text += "(assert " + assertion + ")\n";
    return text + "(check-sat)\n";
  }

  [[nodiscard]] bool exact() const { return products_.empty() && !opaque_; }

 private:
  std::string fresh(std::string_view prefix) {
    std::string name = fmt::format("{}{}", prefix, count_++);
    declarations_ += "(declare-const " + name + " Int)\n";
    return name;
  }

  std::string refuse() {
    refused_ = true;
    return "0";
  }

  // Some number: what it is of is not said.
  std::string opaque(unsigned width) {
    opaque_ = true;
    const std::string name = fresh("opaque");
    within(name, width);
    return name;
  }

  void fact(std::string text) { facts_.push_back(std::move(text)); }

  void add_to(Sum& sum, TermId id, std::uint64_t coefficient) {
    const Term term = terms_[id];
    if (term.kind == Kind::Constant) {
      sum[{}] += term.value * coefficient;
    } else if (term.kind == Kind::Add) {
      add_to(sum, term.arguments[0], coefficient);
      add_to(sum, term.arguments[1], coefficient);
    } else if (const auto choice = as_choice(term)) {
      sum[{choice->value}] += coefficient;
    } else if (term.kind == Kind::Mul) {
      Sum left;
      Sum right;
      add_to(left, term.arguments[0], 1);
      add_to(right, term.arguments[1], 1);
      for (const auto& [l, l_coefficient] : left) {
        for (const auto& [r, r_coefficient] : right) {
          Factors product;
          std::merge(l.begin(), l.end(), r.begin(), r.end(), std::back_inserter(product));
          sum[product] += l_coefficient * r_coefficient * coefficient;
        }
      }
    } else {
      sum[{id.value}] += coefficient;
    }
  }

  // A choice between numbers, times a value, is a choice between multiples of the value.
  std::optional<TermId> as_choice(const Term& term) {
    if (term.kind != Kind::Mul) return std::nullopt;
    for (std::size_t i = 0; i < 2; ++i) {
      TermId factor = term.arguments[i];
      if (terms_[factor].kind == Kind::ZeroExtend) factor = terms_[factor].arguments[0];
      if (terms_[factor].kind == Kind::Ite && chooses_numbers(factor))
        return multiples(factor, term.arguments[1 - i], term.width);
    }
    return std::nullopt;
  }

  bool chooses_numbers(TermId id) const {
    const Term& term = terms_[id];
    if (term.kind == Kind::Constant) return true;
    return term.kind == Kind::Ite && chooses_numbers(term.arguments[1]) && chooses_numbers(term.arguments[2]);
  }

  TermId multiples(TermId choice, TermId value, unsigned width) {
    const Term term = terms_[choice];
    if (term.kind == Kind::Constant) return terms_.mul(value, terms_.constant(width, term.value));
    const TermId yes = multiples(term.arguments[1], value, width);
    return terms_.ite(term.arguments[0], yes, multiples(term.arguments[2], value, width));
  }

  // The exact product of the values of atoms.
  std::string product(const Factors& factors) {
    if (factors.size() == 1) return value(TermId{factors[0]});
    const auto found = products_.find(factors);
    if (found != products_.end()) return found->second;
    for (const std::uint32_t factor : factors) value(TermId{factor});
    const std::string name = fresh("product");
    fact(fmt::format("(>= {} 0)", name));
    products_.emplace(factors, name);
    return name;
  }

  std::string sum_of(TermId id, unsigned width) {
    Sum sum;
    add_to(sum, id, 1);
    return sum_of(std::move(sum), width);
  }

  std::string sum_of(Sum sum, unsigned width) {
    for (auto& [factors, coefficient] : sum) coefficient &= mask_of(width);
    std::erase_if(sum, [](const auto& part) { return part.second == 0; });
    if (const auto known = sums_.find({width, sum}); known != sums_.end()) return known->second;
    const auto choice = only_choice(sum);
    const std::string result = choice ? choice_of_sums(sum, *choice, width) : plain_sum(sum, width);
    sums_.emplace(std::pair(width, std::move(sum)), result);
    return result;
  }

  std::string plain_sum(const Sum& sum, unsigned width) {
    std::string text;
    for (const auto& [factors, coefficient] : sum) {
      const std::string factor = number(width, coefficient);
      text += factors.empty() ? " " + factor : fmt::format(" (* {} {})", factor, product(factors));
    }
    if (sum.empty()) return "0";
    const std::string total = sum.size() == 1 ? text.substr(1) : "(+" + text + ")";
    const std::string result = fresh("v");
    const std::string carry = fresh("carry");
    fact(fmt::format("(= {} (- {} (* {} {})))", result, total, power_of_two(width), carry));
    within(result, width);
    return result;
  }

  // The one part that is a choice.
  std::optional<std::uint32_t> only_choice(const Sum& sum) const {
    std::optional<std::uint32_t> found;
    for (const auto& [factors, coefficient] : sum) {
      if (factors.size() != 1 || terms_[TermId{factors[0]}].kind != Kind::Ite) continue;
      if (found) return std::nullopt;
      found = factors[0];
    }
    return sum.size() > 1 ? found : std::nullopt;
  }

  // x + (c ? y - x : 0) is c ? y : x.
  std::string choice_of_sums(const Sum& sum, std::uint32_t choice, unsigned width) {
    const Term term = terms_[TermId{choice}];
    const std::uint64_t coefficient = sum.at(Factors{choice});
    Sum yes = sum;
    yes.erase(Factors{choice});
    Sum no = yes;
    add_to(yes, term.arguments[1], coefficient);
    add_to(no, term.arguments[2], coefficient);
    const std::string condition = truth(term.arguments[0]);
    const std::string if_true = sum_of(std::move(yes), width);
    return fmt::format("(ite {} {} {})", condition, if_true, sum_of(std::move(no), width));
  }

  void within(const std::string& name, unsigned width) {
    fact(fmt::format("(and (<= 0 {0}) (< {0} {1}))", name, power_of_two(width)));
  }

  // Quotient and remainder; the quotient's term is the atom of its product with the divisor.
  std::pair<std::string, std::string> divided(TermId quotient, TermId dividend, TermId divisor) {
    if (const auto known = divided_.find(quotient.value); known != divided_.end()) return known->second;
    const unsigned width = terms_[dividend].width;
    if (terms_.is_constant(divisor) && !terms_.is_constant(divisor, 0)) {
      const auto parts = divided_by_number(dividend, terms_[divisor].value);
      values_.emplace(quotient.value, parts.first);
      divided_.emplace(quotient.value, parts);
      return parts;
    }
    const std::string d = value(dividend);
    const std::string s = value(divisor);
    const std::string q = fresh("q");
    const std::string r = fresh("r");
    values_.emplace(quotient.value, q);
    within(q, width);
    within(r, width);
    Factors factors = {quotient.value, divisor.value};
    std::sort(factors.begin(), factors.end());
    const std::string part = terms_.is_constant(divisor) ? fmt::format("(* {} {})", s, q) : product(factors);
    fact(fmt::format("(=> (> {0} 0) (and (= {1} (+ {2} {3})) (< {3} {0})))", s, d, part, r));
    fact(fmt::format("(=> (= {0} 0) (and (= {1} (- {2} 1)) (= {3} {4})))", s, q, power_of_two(width), r, d));
    return {q, r};
  }

  // A quotient that no term of the question is stands for itself by this.
  std::pair<std::string, std::string> divided_by_number(TermId dividend, std::uint64_t divisor) {
    return divided_by_number(value(dividend), divisor);
  }
  std::pair<std::string, std::string> divided_by_number(const std::string& d, std::uint64_t divisor) {
    const std::string q = fresh("q");
    const std::string r = fresh("r");
    fact(fmt::format("(and (= {0} (+ (* {1} {2}) {3})) (<= 0 {2}) (<= 0 {3}) (< {3} {1}))", d, divisor, q, r));
    return {q, r};
  }

  // It has the sign of the dividend, whatever that of the divisor.
  std::string signed_remainder(TermId remainder, TermId dividend, std::int64_t divisor, unsigned width) {
    const std::string d = signed_of(dividend);
    const std::string q = fresh("q");
    const std::string r = fresh("r");
    const std::uint64_t magnitude =
        divisor < 0 ? 0 - static_cast<std::uint64_t>(divisor) : static_cast<std::uint64_t>(divisor);
    fact(fmt::format("(= {} (+ (* {} {}) {}))", d, magnitude, q, r));
    fact(
        fmt::format("(ite (>= {0} 0) (and (<= 0 {1}) (< {1} {2})) (and (<= {1} 0) (< (- {2}) {1})))", d, r, magnitude));
    remainders_.emplace(remainder.value, r);
    return fmt::format("(ite (< {0} 0) (+ {0} {1}) {0})", r, power_of_two(width));
  }

  std::string value(TermId id) {
    if (const auto found = values_.find(id.value); found != values_.end()) return found->second;
    const std::string result = make_value(id);
    values_.emplace(id.value, result);
    return result;
  }

  std::string make_value(TermId id) {
    const Term term = terms_[id];
    const auto constant = [&](std::size_t i) -> std::optional<std::uint64_t> {
      if (!terms_.is_constant(term.arguments[i])) return std::nullopt;
      return terms_[term.arguments[i]].value;
    };
    switch (term.kind) {
      case Kind::Constant:
        return std::to_string(term.value);
      case Kind::Symbol: {
        const std::string name = "|" + name_in_script(terms_.symbol_name(id), symbols_++) + "|";
        declarations_ += "(declare-const " + name + " Int)\n";
        within(name, term.width);
        return name;
      }
      case Kind::Add:
      case Kind::Mul:
        return sum_of(id, term.width);
      case Kind::UDiv:
        return divided(id, term.arguments[0], term.arguments[1]).first;
      case Kind::URem:
        if (constant(1).value_or(0) == 0) return refuse();
        return divided(terms_.binary(Kind::UDiv, term.arguments[0], term.arguments[1]), term.arguments[0],
                       term.arguments[1])
            .second;
      case Kind::SRem: {
        const auto divisor = constant(1);
        if (divisor.value_or(0) == 0) return refuse();
        return signed_remainder(id, term.arguments[0], signed_value(term.width, *divisor), term.width);
      }
      case Kind::LShr: {
        const auto count = constant(1);
        if (!count || *count >= term.width || *count > 62) return refuse();
        return divided_by_number(term.arguments[0], std::uint64_t{1} << *count).first;
      }
      case Kind::And: {
        const auto mask = constant(1);
        if (!mask || *mask == 0) return refuse();
        // Some bits in a row.
        const auto below = static_cast<unsigned>(std::countr_zero(*mask));
        const std::uint64_t row = *mask >> below;
        if ((row & (row + 1)) != 0 || row + 1 == 0) return refuse();
        if (below == 0) return divided_by_number(term.arguments[0], row + 1).second;
        const std::string shifted = divided_by_number(term.arguments[0], std::uint64_t{1} << below).first;
        return fmt::format("(* {} {})", std::uint64_t{1} << below, divided_by_number(shifted, row + 1).second);
      }
      case Kind::Ite: {
        const std::string condition = truth(term.arguments[0]);
        const std::string yes = value(term.arguments[1]);
        return fmt::format("(ite {} {} {})", condition, yes, value(term.arguments[2]));
      }
      case Kind::ZeroExtend:
        return value(term.arguments[0]);
      case Kind::Truncate: {
        const std::string result = fresh("v");
        const std::string carry = fresh("carry");
        const std::string whole = value(term.arguments[0]);
        fact(fmt::format("(= {} (- {} (* {} {})))", result, whole, power_of_two(term.width), carry));
        within(result, term.width);
        return result;
      }
      case Kind::SignExtend: {
        const unsigned inner = terms_[term.arguments[0]].width;
        const std::string narrow = value(term.arguments[0]);
        return fmt::format("(ite (< {0} {1}) {0} (- (+ {0} {2}) {3}))", narrow, power_of_two(inner - 1),
                           power_of_two(term.width), power_of_two(inner));
      }
      case Kind::Shl:
      case Kind::AShr:
      case Kind::SDiv:
      case Kind::Xor:
      case Kind::Or:
        return opaque(term.width);
      default:
        return refuse();
    }
  }

  std::string signed_of(TermId id) {
    const unsigned width = terms_[id].width;
    if (terms_.is_constant(id)) return number(width, terms_[id].value);
    const std::string bits = value(id);
    if (const auto known = remainders_.find(id.value); known != remainders_.end()) return known->second;
    return fmt::format("(ite (< {0} {1}) {0} (- {0} {2}))", bits, power_of_two(width - 1), power_of_two(width));
  }

  std::string truth(TermId id) {
    if (const auto found = truths_.find(id.value); found != truths_.end()) return found->second;
    std::string result = make_truth(id);
    // Named, so that what is shared is said once.
    if (result.size() > 60) {
      const std::string name = fmt::format("c{}", count_++);
      declarations_ += "(declare-const " + name + " Bool)\n";
      fact(fmt::format("(= {} {})", name, result));
      result = name;
    }
    truths_.emplace(id.value, result);
    return result;
  }

  std::string make_truth(TermId id) {
    const Term term = terms_[id];
    switch (term.kind) {
      case Kind::Constant:
        return term.value != 0 ? "true" : "false";
      case Kind::Symbol: {
        const std::string name = "|" + name_in_script(terms_.symbol_name(id), symbols_++) + "|";
        declarations_ += "(declare-const " + name + " Bool)\n";
        return name;
      }
      case Kind::Ult: {
        const std::string left = value(term.arguments[0]);
        return fmt::format("(< {} {})", left, value(term.arguments[1]));
      }
      case Kind::Slt: {
        const std::string left = signed_of(term.arguments[0]);
        return fmt::format("(< {} {})", left, signed_of(term.arguments[1]));
      }
      case Kind::Equal: {
        if (terms_[term.arguments[0]].width == 0) {
          const std::string left = truth(term.arguments[0]);
          return fmt::format("(= {} {})", left, truth(term.arguments[1]));
        }
        // A remainder is known with its sign; to take that off and compare costs cvc5 half a minute.
        if (terms_[term.arguments[0]].kind == Kind::SRem || terms_[term.arguments[1]].kind == Kind::SRem) {
          const std::string left = signed_of(term.arguments[0]);
          return fmt::format("(= {} {})", left, signed_of(term.arguments[1]));
        }
        const std::string left = value(term.arguments[0]);
        return fmt::format("(= {} {})", left, value(term.arguments[1]));
      }
      case Kind::Both: {
        const std::string left = truth(term.arguments[0]);
        return fmt::format("(and {} {})", left, truth(term.arguments[1]));
      }
      case Kind::Not:
        return fmt::format("(not {})", truth(term.arguments[0]));
      default:
        return refuse();
    }
  }

  // x * s and y * s are ordered as x and y are, and differ by s at least where those differ.
  void order_products() {
    for (auto one = products_.begin(); one != products_.end(); ++one) {
      if (one->first.size() == 2) {
        const std::string x = value(TermId{one->first[0]});
        const std::string y = value(TermId{one->first[1]});
        for (const auto& [l, r] : {std::pair(x, y), std::pair(y, x)}) {
          fact(fmt::format("(=> (>= {} 1) (>= {} {}))", l, one->second, r));
          fact(fmt::format("(=> (= {} 0) (= {} 0))", l, one->second));
        }
      }
      for (auto other = std::next(one); other != products_.end(); ++other) order(*one, *other);
    }
  }

  using Product = std::pair<const Factors, std::string>;
  void order(const Product& one, const Product& other) {
    if (one.first.size() != 2 || other.first.size() != 2) return;
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        if (one.first[i] != other.first[j]) continue;
        const std::string s = value(TermId{one.first[i]});
        const std::string x = value(TermId{one.first[1 - i]});
        const std::string y = value(TermId{other.first[1 - j]});
        fact(fmt::format("(=> (<= {} {}) (<= {} {}))", x, y, one.second, other.second));
        fact(fmt::format("(=> (<= {} {}) (<= {} {}))", y, x, other.second, one.second));
        fact(fmt::format("(=> (< {} {}) (<= (+ {} {}) {}))", x, y, one.second, s, other.second));
        fact(fmt::format("(=> (< {} {}) (<= (+ {} {}) {}))", y, x, other.second, s, one.second));
      }
    }
  }

  Terms& terms_;
  bool refused_ = false;
  bool opaque_ = false;
  unsigned count_ = 0;
  unsigned symbols_ = 0;
  std::string declarations_;
  std::vector<std::string> facts_;
  std::unordered_map<std::uint32_t, std::string> values_;
  std::unordered_map<std::uint32_t, std::string> truths_;
  std::unordered_map<std::uint32_t, std::pair<std::string, std::string>> divided_;  // by quotient
  std::unordered_map<std::uint32_t, std::string> remainders_;                       // with their signs
  std::map<Factors, std::string> products_;
  std::map<std::pair<unsigned, Sum>, std::string> sums_;
};

// Symbols whose sign is asked for within a divisor or as a factor of a product of unknowns.
void signs_asked(const Terms& terms, TermId id, std::set<std::uint32_t>& seen, std::set<std::uint32_t>& symbols) {
  if (!seen.insert(id.value).second) return;
  const Term& term = terms[id];
  if (term.kind == Kind::Slt) {
    for (std::size_t i = 0; i < 2; ++i) {
      const TermId one = term.arguments[i];
      if (terms[one].kind == Kind::Symbol && terms.is_constant(term.arguments[1 - i], 0)) symbols.insert(one.value);
    }
  }
  for (const TermId argument : term.arguments) {
    if (argument.valid()) signs_asked(terms, argument, seen, symbols);
  }
}

void symbols_of(const Terms& terms, TermId id, std::set<std::uint32_t>& symbols) {
  const Term& term = terms[id];
  if (term.kind == Kind::Symbol) symbols.insert(id.value);
  for (const TermId argument : term.arguments) {
    if (argument.valid()) symbols_of(terms, argument, symbols);
  }
}

// Those within a divisor.
void divisors(const Terms& terms, TermId id, std::set<std::uint32_t>& seen, std::set<std::uint32_t>& symbols) {
  if (!seen.insert(id.value).second) return;
  const Term& term = terms[id];
  if (term.kind == Kind::UDiv) symbols_of(terms, term.arguments[1], symbols);
  for (const TermId argument : term.arguments) {
    if (argument.valid()) divisors(terms, argument, seen, symbols);
  }
}

// The assertions in three parts that together are the whole.
std::vector<std::vector<TermId>> split_by_sign(Terms& terms, const std::vector<TermId>& assertions, TermId step) {
  const unsigned width = terms[step].width;
  const TermId zero = terms.constant(width, 0);
  const TermId negative = terms.binary(Kind::Slt, step, zero);
  const TermId positive = terms.binary(Kind::Slt, zero, step);
  const TermId nought = terms.equal(step, zero);
  const TermId magnitude = terms.symbol(width, "magnitude");
  const TermId least = terms.constant(width, std::uint64_t{1} << (width - 1));
  std::vector<std::vector<TermId>> parts;
  for (const int sign : {0, 1, -1}) {
    Terms::Replacements decided = {{negative.value, terms.truth(sign < 0)},
                                   {positive.value, terms.truth(sign > 0)},
                                   {nought.value, terms.truth(sign == 0)}};
    if (sign == 0) decided.emplace(step.value, zero);
    if (sign < 0) decided.emplace(step.value, terms.negate(magnitude));
    std::vector<TermId> part;
    for (const TermId assertion : assertions) part.push_back(terms.substitute(assertion, decided));
    if (sign > 0) part.push_back(positive);
    if (sign < 0) part.push_back(terms.negation(terms.equal(magnitude, zero)));
    if (sign < 0) part.push_back(terms.negation(terms.binary(Kind::Ult, least, magnitude)));
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace

std::optional<IntegerQuestion> ask_in_integers(Terms& terms, const std::vector<TermId>& assertions,
                                               std::string_view title) {
  std::set<std::uint32_t> seen;
  std::set<std::uint32_t> symbols;
  for (const TermId assertion : assertions) signs_asked(terms, assertion, seen, symbols);
  if (symbols.size() > 1) {
    // That of a step matters more than that of a value.
    std::set<std::uint32_t> steps;
    std::set<std::uint32_t> visited;
    for (const TermId assertion : assertions) divisors(terms, assertion, visited, steps);
    std::erase_if(symbols, [&](std::uint32_t symbol) { return !steps.contains(symbol); });
  }
  std::vector<std::vector<TermId>> parts = {assertions};
  // One step is split; of two the sign would be a question of its own.
  if (symbols.size() == 1) parts = split_by_sign(terms, assertions, TermId{*symbols.begin()});
  IntegerQuestion question;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool never = std::any_of(parts[i].begin(), parts[i].end(),
                                   [&](TermId assertion) { return terms.is_constant(assertion, 0); });
    if (never) continue;
    std::string comment(title);
    std::replace(comment.begin(), comment.end(), '\n', ' ');
    comment = fmt::format("; {}, part {} of {}, in integers\n; Proved when unsat.\n", comment, i + 1, parts.size());
    Translation translation(terms);
    auto script = translation.script(parts[i], comment);
    if (!script) return std::nullopt;
    question.scripts.push_back(std::move(*script));
    question.exact = question.exact && translation.exact();
  }
  return question;
}

}  // namespace assay::smt
