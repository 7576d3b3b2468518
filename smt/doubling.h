// Doubling: emitted loops of logarithmic length that compute k iterations of a linear recurrence.
//
// Two kinds are known, by what one round does to the bits of k. With App(P, x) for the map that parameters P stand for:
//
//   from the lowest bit    while (m) { if (m & 1) x = App(P, x); P = twice(P); m = m >>> 1 }
//   from the highest bit   while (t) { t = t - 1; P = twice(P); if (m >>> t & 1) P = next(P) }, and App(P, x) behind
//
// What is shown are identities of polynomials in unknown P and x:
//
//   first    App(P before, x) is one iteration           highest bit: App(P before, x) = x
//   twice    App(twice(P), x) = App(P, App(P, x))
//   next     highest bit: App(next(twice(P)), x) is one iteration after App(twice(P), x)
//
// By induction on the rounds P stands for 2^j iterations, and x for k mod 2^j of them; or P stands for k >> t of them.
// At the end x, or App(P, x), is what k iterations leave.
//
// Tested by smt/test/solved_classes_test.cc.
#pragma once

#include <functional>
#include <vector>

#include "core/ast/program.h"
#include "smt/proving.h"
#include "smt/symbolic_run.h"

namespace assay::smt {

// What a doubling loop is measured against.
struct DoublingTask {
  const ast::Program& program;  // that holds the doubling loop
  const Iteration& iteration;
  // By slot: its value after k iterations, in binomials of k; or, where there is no such form, an opaque symbol. What
  // is shown is that the loop computes the values these symbols stand for.
  const std::vector<TermId>& forms;
  const std::vector<bool>& opaque;  // by slot: its form is such a symbol
  TermId count;                     // k
  // A term in the slots at the start with the symbols that the iteration has for what steps like a polynomial
  // (companions.h) and for conditions.
  std::function<TermId(TermId)> named;
  std::vector<TermId>& left_over;  // gets the symbols that stand for what parameters are in the end
};

// A highest-bit loop is shown right only with the statements behind it, which say what its parameters stand for.
struct PendingDoubling {
  bool pending = false;
  std::vector<TermId> parameters;  // as symbols, which now stand in the state
  std::vector<TermId> before;
  std::vector<TermId> doubled;   // after a round in which the bit is 0
  std::vector<TermId> advanced;  // and in which it is 1
};

// Runs the loop on `state`. False if it is not of these kinds or an identity does not hold.
[[nodiscard]] bool run_doubling(Proving& proving, const DoublingTask& task, ast::NodeId loop, SymbolicState& state,
                                PendingDoubling& pending);

// After further statements: whether the opaque slots now hold what k iterations leave; if so they hold their symbols
// afterwards.
[[nodiscard]] bool finish_doubling(Proving& proving, const DoublingTask& task, const PendingDoubling& pending,
                                   SymbolicState& state);

}  // namespace assay::smt
