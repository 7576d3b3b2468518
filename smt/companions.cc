// Values that step like polynomials; see companions.h. Tested by smt/test/nested_test.cc and widened_test.cc.
#include "smt/companions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "smt/binomials.h"

namespace assay::smt {
namespace {

// Steps of x in C(x, d) of d > 1, at most, by magnitude.
constexpr std::int64_t kMostSteps = 64;

// C(x + by, degree) as a sum of coefficients times C(x, 0), ..., C(x, degree): Pascal's rule as often as `by` says, or
// backwards.
using Row = std::array<std::uint64_t, kMaxBinomial + 1>;
Row shifted(unsigned degree, std::int64_t by) {
  if (degree == 1) return {static_cast<std::uint64_t>(by), 1};
  std::array<Row, kMaxBinomial + 1> rows{};
  for (unsigned d = 0; d <= degree; ++d) rows[d][d] = 1;
  for (std::int64_t step = 0; step < (by < 0 ? -by : by); ++step) {
    // Falling, C(x - 1, d) = C(x, d) - C(x - 1, d - 1), from the lowest up; rising from the highest down.
    for (unsigned i = 1; i <= degree; ++i) {
      const unsigned d = by < 0 ? i : degree + 1 - i;
      for (unsigned j = 0; j <= degree; ++j) rows[d][j] += by < 0 ? 0 - rows[d - 1][j] : rows[d - 1][j];
    }
  }
  return rows[degree];
}

// A condition that a choice within the term asks for.
std::optional<TermId> first_condition(const Terms& terms, TermId id) {
  const Term& term = terms[id];
  if (term.kind == Kind::Ite) return term.arguments[0];
  for (const TermId argument : term.arguments) {
    if (!argument.valid()) continue;
    if (const auto found = first_condition(terms, argument)) return found;
  }
  return std::nullopt;
}

// What x could be if the term is code for C(x, d): it has x - 1 | 1 among its factors.
void find_bases(Terms& terms, TermId id, std::vector<TermId>& bases) {
  const Term term = terms[id];
  if (term.kind == Kind::Mul) {
    find_bases(terms, term.arguments[0], bases);
    find_bases(terms, term.arguments[1], bases);
  } else if (term.kind == Kind::Or && terms.is_constant(term.arguments[1], 1)) {
    bases.push_back(terms.add(term.arguments[0], terms.constant(term.width, 1)));
  }
}

}  // namespace

bool Companions::changes(TermId term) const { return terms_->mentions(term, changing_); }

void Companions::add_to(Iteration& iteration) {
  iteration_ = &iteration;
  for (std::size_t i = 0; i < iteration.start.size(); ++i) {
    if (iteration.next[i] != iteration.start[i]) changing_.insert(iteration.start[i].value);
  }
  Terms::Replacements found;
  for (const TermId next : iteration.next) find(next, found);
  for (const TermId left : iteration.left) find(left, found);
  for (TermId& next : iteration.next) next = terms_->substitute(next, found);
  for (TermId& left : iteration.left) left = terms_->substitute(left, found);
  for (const Companion& one : list_) {
    const unsigned width = one.width;
    const Leaf leaf{one.extension, one.degree, width};
    TermId next = one.symbol;
    if (one.degree == 1) {
      next = terms_->add(next, terms_->resize(Kind::SignExtend, width, one.step));
    } else if (!terms_->is_constant(one.step)) {
      std::vector<TermId> values;
      for (unsigned d = 0; d <= one.degree; ++d) values.push_back(lower(one.base, leaf, d));
      next = stepped(values, one.step).back();
    } else {
      const std::int64_t by = signed_value((*terms_)[one.step].width, (*terms_)[one.step].value);
      const Row row = shifted(one.degree, by);
      next = terms_->constant(width, 0);
      for (unsigned d = 0; d <= one.degree; ++d) {
        next = terms_->add(next, terms_->mul(lower(one.base, leaf, d), terms_->constant(width, row[d])));
      }
    }
    iteration.start.push_back(one.symbol);
    iteration.next.push_back(next);
    iteration.left.push_back(one.symbol);
    changing_.insert(one.symbol.value);
  }
  iteration_ = nullptr;
}

TermId Companions::named(TermId term, std::vector<OffsetUse>& offsets) {
  if (list_.empty()) return term;
  offsets_ = &offsets;
  Terms::Replacements found;
  find(term, found);
  offsets_ = nullptr;
  return terms_->substitute(term, found);
}

TermId Companions::spelled(TermId term) {
  Terms::Replacements values;
  for (const Companion& one : list_)
    values.emplace(one.symbol.value, plain(one.base, {one.extension, one.degree, one.width}));
  return values.empty() ? term : terms_->substitute(term, values);
}

void Companions::find(TermId id, Terms::Replacements& found) {
  if (found.contains(id.value)) return;
  const Term term = (*terms_)[id];
  const TermId always = terms_->truth(true);
  if (term.kind == Kind::Mul) {
    std::vector<TermId> bases;
    find_bases(*terms_, id, bases);
    for (const TermId base : bases) {
      const auto code = find_binomial(*terms_, id, base);
      if (!code || code->degree < 2) continue;
      bool uses_any = false;
      TermId value = lifted(base, {Kind::Constant, code->degree, term.width}, always, uses_any);
      if (!uses_any) continue;
      for (const TermId other : code->others) {
        find(other, found);
        value = terms_->mul(value, terms_->substitute(other, found));
      }
      found.emplace(id.value, terms_->mul(value, terms_->constant(term.width, code->multiplier)));
      return;
    }
  }
  if (term.kind == Kind::ZeroExtend || term.kind == Kind::SignExtend) {
    bool uses_any = false;
    const TermId value = lifted(term.arguments[0], {term.kind, 1, term.width}, always, uses_any);
    if (uses_any) {
      found.emplace(id.value, value);
      return;
    }
  }
  // Conditions are left as they are: what becomes of them is asked in integers.
  for (const TermId argument : term.arguments) {
    if (argument.valid() && (*terms_)[argument].width > 0) find(argument, found);
  }
}

TermId Companions::lifted(TermId x, const Leaf& leaf, TermId when, bool& uses_any) {
  const Term term = (*terms_)[x];
  // Of an extended count, the extension of the count.
  if (leaf.extension == Kind::Constant && term.kind == Kind::ZeroExtend)
    return lifted(term.arguments[0], {term.kind, leaf.degree, leaf.width}, when, uses_any);
  const auto condition = first_condition(*terms_, x);
  if (!condition) return leaf_value(x, leaf, when, uses_any);
  const TermId otherwise = terms_->negation(*condition);
  const TermId yes = terms_->substitute(x, assume(*terms_, *condition));
  const TermId no = terms_->substitute(x, assume(*terms_, otherwise));
  const TermId yes_value = lifted(yes, leaf, terms_->both(when, *condition), uses_any);
  return terms_->ite(*condition, yes_value, lifted(no, leaf, terms_->both(when, otherwise), uses_any));
}

TermId Companions::plain(TermId x, const Leaf& leaf) {
  const TermId value = leaf.extension == Kind::Constant ? x : terms_->resize(leaf.extension, leaf.width, x);
  return leaf.degree == 1 ? value : binomial_code(*terms_, value, leaf.degree);
}

TermId Companions::leaf_value(TermId x, const Leaf& leaf, TermId when, bool& uses_any) {
  x = proving_->ring.normal(x);
  if (offsets_ != nullptr) return at_offset(x, leaf, when, uses_any);
  if (!changes(x)) return plain(x, leaf);
  Terms::Replacements advance;
  for (std::size_t i = 0; i < iteration_->start.size(); ++i)
    advance.emplace(iteration_->start[i].value, iteration_->next[i]);
  const TermId step = proving_->ring.normal(terms_->sub(terms_->substitute(x, advance), x));
  if (changes(step)) return plain(x, leaf);
  if (leaf.degree > 1) {
    const bool symbolic = !terms_->is_constant(step);
    if (symbolic && leaf.extension != Kind::Constant) return plain(x, leaf);
    const std::int64_t by = signed_value((*terms_)[step].width, (*terms_)[step].value);
    if (!symbolic && (by > kMostSteps || by < -kMostSteps)) return plain(x, leaf);
  }
  uses_any = true;
  for (unsigned degree = 1; degree < leaf.degree; ++degree) {
    if (degree > 1 || leaf.extension != Kind::Constant)
      (void)companion(x, step, {leaf.extension, degree, leaf.width}, when);
  }
  return companion(x, step, leaf, when);
}

TermId Companions::companion(TermId x, TermId step, const Leaf& leaf, TermId when) {
  for (Companion& one : list_) {
    if (one.base != x || one.extension != leaf.extension || one.degree != leaf.degree || one.width != leaf.width)
      continue;
    one.uses.push_back(when);
    return one.symbol;
  }
  const TermId symbol = terms_->symbol(leaf.width, "C(x," + std::to_string(leaf.degree) + ")");
  list_.push_back({symbol, leaf.extension, leaf.degree, x, step, leaf.width, {when}});
  return symbol;
}

// C(x, degree) of the same x, which is a companion or said by x itself.
TermId Companions::lower(TermId x, const Leaf& leaf, unsigned degree) const {
  if (degree == 0) return terms_->constant(leaf.width, 1);
  for (const Companion& one : list_) {
    if (one.base == x && one.extension == leaf.extension && one.degree == degree && one.width == leaf.width)
      return one.symbol;
  }
  return x;
}

// C(s, degree).
TermId Companions::factor(TermId step, unsigned width, unsigned degree) {
  if (degree == 0) return terms_->constant(width, 1);
  if (degree == 1) return step;
  const auto [place, added] = factors_.try_emplace({step.value, degree});
  if (added) place->second = terms_->symbol(width, "C(s," + std::to_string(degree) + ")");
  return place->second;
}

// C(x + s, d) by C(x, d), from d = 0 on.
std::vector<TermId> Companions::stepped(const std::vector<TermId>& values, TermId step) {
  const unsigned width = (*terms_)[values[0]].width;
  std::vector<TermId> result;
  for (unsigned d = 0; d < values.size(); ++d) {
    TermId sum = terms_->constant(width, 0);
    for (unsigned i = 0; i <= d; ++i) sum = terms_->add(sum, terms_->mul(factor(step, width, i), values[d - i]));
    result.push_back(sum);
  }
  return result;
}

// How many steps an offset is; 0 if it is none, or too many.
std::uint64_t Companions::steps_in(TermId offset, TermId step) {
  constexpr std::uint64_t kMost = 16;
  const unsigned width = (*terms_)[offset].width;
  if ((*terms_)[step].width != width) return 0;
  for (std::uint64_t steps = 1; steps <= kMost; ++steps) {
    const TermId so_many = terms_->mul(step, terms_->constant(width, steps));
    if (terms_->is_constant(proving_->ring.normal(terms_->sub(offset, so_many)), 0)) return steps;
  }
  return 0;
}

TermId Companions::at_offset(TermId x, const Leaf& leaf, TermId when, bool& uses_any) {
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const Companion one = list_[i];
    const bool same_kind = one.extension == leaf.extension && one.degree == leaf.degree && one.width == leaf.width;
    if (!same_kind || (*terms_)[one.base].width != (*terms_)[x].width) continue;
    const TermId difference = proving_->ring.normal(terms_->sub(x, one.base));
    if (!terms_->is_constant(difference)) {
      const std::uint64_t steps = steps_in(difference, one.step);
      if (steps == 0 || one.extension != Kind::Constant) continue;
      std::vector<TermId> values;
      for (unsigned d = 0; d <= one.degree; ++d) values.push_back(lower(one.base, leaf, d));
      for (std::uint64_t step = 0; step < steps; ++step) values = stepped(values, one.step);
      uses_any = true;
      offsets_->push_back({i, steps, difference, when});
      return values.back();
    }
    const std::int64_t by = signed_value((*terms_)[difference].width, (*terms_)[difference].value);
    if (one.degree > 1 && (by > kMostSteps || by < -kMostSteps)) continue;
    uses_any = true;
    if (by == 0) return one.symbol;
    offsets_->push_back({i, steps_in(difference, one.step), difference, when});
    const Row row = shifted(one.degree, by);
    TermId value = terms_->constant(leaf.width, 0);
    for (unsigned d = 0; d <= one.degree; ++d)
      value = terms_->add(value, terms_->mul(lower(one.base, leaf, d), terms_->constant(leaf.width, row[d])));
    return value;
  }
  return plain(x, leaf);
}

TermId Companions::wraps(const Companion& companion, TermId value, TermId step) const {
  const unsigned width = (*terms_)[value].width;
  if (companion.extension != Kind::Constant) {
    const auto extended = [&](TermId term) { return terms_->resize(companion.extension, companion.width, term); };
    const TermId sum = terms_->add(extended(value), terms_->resize(Kind::SignExtend, companion.width, step));
    return terms_->negation(terms_->equal(extended(terms_->add(value, step)), sum));
  }
  const std::uint64_t bits = (*terms_)[step].value;
  if (!terms_->is_constant(step)) {
    const TermId none = terms_->constant(width, 0);
    const Term product = (*terms_)[step];
    // The sign is that of the number before it was negated: MIN then rises.
    const bool negated = product.kind == Kind::Mul && terms_->is_constant(product.arguments[1], mask_of(width));
    const TermId forward = negated ? product.arguments[0] : step;
    const TermId below_none = terms_->binary(Kind::Slt, forward, none);
    const TermId above_none = terms_->binary(Kind::Slt, none, forward);
    const TermId most = terms_->sub(terms_->constant(width, mask_of(width)), step);
    const TermId below =
        terms_->both(negated ? above_none : below_none, terms_->binary(Kind::Ult, value, terms_->negate(step)));
    const TermId above = terms_->both(negated ? below_none : above_none, terms_->binary(Kind::Ult, most, value));
    return terms_->either(below, above);
  }
  if (signed_value(width, bits) < 0) return terms_->binary(Kind::Ult, value, terms_->negate(step));
  return terms_->binary(Kind::Ult, terms_->constant(width, mask_of(width) - bits), value);
}

}  // namespace assay::smt
