// Lemmas: what is said of flags and of counting bits once, instead of in every proof that needs it.
//
// After a subtraction SF != OF means "less than" for signed numbers, and so on. That is what x86 code for a comparison
// relies on, it takes a solver fifty milliseconds, and with it two comparisons are one term. Without all of them proved
// nothing that was said with them is.
//
// Tested by smt/x86/test/lemmas_test.cc.
#pragma once

#include <optional>
#include <vector>

#include "smt/obligation.h"
#include "smt/terms.h"

namespace assay::smt::x86 {

// That `Flags::less`, `less_or_equal` and `below_or_equal` are what the flags say, at 32 and 64 bits.
[[nodiscard]] std::vector<Obligation> prove_flag_lemmas(Solver& solver, const ProofLimits& limits);
[[nodiscard]] bool all_proved(const std::vector<Obligation>& obligations);

// Counting ones by halving: sums of neighbouring bits, of pairs, of nibbles, then all bytes added by a multiplication.
// Bit by bit solvers do not come back from 64 bits of that. It is cut where the bytes are counted:
//
//   bytes   each byte of `counts` is the number of ones in that byte of x        once for each byte
//   total   for any `counts` of such bytes the product's top byte is their sum
//
// and that sums of the bits of bytes are the sum of all bits is one polynomial.
class PopulationLemma {
 public:
  PopulationLemma(Terms& terms, Solver& solver, const ProofLimits& limits)
      : terms_(terms), solver_(solver), limits_(limits) {}

  // `term` with such code replaced by the sum of the bits of `x`, where that could be proved.
  [[nodiscard]] TermId rewrite(TermId term, TermId x);

  [[nodiscard]] const std::vector<Obligation>& obligations() const { return obligations_; }

 private:
  [[nodiscard]] bool counts_bytes(TermId counts, TermId x);
  [[nodiscard]] bool adds_bytes(unsigned width);
  [[nodiscard]] bool holds(std::string name, const std::vector<TermId>& assertions);

  Terms& terms_;
  Solver& solver_;
  ProofLimits limits_;
  std::vector<Obligation> obligations_;
};

}  // namespace assay::smt::x86
