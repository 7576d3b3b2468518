// Proving solved loops; see loop_proof.h. Tested by smt/test/loop_proof_test.cc.
#include "smt/loop_proof.h"

#include <algorithm>
#include <string>
#include <utility>

#include "smt/binomials.h"
#include "smt/counterexample.h"
#include "smt/emitted.h"
#include "smt/iteration.h"
#include "smt/script.h"
#include "smt/symbolic_run.h"

namespace assay::smt {
namespace {

using ast::NodeId;

class LoopProver {
 public:
  LoopProver(const ast::Program& before, const ast::Program& after, Solver& solver, Theorems& theorems,
             const ProofLimits& limits)
      : before_(before), after_(after), solver_(solver), theorems_(theorems), limits_(limits), ring_(terms_) {}

  Proof prove() {
    if (!attempt()) proof_.answer = Answer::Unknown;
    return std::move(proof_);
  }

 private:
  // False, with a reason, at the first thing that is not proved.
  bool attempt() {
    const NodeId loop = before_.body();
    const bool is_loop = loop.valid() && (before_.node(loop).kind == ast::NodeKind::Loop ||
                                          before_.node(loop).kind == ast::NodeKind::While);
    if (!is_loop || before_.node(loop).next.valid()) return unknown("more than one loop");
    iteration_ = run_iteration(terms_, before_, loop);
    if (!iteration_.refusal.empty()) return unknown(std::string(iteration_.refusal));
    atoms_ = make_count_atoms(terms_);
    const auto form = guess_closed_form(terms_, ring_, iteration_, atoms_);
    if (!form) return unknown("no closed form in binomials of the trip count");
    form_ = *form;
    emitted_ = read_emitted(before_, after_);
    if (iteration_.counted && emitted_.loop_follows)
      return unknown("a counted loop that goes on behind its closed form");
    if (iteration_.counted && !terms_.is_constant(iteration_.breaks)) return unknown("a counted loop with a break");
    if (!find_count()) return unknown("the statements are not seen to leave the closed form behind");
    if (!prove_step()) return false;
    for (const auto& [width, degree] : used_binomials_) {
      if (theorems_.pascal(width, degree) != Answer::Proved) return unknown("Pascal's rule for the code is not proved");
    }
    if (!prove_count()) return false;
    proof_.answer = Answer::Proved;
    return true;
  }

  bool unknown(std::string reason) {
    proof_.reason = std::move(reason);
    return false;
  }

  // Symbols before an iteration, as their values at another state.
  [[nodiscard]] Terms::Replacements at(const std::vector<TermId>& state) const {
    Terms::Replacements values;
    for (std::size_t i = 0; i < state.size(); ++i) values.emplace(iteration_.start[i].value, state[i]);
    return values;
  }

  // What the statements must leave behind after k iterations, if k is all of them.
  std::vector<TermId> expected() {
    if (emitted_.loop_follows || iteration_.counted || terms_.is_constant(iteration_.breaks, 0)) return form_;
    std::vector<TermId> result;
    const TermId enters = terms_.substitute(iteration_.enters, at(form_));
    for (std::size_t i = 0; i < form_.size(); ++i) {
      const TermId left = terms_.substitute(iteration_.left[i], at(form_));
      result.push_back(terms_.ite(enters, left, form_[i]));
    }
    return result;
  }

  // Runs the statements with the value of one local, the supposed count, forgotten.
  struct Run {
    std::vector<TermId> slots;
    TermId count;   // what the local would have held
    TermId symbol;  // what stands for it
  };

  bool run_emitted(ast::VarId local, Run& result) {
    SymbolicRun run(terms_, after_);
    SymbolicState state = run.start_from(iteration_.start);
    for (const NodeId id : emitted_.statements) {
      if (!run.run_statement(id, state)) return false;
      const ast::Node& node = after_.node(id);
      if (node.kind != ast::NodeKind::Let || node.variable() != local) continue;
      TermId& place = state.variables[local.value];
      result.count = place;
      result.symbol = terms_.symbol(terms_[place].width, "k");
      place = result.symbol;
    }
    result.slots.assign(state.variables.begin(), state.variables.begin() + before_.slot_count());
    return terms_.is_constant(state.depth, 0) && terms_.is_constant(state.live, 1);
  }

  bool find_count() {
    const std::vector<TermId> goal = expected();
    for (const NodeId id : emitted_.statements) {
      if (after_.node(id).kind != ast::NodeKind::Let) continue;
      Run run;
      if (run_emitted(after_.node(id).variable(), run) && leaves_form(run, goal)) return true;
    }
    if (!iteration_.counted) return false;
    Run run;
    if (!run_emitted(ast::VarId::none(), run)) return false;
    run.count = iteration_.count;
    run.symbol = iteration_.count;
    return leaves_form(run, goal);
  }

  // The count as a number of another width.
  TermId resized(TermId count, unsigned width) {
    return terms_.resize(terms_[count].width < width ? Kind::ZeroExtend : Kind::Truncate, width, count);
  }

  // Code for binomials of the count becomes their atoms.
  void name_binomials(TermId id, TermId count, Terms::Replacements& named) {
    if (named.contains(id.value) || terms_.is_constant(id)) return;
    const Term term = terms_[id];
    if (term.width == 32 || term.width == 64) {
      const auto found = find_binomial(terms_, id, resized(count, term.width));
      // Modulo 2^32 the code for C(k, 2) needs 33 bits of k.
      if (found && (found->degree == 1 || term.width >= terms_[count].width)) {
        const TermId atom = atoms_.of(term.width).atoms[found->degree - 1];
        named.emplace(id.value, terms_.mul(atom, terms_.constant(term.width, found->multiplier)));
        const std::pair<unsigned, unsigned> use{term.width, found->degree};
        if (std::find(used_binomials_.begin(), used_binomials_.end(), use) == used_binomials_.end()) {
          used_binomials_.push_back(use);
        }
        return;
      }
    }
    for (const TermId argument : term.arguments) {
      if (argument.valid()) name_binomials(argument, count, named);
    }
  }

  // Of a constant count, and of none at all, the atoms are numbers.
  TermId with_known_count(TermId term, TermId count) {
    if (!terms_.is_constant(count)) return term;
    Terms::Replacements values;
    for (const BinomialAtoms* const atoms : {&atoms_.narrow, &atoms_.wide}) {
      for (unsigned j = 1; j <= kMaxBinomial; ++j) {
        values.emplace(atoms->atoms[j - 1].value, binomial_code(terms_, resized(count, atoms->width), j));
        if (terms_[count].width >= atoms->width) used_binomials_.emplace_back(atoms->width, j);
      }
    }
    return terms_.substitute(term, values);
  }

  bool leaves_form(const Run& run, const std::vector<TermId>& goal) {
    used_binomials_.clear();
    std::vector<Obligation> obligations;
    for (std::size_t i = 0; i < goal.size(); ++i) {
      Terms::Replacements named;
      if (!terms_.is_constant(run.symbol)) name_binomials(run.slots[i], run.symbol, named);
      const TermId left = terms_.substitute(run.slots[i], named);
      // The count of a counted loop may stand in its own closed form.
      const TermId right = terms_.substitute(with_known_count(goal[i], run.symbol), named);
      if (left == right) continue;
      if (!same_in_ring(left, right, "emitted: " + slot_name(i), obligations)) return false;
    }
    count_ = run;
    for (Obligation& obligation : obligations) {
      if (discharge(solver_, obligation, limits_) != Answer::Proved) return false;
      proof_.obligations.push_back(std::move(obligation));
    }
    return true;
  }

  std::string slot_name(std::size_t slot) const {
    return std::string(before_.variable_name(ast::VarId{static_cast<std::uint32_t>(slot)}));
  }

  // Equality as polynomials, after the relations between binomials; the obligation says which were used, and how.
  bool same_in_ring(TermId left, TermId right, const std::string& name, std::vector<Obligation>& obligations) {
    const unsigned width = terms_[left].width;
    RingPolynomial difference = ring_.polynomial(terms_.sub(left, right));
    std::vector<UsedRelation> used;
    if (!ring_.reduce(difference, atoms_.of(width), used) || !difference.is_zero()) return false;
    TermId rest = terms_.sub(ring_.normal(left), ring_.normal(right));
    for (const UsedRelation& one : used) rest = terms_.sub(rest, terms_.mul(one.cofactor, one.relation));
    const TermId violated = terms_.negation(terms_.equal(rest, terms_.constant(width, 0)));
    obligations.push_back(
        {name, print_script(terms_, {violated}, before_.name() + ": " + name), Strategy::Ring, {}, {}});
    return true;
  }

  bool prove_step() {
    Terms::Replacements forward;
    for (const BinomialAtoms* const atoms : {&atoms_.narrow, &atoms_.wide}) {
      for (std::size_t j = 0; j < atoms->atoms.size(); ++j) {
        const TermId lower = j == 0 ? terms_.constant(atoms->width, 1) : atoms->atoms[j - 1];
        forward.emplace(atoms->atoms[j].value, terms_.add(atoms->atoms[j], lower));
      }
    }
    for (std::size_t i = 0; i < form_.size(); ++i) {
      if (iteration_.next[i] == iteration_.start[i]) continue;
      const TermId behind = terms_.substitute(form_[i], forward);
      const TermId stepped = terms_.substitute(iteration_.next[i], at(form_));
      std::vector<Obligation> obligations;
      if (!same_in_ring(behind, stepped, "step: " + slot_name(i), obligations))
        return unknown("the step is not an identity");
      if (!discharge_all(obligations)) return false;
    }
    return true;
  }

  bool discharge_all(std::vector<Obligation>& obligations) {
    for (Obligation& obligation : obligations) {
      const Answer answer = discharge(solver_, obligation, limits_);
      const std::string reason = obligation.first.reason.empty() ? "the solvers do not agree" : obligation.first.reason;
      const std::string name = obligation.name;
      proof_.obligations.push_back(std::move(obligation));
      if (answer == Answer::Refuted) return unknown(name + ": a model, which running does not confirm");
      if (answer == Answer::Unknown) return unknown(name + ": " + reason);
    }
    return true;
  }

  // The truth after `count` iterations; none where it depends on more than linear values.
  std::optional<TermId> after_iterations(TermId truth, TermId count) {
    Terms::Replacements values;
    for (const BinomialAtoms* const atoms : {&atoms_.narrow, &atoms_.wide}) {
      values.emplace(atoms->atoms[0].value, resized(count, atoms->width));
    }
    const TermId moved = terms_.substitute(terms_.substitute(truth, at(form_)), values);
    return mentions_higher_binomials(moved) ? std::nullopt : std::optional(moved);
  }

  bool mentions_higher_binomials(TermId id) {
    for (const BinomialAtoms* const atoms : {&atoms_.narrow, &atoms_.wide}) {
      if (std::find(atoms->atoms.begin(), atoms->atoms.end(), id) != atoms->atoms.end()) return true;
    }
    const Term term = terms_[id];
    return std::any_of(term.arguments.begin(), term.arguments.end(),
                       [this](TermId argument) { return argument.valid() && mentions_higher_binomials(argument); });
  }

  bool prove_count() {
    std::vector<Obligation> obligations;
    const auto add = [&](const std::string& name, const std::vector<TermId>& assertions) {
      obligations.push_back(
          {name, print_script(terms_, assertions, before_.name() + ": " + name), Strategy::Bits, {}, {}});
    };
    if (iteration_.counted) {
      const TermId all = terms_.equal(resized(count_.count, 64), resized(iteration_.count, 64));
      add("count: every iteration", {terms_.negation(all)});
      return discharge_all(obligations);
    }
    const TermId stays = terms_.both(iteration_.enters, terms_.negation(iteration_.breaks));
    const TermId k = terms_.symbol(terms_[count_.count].width, "k");
    const auto during = after_iterations(stays, k);
    const auto behind = after_iterations(stays, count_.count);
    if (!during || !behind) return unknown("an exit that depends on more than a linear value");
    add("stays: no exit before", {terms_.binary(Kind::Ult, k, count_.count), terms_.negation(*during)});
    if (!emitted_.loop_follows) add("leaves: an exit behind", {*behind});
    return discharge_all(obligations);
  }

  const ast::Program& before_;
  const ast::Program& after_;
  Solver& solver_;
  Theorems& theorems_;
  const ProofLimits limits_;
  Terms terms_;
  Ring ring_;
  Iteration iteration_;
  CountAtoms atoms_;
  std::vector<TermId> form_;
  Emitted emitted_;
  Run count_;
  std::vector<std::pair<unsigned, unsigned>> used_binomials_;  // width and degree
  Proof proof_;
};

}  // namespace

Proof prove_solved_loop(const ast::Program& before, const ast::Program& after, Solver& solver, Theorems& theorems,
                        const ProofLimits& limits) {
  Proof proof = LoopProver(before, after, solver, theorems, limits).prove();
  if (proof.answer == Answer::Proved) return proof;
  if (const auto frame = find_counterexample(before, after)) {
    proof.answer = Answer::Refuted;
    proof.counterexample = *frame;
  }
  return proof;
}

}  // namespace assay::smt
