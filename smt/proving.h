// Proving: what the parts of a proof share: the arena of terms, the solvers, and the list of obligations so far.
//
// An equation is first compared as polynomials. What is no identity of polynomials is asked in integers, which takes
// milliseconds where it can be said so, and otherwise of bits.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "smt/iteration.h"
#include "smt/obligation.h"
#include "smt/ring.h"
#include "smt/symbolic_run.h"
#include "smt/theorems.h"

namespace assay::smt {

class Proving {
 public:
  Proving(std::string title, Solver& solver, Theorems& theorems, const ProofLimits& limits)
      : ring(terms),
        atoms(make_count_atoms(terms)),
        title_(std::move(title)),
        solver_(solver),
        theorems_(theorems),
        limits_(limits) {
    ring.cut_sums();
    // Of one k.
    for (std::size_t i = 0; i < atoms.wide.atoms.size(); ++i)
      ring.say_truncated(atoms.wide.atoms[i], atoms.narrow.atoms[i]);
  }

  Terms terms;
  Ring ring;
  CountAtoms atoms;
  LoopRunner* inner_loops = nullptr;  // what runs loops within the loop

  // Whether the terms are equal as polynomials, after the relations between binomials; the obligation that says so, and
  // which relations were used and how, is appended. No solver is asked.
  [[nodiscard]] bool same_in_ring(TermId left, TermId right, const std::string& name,
                                  std::vector<Obligation>& obligations);

  // Whether the assertions contradict each other, by the solvers; the obligations are recorded if they do. The last one
  // is the claim denied, the others are what is assumed, from the outside in.
  [[nodiscard]] bool impossible(const std::string& name, const std::vector<TermId>& assertions);
  [[nodiscard]] bool equal(const std::string& name, const std::vector<TermId>& hypotheses, TermId left, TermId right);
  // Pascal's rule for the code of these.
  [[nodiscard]] bool pascal(const std::vector<std::pair<unsigned, unsigned>>& widths_and_degrees);
  // `highest_bits` is `smear` (theorems.h).
  [[nodiscard]] bool smear(unsigned width);
  // The count of steps of 2^twos * odd between two values, from their distance (theorems.h).
  [[nodiscard]] bool meeting(unsigned width, unsigned twos, std::uint64_t odd);
  // All or none of them is recorded.
  [[nodiscard]] bool discharge_all(std::vector<Obligation> obligations);

  // False, with the reason for what is not proved. The first one said stays.
  bool unknown(std::string reason);
  [[nodiscard]] const std::string& reason() const { return proof_.reason; }
  // Obligations of something that holds whatever else is tried.
  void keep(std::vector<Obligation> obligations);
  // Forgets obligations and reasons since.
  [[nodiscard]] std::size_t mark() const { return proof_.obligations.size(); }
  void take_back(std::size_t mark);

  // Values of symbols for which something was not so, by the solvers, the latest last.
  using Model = std::vector<std::pair<std::string, std::uint64_t>>;
  [[nodiscard]] const std::vector<Model>& models() const { return models_; }

  [[nodiscard]] Proof finish(bool proved);

  // A count as a number of another width.
  [[nodiscard]] TermId resized(TermId count, unsigned width);

 private:
  [[nodiscard]] Terms::Replacements unknowns_for_atoms(TermId term);
  [[nodiscard]] Answer ask(const std::string& name, std::vector<std::string> scripts, Strategy strategy);

  [[nodiscard]] Answer discharge_each(std::vector<Obligation> obligations);
  [[nodiscard]] bool refute(const std::string& name, const std::vector<TermId>& assertions);
  void look_for_witness(const std::string& name, const std::vector<TermId>& assertions, std::size_t first);
  [[nodiscard]] Witness witness_of(std::span<const TermId> assumed);
  [[nodiscard]] bool say_never_reached(const std::string& name, std::span<const TermId> assumed, std::size_t first);

  std::string title_;

  Solver& solver_;
  Theorems& theorems_;
  const ProofLimits limits_;
  std::map<std::pair<unsigned, std::size_t>, TermId> unknowns_;  // by width and number
  Proof proof_;
  std::vector<Obligation> kept_;
  std::vector<Model> models_;
};

}  // namespace assay::smt
