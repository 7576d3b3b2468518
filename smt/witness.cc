// Looking for values; see witness.h. Tested by smt/test/witness_test.cc.
#include "smt/witness.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/base/rng.h"

namespace assay::smt {
namespace {

constexpr std::uint64_t kSeed = 0x5EED;
constexpr unsigned kTries = 400;

void collect_symbols(const Terms& terms, TermId id, std::unordered_set<std::uint32_t>& seen,
                     std::vector<TermId>& symbols) {
  if (!seen.insert(id.value).second) return;
  const Term& term = terms[id];
  if (term.kind == Kind::Symbol) symbols.push_back(id);
  for (const TermId argument : term.arguments) {
    if (argument.valid()) collect_symbols(terms, argument, seen, symbols);
  }
}

// With numbers for all symbols a term is a number.
class Evaluation {
 public:
  explicit Evaluation(const Terms& terms) : terms_(terms) {}

  void set(TermId symbol, std::uint64_t bits) { values_[symbol.value] = bits & mask(terms_[symbol].width); }

  std::uint64_t value(TermId id) {
    if (const auto found = values_.find(id.value); found != values_.end()) return found->second;
    const Term& term = terms_[id];
    const auto argument = [&](std::size_t i) { return value(term.arguments[i]); };
    std::uint64_t result = term.value;
    switch (term.kind) {
      case Kind::Constant:
      case Kind::Symbol:
        break;
      case Kind::Ite:
        result = argument(0) != 0 ? argument(1) : argument(2);
        break;
      case Kind::ZeroExtend:
      case Kind::Truncate:
        result = argument(0) & mask(term.width);
        break;
      case Kind::SignExtend: {
        const unsigned inner = terms_[term.arguments[0]].width;
        result = static_cast<std::uint64_t>(signed_value(inner, argument(0))) & mask(term.width);
        break;
      }
      case Kind::Not:
        result = argument(0) == 0 ? 1 : 0;
        break;
      default: {
        const unsigned width = terms_[term.arguments[0]].width;
        const std::uint64_t left = argument(0);
        result = fold(term.kind, width == 0 ? 1 : width, left, argument(1));
        break;
      }
    }
    values_.emplace(id.value, result);
    return result;
  }

 private:
  static std::uint64_t mask(unsigned width) { return mask_of(width == 0 ? 1 : width); }

  const Terms& terms_;
  std::unordered_map<std::uint32_t, std::uint64_t> values_;
};

std::uint64_t draw(base::Rng& rng, unsigned width) {
  const std::uint32_t kind = rng.below(8);
  const std::uint64_t bits = rng.next();
  const std::uint64_t small = bits % 12;
  if (kind < 4) return small;
  if (kind == 4) return 0 - small;
  if (kind == 5) return (std::uint64_t{1} << (width == 0 ? 0 : width - 1)) - small;
  return kind == 6 ? 20 + bits % 200 : bits;
}

}  // namespace

bool find_witness(const Terms& terms, const std::vector<TermId>& assumptions) {
  std::vector<TermId> symbols;
  std::unordered_set<std::uint32_t> seen;
  for (const TermId one : assumptions) collect_symbols(terms, one, seen, symbols);
  base::Rng rng(kSeed);
  for (unsigned i = 0; i < kTries; ++i) {
    Evaluation evaluation(terms);
    for (const TermId symbol : symbols) evaluation.set(symbol, draw(rng, terms[symbol].width));
    if (std::all_of(assumptions.begin(), assumptions.end(), [&](TermId one) { return evaluation.value(one) != 0; })) {
      return true;
    }
  }
  return false;
}

}  // namespace assay::smt
