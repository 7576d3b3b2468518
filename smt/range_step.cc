// Steps of ranges of bits; see range_step.h. Tested by smt/test/solved_classes_test.cc.
#include "smt/range_step.h"

#include <algorithm>

#include "smt/named_end.h"

namespace assay::smt {
namespace {

// d == 0 ? 0 : -1 >>> clz(d), which is d with every bit below its highest; also of some of these bits only, as where a
// stride leaves the low ones what they are. (Where d is 0 all of them are, so a mask makes no difference there.)
void find_highest_bits(Terms& terms, TermId id, Terms::Replacements& smeared, std::vector<TermId>& differences) {
  if (smeared.contains(id.value)) return;
  const Term term = terms[id];
  if (term.kind == Kind::Ite && terms[term.arguments[0]].kind == Kind::Equal) {
    const Term asked = terms[term.arguments[0]];
    const TermId d = asked.arguments[0];
    if (terms.is_constant(asked.arguments[1], 0) && terms.is_constant(term.arguments[1], 0) &&
        terms[d].kind == Kind::Xor) {
      const TermId bits = terms[highest_bits(terms, d)].arguments[2];
      const Term masked = terms[term.arguments[2]];
      const bool some =
          masked.kind == Kind::And && masked.arguments[0] == bits && terms.is_constant(masked.arguments[1]);
      if (term.arguments[2] == bits || some) {
        const TermId all = smear(terms, d);
        smeared.emplace(id.value, some ? terms.binary(Kind::And, all, masked.arguments[1]) : all);
        if (std::find(differences.begin(), differences.end(), d) == differences.end()) differences.push_back(d);
        return;
      }
    }
  }
  for (const TermId argument : term.arguments) {
    if (argument.valid()) find_highest_bits(terms, argument, smeared, differences);
  }
}

}  // namespace

std::optional<bool> prove_range_step(Proving& proving, const RangeStep& step) {
  Terms& terms = proving.terms;
  Terms::Replacements smeared;
  std::vector<TermId> differences;
  find_highest_bits(terms, step.behind, smeared, differences);
  find_highest_bits(terms, step.stepped, smeared, differences);
  if (differences.empty()) return std::nullopt;
  if (!proving.smear(terms[step.behind].width)) return false;
  // In which order the ends are, by the hypotheses; all that is left is about bits.
  const TermId none = terms.equal(step.k, terms.constant(terms[step.k].width, 0));
  std::vector<TermId> facts = step.weak;
  const auto add_fact = [&](TermId fact) {
    if (terms.is_constant(fact)) return;
    std::vector<TermId> assumed = step.hypotheses;
    assumed.push_back(terms.negation(none));
    assumed.push_back(terms.negation(fact));
    const std::size_t mark = proving.mark();
    if (proving.impossible("ends of a range", assumed)) {
      facts.push_back(terms.either(none, fact));
    } else {
      proving.take_back(mark);
    }
  };
  std::vector<TermId> ends;
  for (const TermId difference : differences) {
    for (std::size_t i = 0; i < 2; ++i) {
      const TermId end = terms[difference].arguments[i];
      if (std::find(ends.begin(), ends.end(), end) == ends.end()) ends.push_back(end);
    }
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    for (std::size_t j = 0; j < ends.size(); ++j) {
      if (i != j) add_fact(terms.negation(terms.binary(Kind::Ult, ends[j], ends[i])));
    }
  }
  const TermId left = terms.substitute(step.behind, smeared);
  return equal_by_named_end(proving, step.name, facts, left, terms.substitute(step.stepped, smeared), step.k);
}

}  // namespace assay::smt
