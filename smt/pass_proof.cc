// Comparing programs; see pass_proof.h. Tested by smt/test/pass_proof_test.cc.
#include "smt/pass_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <unordered_set>

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

// The frame a model describes. Scripts number symbols in the order in which they occur; slots have names of their own.
Frame frame_of(const Terms& terms, const SymbolicState& start, const SolverReply& reply, std::uint32_t slots) {
  Frame frame(slots);
  for (std::uint32_t i = 0; i < slots; ++i) {
    for (const auto& [symbol, value] : reply.model) {
      if (plain_name(symbol) == plain_name(terms.symbol_name(start.variables[i]))) frame[i] = value;
    }
  }
  return frame;
}

// How large a run on terms may become. Beyond it the solvers have no chance within their limits.
constexpr std::size_t kMostUnrolledNodes = 3000;
// Values of straight code share so much of each other that their polynomials take minutes to multiply out, for nothing:
// what passes change are small parts of them.
constexpr std::size_t kMostMonomials = 64;
constexpr std::array<unsigned, 5> kBounds = {1, 2, 4, 8, 16};

// What running a list of statements on terms comes to, with so many iterations of each loop.
std::size_t unrolled_size(const ast::Program& program, ast::NodeId first, unsigned bound) {
  std::size_t size = 0;
  for (ast::NodeId id = first; id.valid() && size <= kMostUnrolledNodes; id = program.node(id).next) {
    const ast::Node& node = program.node(id);
    switch (node.kind) {
      case ast::NodeKind::If:
        size += 1 + unrolled_size(program, node.child_b(), bound) + unrolled_size(program, node.child_c(), bound);
        break;
      case ast::NodeKind::Loop:
      case ast::NodeKind::While:
        size += bound * (1 + unrolled_size(program, node.child_b(), bound));
        break;
      default:
        ++size;
        break;
    }
  }
  return size;
}

class Comparison {
 public:
  Comparison(const ast::Program& before, const ast::Program& after, unsigned bound)
      : before_(before), after_(after), bound_(bound) {}

  // Asks whether a run can differ. The proof's answer is the solvers' own, its reason where they have none.
  Proof ask(Solver& solver, const ProofLimits& limits) {
    Proof proof;
    SymbolicRun left_run(terms_, before_, bound_);
    const SymbolicState start = left_run.start();
    SymbolicState left = start;
    SymbolicRun right_run(terms_, after_, bound_);
    const std::vector<TermId> inputs(start.variables.begin(), start.variables.begin() + before_.slot_count());
    SymbolicState right = right_run.start_from(inputs);
    if (!left_run.run(before_.body(), left) || !right_run.run(after_.body(), right)) {
      proof.reason = left_run.refusal().empty() ? right_run.refusal() : left_run.refusal();
      return proof;
    }
    const Observations pairs = observe(terms_, left, right, before_.slot_count());
    for (const auto& [one, other] : pairs) {
      if (std::max(terms_.depth(one), terms_.depth(other)) > kDeepestTerm) {
        proof.reason = "values are nested too deeply";
        return proof;
      }
    }
    std::vector<TermId> assertions = hypotheses(left, right);
    assertions.push_back(differs(pairs));
    // Divisions and products that both programs have are no work when they may be anything.
    if (const auto general = generalised(assertions)) {
      Obligation obligation = about(*general);
      if (discharge(solver, obligation, limits) == Answer::Proved) {
        proof.answer = Answer::Proved;
        proof.obligations.push_back(std::move(obligation));
        return proof;
      }
    }
    Obligation obligation = about(assertions);
    proof.answer = discharge(solver, obligation, limits);
    if (obligation.first.answer == Answer::Refuted) {
      model_ = frame_of(terms_, start, obligation.first, before_.slot_count());
    }
    proof.reason = obligation.first.reason;
    proof.obligations.push_back(std::move(obligation));
    return proof;
  }

  // The input that the solver says differs.
  [[nodiscard]] const std::optional<Frame>& model() const { return model_; }

 private:
  [[nodiscard]] Obligation about(const std::vector<TermId>& assertions) const {
    return {
        "behaviour", print_script(terms_, assertions, before_.name() + ": the same behaviour"), Strategy::Bits, {}, {}};
  }

  // What solvers search long for.
  [[nodiscard]] bool is_hard(TermId id) const {
    const Term& term = terms_[id];
    switch (term.kind) {
      case Kind::UDiv:
      case Kind::URem:
      case Kind::SDiv:
      case Kind::SRem:
        return true;
      case Kind::Mul:
        return !terms_.is_constant(term.arguments[0]) && !terms_.is_constant(term.arguments[1]);
      default:
        return false;
    }
  }

  void find_hard(TermId id, Terms::Replacements& symbols, std::unordered_set<std::uint32_t>& seen) {
    if (!seen.insert(id.value).second) return;
    if (is_hard(id)) {
      symbols.emplace(id.value, terms_.symbol(terms_[id].width, "any"));
      return;
    }
    const std::array<TermId, 3> arguments = terms_[id].arguments;
    for (const TermId argument : arguments) {
      if (argument.valid()) find_hard(argument, symbols, seen);
    }
  }

  // The same with a symbol for each hard term: what holds for all values of these holds for theirs. None without any.
  std::optional<std::vector<TermId>> generalised(std::vector<TermId> assertions) {
    Terms::Replacements symbols;
    std::unordered_set<std::uint32_t> seen;
    for (const TermId assertion : assertions) find_hard(assertion, symbols, seen);
    if (symbols.empty()) return std::nullopt;
    for (TermId& assertion : assertions) assertion = terms_.substitute(assertion, symbols);
    return assertions;
  }

  // With a bound, only runs that stay within it are compared.
  std::vector<TermId> hypotheses(const SymbolicState& left, const SymbolicState& right) {
    if (bound_ == 0) return {};
    std::vector<TermId> within;
    for (const TermId ended : {left.ended, right.ended}) {
      const TermId beyond = terms_.constant(terms_[ended].width, static_cast<std::uint64_t>(Ended::Beyond));
      within.push_back(terms_.negation(terms_.equal(ended, beyond)));
    }
    return within;
  }

  TermId differs(const Observations& pairs) {
    Ring ring(terms_, kMostMonomials);
    TermId differs = terms_.truth(false);
    for (const auto& [one, other] : pairs) {
      // What iterations nest in one another is too much for polynomials.
      const TermId same = bound_ == 0 ? terms_.equal(ring.normal(one), ring.normal(other)) : terms_.equal(one, other);
      differs = terms_.either(differs, terms_.negation(same));
    }
    return differs;
  }

  const ast::Program& before_;
  const ast::Program& after_;
  unsigned bound_;
  Terms terms_;
  std::optional<Frame> model_;
};

}  // namespace

Proof prove_same_behaviour(const ast::Program& before, const ast::Program& after, Solver& solver,
                           const ProofLimits& limits) {
  Comparison comparison(before, after, 0);
  Proof proof = comparison.ask(solver, limits);
  if (proof.answer == Answer::Proved || proof.obligations.empty()) return proof;
  proof.answer = Answer::Unknown;
  std::vector<Frame> hints;
  if (comparison.model()) hints.push_back(*comparison.model());
  if (const auto frame = find_counterexample(before, after, hints)) {
    proof.answer = Answer::Refuted;
    proof.counterexample = *frame;
  } else if (!hints.empty()) {
    proof.reason = "a model that running does not confirm";
  }
  return proof;
}

Proof compare_bounded(const ast::Program& before, const ast::Program& after, Solver& solver,
                      const ProofLimits& limits) {
  const auto size = [&](unsigned bound) {
    return unrolled_size(before, before.body(), bound) + unrolled_size(after, after.body(), bound);
  };
  using Clock = std::chrono::steady_clock;
  // What was shown last; each bound takes a multiple of the time of the one before.
  Proof shown;
  shown.reason = "too large for one iteration of its loops";
  for (const unsigned bound : kBounds) {
    if (size(bound) > kMostUnrolledNodes) break;
    const Clock::time_point start = Clock::now();
    Comparison comparison(before, after, bound);
    Proof proof = comparison.ask(solver, limits);
    // Z3's model may leave out a constant that decides, so inputs near it are tried too.
    if (comparison.model()) {
      if (auto frame = find_counterexample(before, after, {*comparison.model()})) {
        proof.answer = Answer::Refuted;
        proof.counterexample = std::move(*frame);
        return proof;
      }
    }
    if (proof.answer != Answer::Proved) {
      if (shown.bound != 0) break;
      proof.answer = Answer::Unknown;
      if (comparison.model()) proof.reason = "a model that running does not confirm";
      return proof;
    }
    shown = std::move(proof);
    shown.answer = Answer::Unknown;
    shown.bound = bound;
    shown.reason = fmt::format("compared for {} iteration{} of each loop", bound, bound == 1 ? "" : "s");
    if (Clock::now() - start > std::chrono::milliseconds(limits.milliseconds / 2)) break;
  }
  return shown;
}

}  // namespace assay::smt
