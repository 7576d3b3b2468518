// What the parts of a proof share; see proving.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/proving.h"

#include <iterator>

#include "smt/integers.h"
#include "smt/script.h"

namespace assay::smt {
bool Proving::same_in_ring(TermId left, TermId right, const std::string& name, std::vector<Obligation>& obligations) {
  const unsigned width = terms[left].width;
  RingPolynomial difference = ring.polynomial(terms.sub(left, right));
  std::vector<UsedRelation> used;
  if (!ring.reduce(difference, atoms.of(width), used) || !difference.is_zero()) return false;
  TermId rest = terms.sub(ring.normal(left), ring.normal(right));
  for (const UsedRelation& one : used) rest = terms.sub(rest, terms.mul(one.cofactor, one.relation));
  const TermId violated = terms.negation(terms.equal(rest, terms.constant(width, 0)));
  obligations.push_back({name, print_script(terms, {violated}, title_ + ": " + name), Strategy::Ring, {}, {}});
  return true;
}

Answer Proving::ask(const std::string& name, std::vector<std::string> scripts, Strategy strategy) {
  std::vector<Obligation> obligations;
  for (std::string& script : scripts) obligations.push_back({name, std::move(script), strategy, {}, {}});
  return discharge_each(std::move(obligations));
}

bool Proving::impossible(const std::string& name, const std::vector<TermId>& assertions) {
  for (const TermId assertion : assertions) {
    if (terms.is_constant(assertion, 0)) return true;
  }
  const std::string title = title_ + ": " + name;
  if (auto question = ask_in_integers(terms, assertions, title)) {
    const Answer answer = ask(name, std::move(question->scripts), Strategy::Integers);
    if (answer == Answer::Proved) return true;
    if (answer == Answer::Refuted && question->exact) return false;
  }
  return ask(name, {print_script(terms, assertions, title)}, Strategy::Bits) == Answer::Proved;
}

bool Proving::equal(const std::string& name, const std::vector<TermId>& hypotheses, TermId left, TermId right) {
  std::vector<TermId> assertions = hypotheses;
  assertions.push_back(terms.negation(terms.equal(left, right)));
  return impossible(name, assertions);
}

bool Proving::pascal(const std::vector<std::pair<unsigned, unsigned>>& widths_and_degrees) {
  for (const auto& [width, degree] : widths_and_degrees) {
    if (theorems_.pascal(width, degree) != Answer::Proved) return unknown("Pascal's rule for the code is not proved");
  }
  return true;
}

Answer Proving::discharge_each(std::vector<Obligation> obligations) {
  for (Obligation& obligation : obligations) {
    const Answer answer = discharge(solver_, obligation, limits_);
    if (answer == Answer::Proved) continue;
    constexpr std::size_t kMostModels = 40;
    if (answer == Answer::Refuted && models_.size() < kMostModels) models_.push_back(obligation.first.model);
    const std::string reason = obligation.first.reason.empty() ? "the solvers do not agree" : obligation.first.reason;
    const std::string what = answer == Answer::Refuted ? "a model, which running does not confirm" : reason;
    unknown(obligation.name + ": " + what);
    return answer;
  }
  std::move(obligations.begin(), obligations.end(), std::back_inserter(proof_.obligations));
  return Answer::Proved;
}

bool Proving::discharge_all(std::vector<Obligation> obligations) {
  return discharge_each(std::move(obligations)) == Answer::Proved;
}

bool Proving::unknown(std::string reason) {
  proof_.reason = std::move(reason);
  return false;
}

void Proving::take_back(std::size_t mark) {
  proof_.obligations.resize(mark);
  proof_.reason.clear();
}

Proof Proving::finish(bool proved) {
  proof_.answer = proved ? Answer::Proved : Answer::Unknown;
  if (proved) proof_.reason.clear();
  return std::move(proof_);
}

TermId Proving::resized(TermId count, unsigned width) {
  return terms.resize(terms[count].width < width ? Kind::ZeroExtend : Kind::Truncate, width, count);
}

}  // namespace assay::smt
