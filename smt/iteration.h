// Iteration: one round of a loop on symbols, and the closed form that its first rounds suggest.
//
// The closed form is a guess by differences: a sequence whose (d+1)-th differences vanish over the first rounds is
// written as a sum of d-th binomials. Nothing depends on the guess being right but that the proof then succeeds.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "smt/ring.h"
#include "smt/symbolic_run.h"
#include "smt/terms.h"

namespace assay::smt {

struct Iteration {
  std::vector<TermId> start;  // by slot: the symbols before it
  std::vector<TermId> next;   // by slot: after it, where no exit was taken
  std::vector<TermId> left;   // by slot: where the body was left by a break
  TermId enters;              // the condition of a `while`
  TermId breaks;              // an exit of the body is taken
  bool counted = false;
  TermId count;              // of a counted loop
  std::string_view refusal;  // not empty: the body cannot be said in terms
};

// `loop` is a loop of `program`, whose locals are all within it; so are the loops that `inner_loops` runs.
[[nodiscard]] Iteration run_iteration(Terms& terms, const ast::Program& program, ast::NodeId loop,
                                      LoopRunner* inner_loops);

// C(k, j) of one k at the widths of the language.
struct CountAtoms {
  BinomialAtoms narrow;  // 32 bits
  BinomialAtoms wide;    // 64 bits

  [[nodiscard]] const BinomialAtoms& of(unsigned width) const { return width == 32 ? narrow : wide; }
};

[[nodiscard]] CountAtoms make_count_atoms(Terms& terms);

// By slot: its value after k iterations from these values. An invalid id where the differences do not vanish.
[[nodiscard]] std::vector<TermId> guess_closed_form(Terms& terms, Ring& ring, const Iteration& iteration,
                                                    const std::vector<TermId>& initial, const CountAtoms& atoms);

// What is known of other truths when this one is: it is, its negation is not, and so on for its parts.
[[nodiscard]] Terms::Replacements assume(Terms& terms, TermId truth);

// `rounds` iterations as one, of which no exit is said.
[[nodiscard]] Iteration composed(Terms& terms, const Iteration& iteration, unsigned rounds);

}  // namespace assay::smt
