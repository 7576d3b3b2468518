// What the parts of a proof share; see proving.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/proving.h"

#include <iterator>

#include "smt/equations.h"
#include "smt/integers.h"
#include "smt/script.h"
#include "smt/witness.h"

namespace assay::smt {

bool Proving::same_in_ring(TermId left, TermId right, const std::string& name, std::vector<Obligation>& obligations) {
  const unsigned width = terms[left].width;
  RingPolynomial difference = ring.polynomial(terms.sub(left, right));
  std::vector<UsedRelation> used;
  if (!ring.reduce(difference, atoms.of(width), used) || !difference.is_zero()) return false;
  TermId rest = terms.sub(ring.normal(left), ring.normal(right));
  // Of one polynomial twice, what it is of does not matter; solvers lose themselves in it.
  if (ring.normal(left) == ring.normal(right)) rest = terms.substitute(rest, unknowns_for_atoms(left));
  for (const UsedRelation& one : used) rest = terms.sub(rest, terms.mul(one.cofactor, one.relation));
  const TermId violated = terms.negation(terms.equal(rest, terms.constant(width, 0)));
  obligations.push_back({name, print_script(terms, {violated}, title_ + ": " + name), Strategy::Ring});
  return true;
}

// Symbols for what the polynomial is of, where that is no symbol; the same ones each time.
Terms::Replacements Proving::unknowns_for_atoms(TermId term) {
  Terms::Replacements unknowns;
  const RingPolynomial polynomial = ring.polynomial(term);
  for (const auto& [monomial, coefficient] : polynomial.terms) {
    for (const std::uint32_t atom : monomial) {
      if (terms[TermId{atom}].kind == Kind::Symbol || unknowns.contains(atom)) continue;
      const auto place = unknowns_.try_emplace({polynomial.width, unknowns.size()}).first;
      if (!place->second.valid()) place->second = terms.symbol(polynomial.width, "any");
      unknowns.emplace(atom, place->second);
    }
  }
  return unknowns;
}

Answer Proving::ask(const std::string& name, std::vector<std::string> scripts, Strategy strategy) {
  std::vector<Obligation> obligations;
  for (std::string& script : scripts) obligations.push_back({name, std::move(script), strategy});
  return discharge_each(std::move(obligations));
}

bool Proving::impossible(const std::string& name, const std::vector<TermId>& assertions) {
  // Of a claim that holds whatever is assumed there is nothing to ask. An assumption that never holds is another thing.
  if (terms.is_constant(assertions.back(), 0)) return true;
  const std::size_t first = mark();
  const std::vector<TermId> solved = solve_equations(*this, name, assertions);
  if (!refute(name, solved)) {
    const std::string reason = this->reason();
    take_back(first);
    if (solved == assertions || !refute(name, assertions)) return unknown(reason);
  }
  if (limits_.find_witnesses) look_for_witness(name, assertions, first);
  return true;
}

// By the solvers.
bool Proving::refute(const std::string& name, const std::vector<TermId>& assertions) {
  if (terms.is_constant(assertions.back(), 0)) return true;
  const std::string title = title_ + ": " + name;
  if (auto question = ask_in_integers(terms, assertions, title)) {
    const Answer answer = ask(name, std::move(question->scripts), Strategy::Integers);
    if (answer == Answer::Proved) return true;
    if (answer == Answer::Refuted && question->exact) return false;
  }
  return ask(name, {print_script(terms, assertions, title)}, Strategy::Bits) == Answer::Proved;
}

Witness Proving::witness_of(std::span<const TermId> assumed) {
  const std::vector<TermId> all(assumed.begin(), assumed.end());
  if (find_witness(terms, all)) return Witness::Found;
  const std::string script = print_script(terms, all, title_ + ": what is assumed");
  const SolverReply reply = solver_.check(script, Strategy::Bits, limits_.milliseconds);
  if (reply.answer == Answer::Refuted) return Witness::Found;
  return reply.answer == Answer::Proved ? Witness::None : Witness::Unknown;
}

// What is assumed can be so: without its last assertion, which is the claim denied, an obligation has a model.
void Proving::look_for_witness(const std::string& name, const std::vector<TermId>& assertions, std::size_t first) {
  if (first == proof_.obligations.size()) return;
  const std::span<const TermId> assumed(assertions.begin(), assertions.end() - 1);
  Witness found = witness_of(assumed);
  if (found == Witness::None && say_never_reached(name, assumed, first)) return;
  for (std::size_t i = first; i < proof_.obligations.size(); ++i) proof_.obligations[i].witness = found;
}

// Assumptions go from the outside in: what contradicts those before it is a place that no run reaches. Then that is
// what is proved instead, of the runs that come as far as there are any.
bool Proving::say_never_reached(const std::string& name, std::span<const TermId> assumed, std::size_t first) {
  std::size_t reached = 0;
  while (reached < assumed.size() && witness_of(assumed.first(reached + 1)) == Witness::Found) ++reached;
  if (reached == 0 || reached == assumed.size()) return false;
  const std::size_t before = mark();
  if (!refute(name + ": no run gets there",
              {assumed.begin(), assumed.begin() + static_cast<std::ptrdiff_t>(reached) + 1})) {
    take_back(before);
    return false;
  }
  const auto begin = proof_.obligations.begin();
  proof_.obligations.erase(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(before));
  for (std::size_t i = first; i < proof_.obligations.size(); ++i) {
    proof_.obligations[i].witness = Witness::Found;
    proof_.obligations[i].never_reached = true;
  }
  return true;
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

bool Proving::smear(unsigned width) {
  return theorems_.smear(width) == Answer::Proved || unknown("the bits below the highest are not proved");
}

bool Proving::meeting(unsigned width, unsigned twos, std::uint64_t odd) {
  return theorems_.meeting(width, twos, odd) == Answer::Proved || unknown("the count of an exit by != is not proved");
}

void Proving::keep(std::vector<Obligation> obligations) {
  std::move(obligations.begin(), obligations.end(), std::back_inserter(kept_));
}

Answer Proving::discharge_each(std::vector<Obligation> obligations) {
  for (Obligation& obligation : obligations) {
    const Answer answer = discharge(solver_, obligation, limits_);
    if (answer == Answer::Proved) continue;
    constexpr std::size_t kMostModels = 40;
    if (answer == Answer::Refuted && models_.size() < kMostModels) models_.push_back(obligation.first.model);
    std::string reason = obligation.first.reason;
    if (reason.empty() && obligation.second) reason = obligation.second->reason;
    if (reason.empty()) reason = "the solvers do not agree";
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
  proof_.obligations.erase(proof_.obligations.begin() + static_cast<std::ptrdiff_t>(mark), proof_.obligations.end());
  proof_.reason.clear();
}

Proof Proving::finish(bool proved) {
  proof_.answer = proved ? Answer::Proved : Answer::Unknown;
  if (proved) proof_.reason.clear();
  std::move(kept_.begin(), kept_.end(), std::back_inserter(proof_.obligations));
  return std::move(proof_);
}

TermId Proving::resized(TermId count, unsigned width) {
  return terms.resize(terms[count].width < width ? Kind::ZeroExtend : Kind::Truncate, width, count);
}

}  // namespace assay::smt
