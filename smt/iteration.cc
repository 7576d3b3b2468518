// One round and its closed form; see iteration.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/iteration.h"

#include <utility>

#include "smt/binomials.h"
#include "smt/symbolic_run.h"

namespace assay::smt {
namespace {

constexpr std::size_t kRounds = kMaxBinomial + 2;
// A guess whose polynomials grow beyond this is given up.
constexpr std::size_t kMaxSize = 2400;

std::size_t size_of(const RingPolynomial& polynomial) {
  std::size_t size = 0;
  for (const auto& [monomial, coefficient] : polynomial.terms) size += 1 + monomial.size();
  return size;
}

// The values of the first rounds as a sum of binomials; an invalid id where the differences do not vanish.
TermId in_binomials(Terms& terms, Ring& ring, std::vector<RingPolynomial> differences, TermId start,
                    const CountAtoms& atoms) {
  TermId value = start;
  const BinomialAtoms& binomials = atoms.of(terms[value].width);
  for (std::size_t degree = 1;; ++degree) {
    bool vanish = true;
    for (std::size_t round = 0; round + degree < differences.size(); ++round) {
      differences[round] = subtract(differences[round + 1], differences[round]);
      vanish = vanish && differences[round].is_zero();
    }
    if (vanish) return value;
    if (degree > kMaxBinomial) return {};
    value = terms.add(value, terms.mul(ring.to_term(differences[0]), binomials.atoms[degree - 1]));
  }
}

void find_locals(const ast::Program& program, ast::NodeId first, std::vector<bool>& declared) {
  for (ast::NodeId id = first; id.valid(); id = program.node(id).next) {
    const ast::Node& node = program.node(id);
    if (node.kind == ast::NodeKind::Let) declared[node.variable().value] = true;
    if (node.kind == ast::NodeKind::If || node.kind == ast::NodeKind::Loop || node.kind == ast::NodeKind::While) {
      find_locals(program, node.child_b(), declared);
    }
    if (node.kind == ast::NodeKind::If) find_locals(program, node.child_c(), declared);
  }
}

}  // namespace

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

Iteration run_iteration(Terms& terms, const ast::Program& program, ast::NodeId loop, LoopRunner* inner_loops) {
  Iteration result;
  SymbolicRun run(terms, program, inner_loops);
  SymbolicState state = run.start();
  result.start.assign(state.variables.begin(), state.variables.begin() + program.slot_count());
  const ast::Node& node = program.node(loop);
  // A local from before the loop may hold anything.
  std::vector<bool> declared(program.variable_count(), false);
  find_locals(program, node.child_b(), declared);
  for (std::uint32_t i = program.slot_count(); i < program.variable_count(); ++i) {
    const ast::VarId local{i};
    if (declared[i]) continue;
    state.variables[i] = terms.symbol(ast::bit_width(program.variable_type(local)), program.variable_name(local));
  }
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

std::vector<TermId> guess_closed_form(Terms& terms, Ring& ring, const Iteration& iteration,
                                      const std::vector<TermId>& initial, const CountAtoms& atoms) {
  const std::size_t slots = iteration.start.size();
  std::vector<std::vector<RingPolynomial>> rounds;  // [round][slot]
  std::vector<TermId> state = initial;
  std::vector<bool> given_up(slots, false);
  for (std::size_t round = 0; round < kRounds; ++round) {
    rounds.emplace_back();
    Terms::Replacements values;
    for (std::size_t i = 0; i < slots; ++i) {
      rounds.back().push_back(ring.polynomial(state[i]));
      given_up[i] = given_up[i] || size_of(rounds.back().back()) > kMaxSize;
      // What depends on it has no closed form either: it is another unknown in every round.
      state[i] = given_up[i] ? terms.symbol(terms[state[i]].width, "unknown") : ring.to_term(rounds.back().back());
      values.emplace(iteration.start[i].value, state[i]);
    }
    for (std::size_t i = 0; i < slots; ++i) state[i] = terms.substitute(iteration.next[i], values);
  }
  std::vector<TermId> form;
  for (std::size_t i = 0; i < slots; ++i) {
    std::vector<RingPolynomial> differences;
    for (std::size_t round = 0; round < kRounds; ++round) differences.push_back(rounds[round][i]);
    const TermId start = ring.to_term(differences[0]);
    form.push_back(given_up[i] ? TermId{} : in_binomials(terms, ring, std::move(differences), start, atoms));
  }
  return form;
}

Iteration composed(Terms& terms, const Iteration& iteration, unsigned rounds) {
  Iteration result = iteration;
  for (unsigned i = 1; i < rounds; ++i) {
    Terms::Replacements values;
    for (std::size_t j = 0; j < result.start.size(); ++j) values.emplace(result.start[j].value, result.next[j]);
    std::vector<TermId> next;
    for (const TermId one : iteration.next) next.push_back(terms.substitute(one, values));
    result.next = std::move(next);
  }
  return result;
}

}  // namespace assay::smt
