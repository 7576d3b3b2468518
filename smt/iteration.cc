// One round and its closed form; see iteration.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/iteration.h"

#include "smt/binomials.h"
#include "smt/symbolic_run.h"

namespace assay::smt {
namespace {

constexpr std::size_t kRounds = kMaxBinomial + 2;
// A guess whose polynomials grow beyond this is given up.
constexpr std::size_t kMaxTerms = 600;

// What follows for other truths when one is known.
Terms::Replacements assume(Terms& terms, TermId truth) {
  Terms::Replacements known;
  std::vector<TermId> open = {truth};
  while (!open.empty()) {
    const TermId one = open.back();
    open.pop_back();
    known.emplace(one.value, terms.truth(true));
    known.emplace(terms.negation(one).value, terms.truth(false));
    if (terms[one].kind != Kind::Both) continue;
    open.push_back(terms[one].arguments[0]);
    open.push_back(terms[one].arguments[1]);
  }
  return known;
}

}  // namespace

Iteration run_iteration(Terms& terms, const ast::Program& program, ast::NodeId loop) {
  Iteration result;
  SymbolicRun run(terms, program);
  SymbolicState state = run.start();
  result.start.assign(state.variables.begin(), state.variables.begin() + program.slot_count());
  const ast::Node& node = program.node(loop);
  const TermId unended = state.ended;
  const TermId head = run.value(node.child_a(), state);
  result.counted = node.kind == ast::NodeKind::Loop;
  if (result.counted) result.count = head;
  result.enters = result.counted ? terms.truth(true) : terms.nonzero(head);
  if (!run.run(node.child_b(), state)) {
    result.refusal = run.refusal();
    return result;
  }
  if (state.ended != unended || !terms.is_constant(state.depth, 0)) {
    result.refusal = "the body may trap or return";
    return result;
  }
  result.breaks = state.broken;
  const auto goes_on = assume(terms, terms.negation(state.broken));
  const auto leaves = assume(terms, state.broken);
  for (std::uint32_t i = 0; i < program.slot_count(); ++i) {
    result.next.push_back(terms.substitute(state.variables[i], goes_on));
    result.left.push_back(terms.substitute(state.variables[i], leaves));
  }
  return result;
}

CountAtoms make_count_atoms(Terms& terms) {
  CountAtoms result;
  for (BinomialAtoms* const atoms : {&result.narrow, &result.wide}) {
    atoms->width = atoms == &result.narrow ? 32 : 64;
    // Products of two reach up to twice the degree of one.
    for (unsigned j = 1; j <= 2 * kMaxBinomial; ++j) {
      atoms->atoms.push_back(terms.symbol(atoms->width, "C(k," + std::to_string(j) + ")"));
    }
  }
  return result;
}

std::optional<std::vector<TermId>> guess_closed_form(Terms& terms, Ring& ring, const Iteration& iteration,
                                                     const CountAtoms& atoms) {
  const std::size_t slots = iteration.start.size();
  std::vector<std::vector<RingPolynomial>> rounds;  // [round][slot]
  std::vector<TermId> state = iteration.start;
  for (std::size_t round = 0; round < kRounds; ++round) {
    rounds.emplace_back();
    Terms::Replacements values;
    for (std::size_t i = 0; i < slots; ++i) {
      rounds.back().push_back(ring.polynomial(state[i]));
      if (rounds.back().back().terms.size() > kMaxTerms) return std::nullopt;
      state[i] = ring.to_term(rounds.back().back());
      values.emplace(iteration.start[i].value, state[i]);
    }
    for (std::size_t i = 0; i < slots; ++i) state[i] = terms.substitute(iteration.next[i], values);
  }
  std::vector<TermId> form;
  for (std::size_t i = 0; i < slots; ++i) {
    std::vector<RingPolynomial> differences;
    for (std::size_t round = 0; round < kRounds; ++round) differences.push_back(rounds[round][i]);
    TermId value = ring.to_term(differences[0]);
    const BinomialAtoms& binomials = atoms.of(terms[value].width);
    for (std::size_t degree = 1;; ++degree) {
      bool vanish = true;
      for (std::size_t round = 0; round + degree < kRounds; ++round) {
        differences[round] = subtract(differences[round + 1], differences[round]);
        vanish = vanish && differences[round].is_zero();
      }
      if (vanish) break;
      if (degree >= kMaxBinomial) return std::nullopt;
      value = terms.add(value, terms.mul(ring.to_term(differences[0]), binomials.atoms[degree - 1]));
    }
    form.push_back(value);
  }
  return form;
}

}  // namespace assay::smt
