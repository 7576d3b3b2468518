// The steps of companions; see companion_steps.h. Tested by smt/test/nested_test.cc and widened_test.cc.
#include "smt/companion_steps.h"

#include <algorithm>
#include <string>
#include <utility>

namespace assay::smt {

TermId CompanionSteps::named_at_start(TermId term) {
  std::vector<OffsetUse> claims;
  const TermId named = task_.companions.named(term, claims);
  return claims.empty() ? named : term;
}

// By companion: something asks for it, or for one of higher degree that steps by it.
std::vector<bool> CompanionSteps::needed(std::vector<TermId> open) {
  const std::vector<Companion>& all = task_.companions.list();
  std::vector<bool> is_needed(all.size(), false);
  while (!open.empty()) {
    const TermId term = open.back();
    open.pop_back();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_needed[i] || !term.valid() || !terms_.mentions(term, {all[i].symbol.value})) continue;
      is_needed[i] = true;
      open.push_back(task_.iteration.next[task_.slots + i]);
    }
  }
  return is_needed;
}

bool CompanionSteps::prove(TermId count, const ValueAt& at, const std::vector<TermId>& asked,
                           const std::vector<TermId>& asked_behind, CountCode& binomials) {
  const std::vector<Companion>& all = task_.companions.list();
  const TermId k = terms_.symbol(terms_[count].width, "k");
  const TermId next = terms_.add(k, terms_.constant(terms_[k].width, 1));
  const TermId another = terms_.binary(Kind::Ult, next, count);
  const TermId some = terms_.binary(Kind::Ult, terms_.constant(terms_[count].width, 0), count);
  std::vector<TermId> open = asked;
  for (const auto& claims : {offsets_, kept_}) {
    for (const OffsetUse& one : claims) open.push_back(all[one.companion].symbol);
  }
  const std::vector<bool> in_counted = needed(open);
  const std::vector<bool> behind = needed(asked_behind);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!in_counted[i] && !behind[i]) continue;
    const Companion& one = all[i];
    if (one.degree > 1) binomials.add(one.width, one.degree);
    const TermId used = used_where(one);
    const TermId wraps = task_.companions.wraps(one, at(one.base, k), one.step);
    // The step into the exit counts where it is taken from there too.
    std::vector<TermId> counts = {used, terms_.binary(Kind::Ult, k, count)};
    if (!behind[i]) counts.push_back(another);
    if (!never("no wraparound of an inner count", used, wraps, std::move(counts))) return false;
    if (!is_peeled()) continue;
    const TermId first_wraps = task_.companions.wraps(one, one.base, one.step);
    counts = {used};
    if (!behind[i]) counts.push_back(some);
    if (!never("no wraparound of an inner count at first", used, first_wraps, std::move(counts))) return false;
  }
  const auto is_ahead = [&](const OffsetUse& claim) { return prove_ahead(count, claim); };
  return std::all_of(offsets_.begin(), offsets_.end(), is_ahead) && std::all_of(kept_.begin(), kept_.end(), is_ahead) &&
         proving_.pascal(binomials.list());
}

// What is looked ahead to is not behind a wraparound.
bool CompanionSteps::prove_ahead(TermId count, const OffsetUse& one) {
  const Companion& companion = task_.companions.list()[one.companion];
  std::vector<TermId> assertions = task_.chosen;
  assertions.push_back(one.when);
  TermId denied;
  if (one.steps > 0) {
    // So many steps of the loop do not wrap, as there are more iterations.
    const unsigned width = terms_[count].width;
    const TermId steps = terms_.constant(width, one.steps);
    TermId more = terms_.binary(Kind::Ult, steps, count);
    if (is_peeled()) {
      // The first iteration is one more than is counted; that others follow is supposed.
      more = terms_.negation(terms_.binary(Kind::Ult, count, steps));
      assertions.push_back(terms_.binary(Kind::Ult, terms_.constant(width, 0), count));
    }
    denied = terms_.negation(terms_.both(used_where(companion), more));
  } else {
    denied = task_.companions.wraps(companion, companion.base, one.offset);
  }
  return never("no wraparound of an inner count ahead", one.when, denied, std::move(assertions));
}

// The same claim is shown once.
bool CompanionSteps::never(const std::string& name, TermId claim, TermId denied, std::vector<TermId> assertions) {
  TermId all = terms_.both(denied, claim);
  for (const TermId assertion : assertions) all = terms_.both(all, assertion);
  if (std::find(shown_.begin(), shown_.end(), all) != shown_.end()) return true;
  shown_.push_back(all);
  assertions.insert(assertions.begin(), task_.hypotheses.begin(), task_.hypotheses.end());
  assertions.push_back(denied);
  return proving_.impossible(name, assertions);
}

// The condition at the start under which alone the companion is used, as far as it does not change.
TermId CompanionSteps::used_where(const Companion& one) {
  TermId anywhere = terms_.truth(false);
  for (const TermId use : one.uses) {
    TermId kept = terms_.truth(true);
    std::vector<TermId> open = {use};
    while (!open.empty()) {
      const TermId part = open.back();
      open.pop_back();
      if (terms_[part].kind == Kind::Both) {
        open.push_back(terms_[part].arguments[0]);
        open.push_back(terms_[part].arguments[1]);
      } else if (is_constant_truth(part)) {
        kept = terms_.both(kept, part);
      }
    }
    anywhere = terms_.either(anywhere, form_.at_first(proving_, kept));
  }
  return anywhere;
}

// Supposed not to change, or without anything that does.
bool CompanionSteps::is_constant_truth(TermId truth) {
  for (const auto& [condition, symbol] : form_.conditions) {
    if (condition == truth || terms_.negation(condition) == truth) return true;
  }
  return !task_.companions.changes(truth);
}

}  // namespace assay::smt
