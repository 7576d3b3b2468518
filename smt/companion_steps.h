// CompanionSteps: that the companions of a loop (companions.h) step as they are said to, wherever a piece counts on it.
//
// A companion is C(x, d), or the extension of x, of the x before an iteration; its step is right while x does not wrap.
// What is shown is that x does not wrap from one iteration that counts to the next. Where the first iteration is done
// apart, its own step is one of these, if another iteration follows at all.
//
// Values of which nothing but a companion's own name is said need no proof: what no form and no offset mentions is not
// looked at.
//
// Tested by smt/test/nested_test.cc and widened_test.cc.
#pragma once

#include <functional>
#include <vector>

#include "smt/closed_form.h"
#include "smt/count_code.h"
#include "smt/piece_proof.h"

namespace assay::smt {

class CompanionSteps {
 public:
  CompanionSteps(Proving& proving, const PieceTask& task, const ClosedForm& form)
      : proving_(proving), terms_(proving.terms), task_(task), form_(form) {}

  // The term with companions for what they stand for at the start. Of looked-ahead values that is a claim.
  [[nodiscard]] TermId named(TermId term) { return task_.companions.named(term, offsets_); }

  // The same without a claim: the term as it is where one would be needed.
  [[nodiscard]] TermId named_at_start(TermId term);

  // What was claimed in vain.
  void forget_claims() { offsets_.clear(); }

  // What was claimed for a part of the same iterations is left to be shown here.
  void keep_claims_of(const CompanionSteps& part) {
    for (const auto& claims : {part.offsets_, part.kept_}) kept_.insert(kept_.end(), claims.begin(), claims.end());
  }

  // With the first iteration done apart, claims are made for the case that another follows. The other case must be
  // shown without them.
  [[nodiscard]] bool supposes_another() const { return is_peeled() && !offsets_.empty(); }

  // `at(term, k)`: a term in the slots' symbols after k iterations. What the proof takes from companions: `asked` in
  // the iterations that are counted, `asked_behind` in the one that follows these and takes the exit.
  using ValueAt = std::function<TermId(TermId term, TermId k)>;
  [[nodiscard]] bool prove(TermId count, const ValueAt& at, const std::vector<TermId>& asked,
                           const std::vector<TermId>& asked_behind, CountCode& binomials);

 private:
  [[nodiscard]] bool is_peeled() const { return !task_.initial.empty(); }
  [[nodiscard]] std::vector<bool> needed(std::vector<TermId> open);
  [[nodiscard]] TermId used_where(const Companion& one);
  [[nodiscard]] bool is_constant_truth(TermId truth);
  [[nodiscard]] bool never(const std::string& name, TermId claim, TermId denied, std::vector<TermId> assertions);
  [[nodiscard]] bool prove_ahead(TermId count, const OffsetUse& one);

  Proving& proving_;
  Terms& terms_;
  const PieceTask& task_;
  const ClosedForm& form_;
  std::vector<OffsetUse> offsets_;
  std::vector<OffsetUse> kept_;
  std::vector<TermId> shown_;
};

}  // namespace assay::smt
