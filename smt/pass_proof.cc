// Comparing loop-free programs; see pass_proof.h. Tested by smt/test/pass_proof_test.cc.
#include "smt/pass_proof.h"

#include <algorithm>
#include <unordered_map>

#include "smt/counterexample.h"
#include "smt/ring.h"
#include "smt/script.h"
#include "smt/symbolic_run.h"

namespace assay::smt {
namespace {

// What is nested deeper is not looked at: terms are walked by recursion, here and in the solvers.
constexpr std::uint32_t kDeepestTerm = 2000;

// Pairs of what must be equal.
using Observations = std::vector<std::pair<TermId, TermId>>;

Observations observe(Terms& terms, const SymbolicState& left, const SymbolicState& right, std::uint32_t slots) {
  Observations pairs = {{left.ended, right.ended}, {left.depth, right.depth}};
  for (std::uint32_t i = 0; i < slots; ++i) pairs.emplace_back(left.variables[i], right.variables[i]);
  const TermId empty = terms.constant(64, 0);
  for (std::size_t i = 0; i < std::max(left.stack.size(), right.stack.size()); ++i) {
    pairs.emplace_back(i < left.stack.size() ? left.stack[i] : empty, i < right.stack.size() ? right.stack[i] : empty);
  }
  return pairs;
}

// The frame a model describes: symbols of slots have the slot's number at their end, in order of creation.
Frame frame_of(const Terms& terms, const SymbolicState& start, const SolverReply& reply, std::uint32_t slots) {
  std::unordered_map<std::string, std::uint64_t> values(reply.model.begin(), reply.model.end());
  Frame frame(slots);
  for (std::uint32_t i = 0; i < slots; ++i) {
    const auto found = values.find(terms.symbol_name(start.variables[i]));
    if (found != values.end()) frame[i] = found->second;
  }
  return frame;
}

}  // namespace

Proof prove_same_behaviour(const ast::Program& before, const ast::Program& after, Solver& solver,
                           const ProofLimits& limits) {
  Proof proof;
  Terms terms;
  SymbolicRun left_run(terms, before);
  const SymbolicState start = left_run.start();
  SymbolicState left = start;
  SymbolicRun right_run(terms, after);
  std::vector<TermId> inputs(start.variables.begin(), start.variables.begin() + before.slot_count());
  SymbolicState right = right_run.start_from(inputs);
  if (!left_run.run(before.body(), left) || !right_run.run(after.body(), right)) {
    proof.reason = left_run.refusal().empty() ? right_run.refusal() : left_run.refusal();
    return proof;
  }
  const Observations pairs = observe(terms, left, right, before.slot_count());
  for (const auto& [one, other] : pairs) {
    if (std::max(terms.depth(one), terms.depth(other)) > kDeepestTerm) {
      proof.reason = "values are nested too deeply";
      return proof;
    }
  }
  Ring ring(terms);
  TermId differs = terms.truth(false);
  for (const auto& [one, other] : pairs) {
    differs = terms.either(differs, terms.negation(terms.equal(ring.normal(one), ring.normal(other))));
  }
  Obligation obligation{
      "behaviour", print_script(terms, {differs}, before.name() + ": the same behaviour"), Strategy::Bits, {}, {}};
  proof.answer = discharge(solver, obligation, limits);
  std::vector<Frame> hints;
  if (obligation.first.answer == Answer::Refuted)
    hints.push_back(frame_of(terms, start, obligation.first, before.slot_count()));
  proof.reason = obligation.first.reason;
  proof.obligations.push_back(std::move(obligation));
  if (proof.answer == Answer::Proved) return proof;
  proof.answer = Answer::Unknown;
  if (const auto frame = find_counterexample(before, after, hints)) {
    proof.answer = Answer::Refuted;
    proof.counterexample = *frame;
  } else if (!hints.empty()) {
    proof.reason = "a model that running does not confirm";
  }
  return proof;
}

}  // namespace assay::smt
