// The arena of terms; see terms.h. Tested by smt/test/terms_test.cc.
#include "smt/terms.h"

#include <algorithm>
#include <utility>

namespace assay::smt {
namespace {

bool is_truth(Kind kind) { return kind == Kind::Ult || kind == Kind::Slt || kind == Kind::Equal; }

bool commutes(Kind kind) {
  return kind == Kind::Add || kind == Kind::Mul || kind == Kind::And || kind == Kind::Or || kind == Kind::Xor ||
         kind == Kind::Equal || kind == Kind::Both;
}

std::uint64_t divide_signed(unsigned width, std::uint64_t left, std::uint64_t right, bool remainder) {
  const std::uint64_t mask = mask_of(width);
  const bool left_negative = signed_value(width, left) < 0;
  const bool right_negative = signed_value(width, right) < 0;
  const std::uint64_t l = (left_negative ? 0 - left : left) & mask;
  const std::uint64_t r = (right_negative ? 0 - right : right) & mask;
  const Kind kind = remainder ? Kind::URem : Kind::UDiv;
  const std::uint64_t result = fold(kind, width, l, r);
  const bool negative = remainder ? left_negative : left_negative != right_negative;
  return (negative ? 0 - result : result) & mask;
}

}  // namespace

std::uint64_t fold(Kind kind, unsigned width, std::uint64_t left, std::uint64_t right) {
  const std::uint64_t mask = mask_of(width);
  switch (kind) {
    case Kind::Add:
      return (left + right) & mask;
    case Kind::Mul:
      return (left * right) & mask;
    case Kind::And:
      return left & right;
    case Kind::Or:
      return left | right;
    case Kind::Xor:
      return left ^ right;
    case Kind::Shl:
      return right >= width ? 0 : (left << right) & mask;
    case Kind::LShr:
      return right >= width ? 0 : left >> right;
    case Kind::AShr:
      return static_cast<std::uint64_t>(signed_value(width, left) >> (right >= width ? width - 1 : right)) & mask;
    case Kind::UDiv:
      return right == 0 ? mask : left / right;
    case Kind::URem:
      return right == 0 ? left : left % right;
    case Kind::SDiv:
      return divide_signed(width, left, right, false);
    case Kind::SRem:
      return divide_signed(width, left, right, true);
    case Kind::Ult:
      return left < right ? 1 : 0;
    case Kind::Slt:
      return signed_value(width, left) < signed_value(width, right) ? 1 : 0;
    case Kind::Equal:
      return left == right ? 1 : 0;
    case Kind::Both:
      return left & right;
    default:
      return 0;
  }
}

std::size_t Terms::Hash::operator()(const Term& term) const {
  std::uint64_t hash = term.value ^ (std::uint64_t{static_cast<std::uint8_t>(term.kind)} << 8) ^ term.width;
  for (const TermId argument : term.arguments) hash = (hash ^ argument.value) * 0x9E37'79B9'7F4A'7C15ULL;
  return static_cast<std::size_t>(hash ^ (hash >> 29));
}

TermId Terms::intern(const Term& term) {
  const auto [place, added] = ids_.try_emplace(term, TermId{static_cast<std::uint32_t>(terms_.size())});
  if (!added) return place->second;
  std::uint32_t depth = 0;
  for (const TermId argument : term.arguments) {
    if (argument.valid()) depth = std::max(depth, depths_[argument.value] + 1);
  }
  terms_.push_back(term);
  depths_.push_back(depth);
  return place->second;
}

TermId Terms::symbol(unsigned width, std::string_view name) {
  const std::uint64_t number = names_.size();
  names_.push_back(std::string(name) + "." + std::to_string(number));
  return intern({Kind::Symbol, static_cast<std::uint8_t>(width), {}, number});
}

TermId Terms::constant(unsigned width, std::uint64_t value) {
  return intern({Kind::Constant, static_cast<std::uint8_t>(width), {}, value & mask_of(width == 0 ? 1 : width)});
}

TermId Terms::binary(Kind kind, TermId left, TermId right) {
  const unsigned operand_width = terms_[left.value].width;
  const unsigned width = is_truth(kind) ? 0 : operand_width;
  if (is_constant(left) && is_constant(right)) {
    const unsigned folded_in = operand_width == 0 ? 1 : operand_width;
    return constant(width, fold(kind, folded_in, terms_[left.value].value, terms_[right.value].value));
  }
  // Constants stand right, so that one rule does for both sides.
  if (commutes(kind) && (is_constant(left) || (!is_constant(right) && left.value > right.value)))
    std::swap(left, right);
  const std::uint64_t ones = mask_of(operand_width);
  if (kind == Kind::Equal && left == right) return truth(true);
  if ((kind == Kind::Ult || kind == Kind::Slt) && left == right) return truth(false);
  if ((kind == Kind::And || kind == Kind::Or) && left == right) return left;
  if (kind == Kind::Xor && left == right) return constant(width, 0);
  if (is_constant(right, 0)) {
    if (kind == Kind::Add || kind == Kind::Or || kind == Kind::Xor || kind == Kind::Shl || kind == Kind::LShr ||
        kind == Kind::AShr) {
      return left;
    }
    if (kind == Kind::Mul || kind == Kind::And) return right;
    if (kind == Kind::Ult) return truth(false);
  }
  if (is_constant(right, 1) && (kind == Kind::Mul || kind == Kind::UDiv)) return left;
  if (is_constant(right, ones)) {
    if (kind == Kind::And) return left;
    if (kind == Kind::Or) return right;
  }
  // (x mod c) & m, where m has all the bits of c - 1.
  if (kind == Kind::And && is_constant(right)) {
    const Term inner = terms_[left.value];
    const std::uint64_t mask = terms_[right.value].value;
    if (inner.kind == Kind::URem && is_constant(inner.arguments[1]) && !is_constant(inner.arguments[1], 0) &&
        (mask & (mask + 1)) == 0 && terms_[inner.arguments[1].value].value - 1 <= mask) {
      return left;
    }
  }
  // (x + c) + d, and the same for products.
  if ((kind == Kind::Add || kind == Kind::Mul) && is_constant(right)) {
    const Term inner = terms_[left.value];
    if (inner.kind == kind && is_constant(inner.arguments[1])) {
      const std::uint64_t merged =
          fold(kind, operand_width, terms_[inner.arguments[1].value].value, terms_[right.value].value);
      return binary(kind, inner.arguments[0], constant(operand_width, merged));
    }
  }
  return intern({kind, static_cast<std::uint8_t>(width), {left, right, TermId{}}, 0});
}

TermId Terms::negate(TermId operand) {
  const unsigned width = terms_[operand.value].width;
  return mul(operand, constant(width, mask_of(width)));
}

TermId Terms::complement(TermId operand) {
  const unsigned width = terms_[operand.value].width;
  return add(negate(operand), constant(width, mask_of(width)));
}

TermId Terms::ite(TermId condition, TermId if_true, TermId if_false) {
  if (is_constant(condition)) return is_constant(condition, 1) ? if_true : if_false;
  if (if_true == if_false) return if_true;
  const Term asked = terms_[condition.value];
  if (asked.kind == Kind::Not) return ite(asked.arguments[0], if_false, if_true);
  const std::uint8_t width = terms_[if_true.value].width;
  if (width == 0) {
    // A choice between truths is said with the two connectives there are, and where one is known without the other
    // half.
    if (is_constant(if_true)) {
      return is_constant(if_true, 1) ? either(condition, if_false) : both(negation(condition), if_false);
    }
    if (is_constant(if_false)) {
      return is_constant(if_false, 1) ? either(negation(condition), if_true) : both(condition, if_true);
    }
    return either(both(condition, if_true), both(negation(condition), if_false));
  }
  return intern({Kind::Ite, width, {condition, if_true, if_false}, 0});
}

TermId Terms::resize(Kind kind, unsigned width, TermId operand) {
  const Term inner = terms_[operand.value];
  if (inner.width == width) return operand;
  if (inner.kind == Kind::Constant) {
    const std::uint64_t value =
        kind == Kind::SignExtend ? static_cast<std::uint64_t>(signed_value(inner.width, inner.value)) : inner.value;
    return constant(width, value);
  }
  return intern({kind, static_cast<std::uint8_t>(width), {operand, TermId{}, TermId{}}, 0});
}

TermId Terms::both(TermId left, TermId right) {
  if (is_constant(left, 0) || is_constant(right, 1)) return left;
  if (is_constant(right, 0) || is_constant(left, 1) || left == right) return right;
  if (negation(left) == right) return truth(false);
  if (left.value > right.value) std::swap(left, right);
  return intern({Kind::Both, 0, {left, right, TermId{}}, 0});
}

TermId Terms::negation(TermId operand) {
  const Term inner = terms_[operand.value];
  if (inner.kind == Kind::Constant) return truth(inner.value == 0);
  if (inner.kind == Kind::Not) return inner.arguments[0];
  return intern({Kind::Not, 0, {operand, TermId{}, TermId{}}, 0});
}

TermId Terms::nonzero(TermId operand) {
  const Term inner = terms_[operand.value];
  // ite(c, 1, 0) is how a comparison becomes a value.
  if (inner.kind == Kind::Ite && is_constant(inner.arguments[1]) && is_constant(inner.arguments[2])) {
    const bool first = !is_constant(inner.arguments[1], 0);
    const bool second = !is_constant(inner.arguments[2], 0);
    if (first == second) return truth(first);
    return first ? inner.arguments[0] : negation(inner.arguments[0]);
  }
  return negation(equal(operand, constant(inner.width, 0)));
}

TermId Terms::substitute(TermId term, const Replacements& replacements) {
  Replacements known = replacements;
  return rebuild(term, known);
}

bool Terms::mentions(TermId term, const Ids& any_of) const {
  if (any_of.empty()) return false;
  // Terms are shared, so each is looked at once; and arguments are older than what they are arguments of.
  const std::uint32_t oldest = *std::min_element(any_of.begin(), any_of.end());
  if (term.value < oldest) return false;
  std::vector<bool> seen(term.value - oldest + 1, false);
  std::vector<TermId> open = {term};
  while (!open.empty()) {
    const TermId id = open.back();
    open.pop_back();
    if (any_of.contains(id.value)) return true;
    for (const TermId argument : terms_[id.value].arguments) {
      if (!argument.valid() || argument.value < oldest || seen[argument.value - oldest]) continue;
      seen[argument.value - oldest] = true;
      open.push_back(argument);
    }
  }
  return false;
}

TermId Terms::rebuild(TermId id, Replacements& known) {
  if (const auto found = known.find(id.value); found != known.end()) return found->second;
  const Term term = terms_[id.value];
  TermId result = id;
  std::array<TermId, 3> arguments = term.arguments;
  for (TermId& argument : arguments) {
    if (argument.valid()) argument = rebuild(argument, known);
  }
  if (arguments != term.arguments) {
    switch (term.kind) {
      case Kind::Constant:
      case Kind::Symbol:
        break;
      case Kind::Ite:
        result = ite(arguments[0], arguments[1], arguments[2]);
        break;
      case Kind::ZeroExtend:
      case Kind::SignExtend:
      case Kind::Truncate:
        result = resize(term.kind, term.width, arguments[0]);
        break;
      case Kind::Both:
        result = both(arguments[0], arguments[1]);
        break;
      case Kind::Not:
        result = negation(arguments[0]);
        break;
      default:
        result = binary(term.kind, arguments[0], arguments[1]);
        break;
    }
  }
  known.emplace(id.value, result);
  return result;
}

}  // namespace assay::smt
