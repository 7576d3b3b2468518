// Theorems: what is proved once per width and then used by every loop: that the code for C(k, j) obeys Pascal's rule.
//
// With C(0, j) = 0 the rule C(k + 1, j) = C(k, j) + C(k, j - 1) says what C(k, j) is modulo 2^w, for every k. Asked
// directly no solver comes back. Split by the low bits of k = 2^L * q + r the halved and the odd factors are
// polynomials in q, and each case is an identity of polynomials; what the bits of such a k are is a lemma without
// products.
//
// Tested by smt/test/theorems_test.cc.
#pragma once

#include <map>
#include <utility>

#include "smt/obligation.h"

namespace assay::smt {

class Theorems {
 public:
  Theorems(Solver& solver, const ProofLimits& limits) : solver_(solver), limits_(limits) {}

  // Pascal's rule for C(k, degree) at a width, and for all lower degrees. Asked of the solvers at the first call only.
  [[nodiscard]] Answer pascal(unsigned width, unsigned degree);

  // Everything that was proved so far.
  [[nodiscard]] const std::vector<Obligation>& obligations() const { return obligations_; }

 private:
  Solver& solver_;
  ProofLimits limits_;
  std::map<std::pair<unsigned, unsigned>, Answer> answers_;
  std::vector<Obligation> obligations_;
};

}  // namespace assay::smt
