// Theorems: what is proved once per width and then used by every loop: that the code for C(k, j) obeys Pascal's rule,
// and that the code for the count of an exit by `!=` inverts the product with the step.
//
// With C(0, j) = 0 the rule C(k + 1, j) = C(k, j) + C(k, j - 1) says what C(k, j) is modulo 2^w, for every k. Asked
// directly no solver comes back. Split by the low bits of k = 2^L * q + r the halved and the odd factors are
// polynomials in q, and each case is an identity of polynomials; what the bits of such a k are is a lemma without
// products.
//
// k steps of 2^t * s, s odd, go the distance D = k * 2^t * s modulo 2^w. That ((D >> t) * inverse(s)) modulo 2^(w - t)
// is k modulo 2^(w - t) is cut at what the shift loses, h: D >> t = k * s - 2^(w - t) * h is a lemma about bits, the
// product with the inverse an identity of polynomials in k and h, and the mask takes a multiple of 2^(w - t) away.
//
// Tested by smt/test/theorems_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "smt/obligation.h"
#include "smt/terms.h"

namespace assay::smt {

// d == 0 ? 0 : -1 >>> clz(d): every bit up to the highest that is set; and the same by shifts, without a count of
// zeros.
[[nodiscard]] TermId highest_bits(Terms& terms, TermId d);
[[nodiscard]] TermId smear(Terms& terms, TermId d);

class Theorems {
 public:
  Theorems(Solver& solver, const ProofLimits& limits) : solver_(solver), limits_(limits) {}

  // Pascal's rule for C(k, degree) at a width, and for all lower degrees. Asked of the solvers at the first call only.
  [[nodiscard]] Answer pascal(unsigned width, unsigned degree);

  // ((k * 2^twos * odd) >> twos) * inverse(odd) = k, both modulo 2^(width - twos).
  [[nodiscard]] Answer meeting(unsigned width, unsigned twos, std::uint64_t odd);

  // highest_bits(d) = smear(d)
  [[nodiscard]] Answer smear(unsigned width);

  // Everything that was proved so far.
  [[nodiscard]] const std::vector<Obligation>& obligations() const { return obligations_; }

 private:
  Solver& solver_;
  ProofLimits limits_;
  [[nodiscard]] Answer prove(std::vector<Obligation> obligations);

  std::map<std::pair<unsigned, unsigned>, Answer> answers_;
  std::map<std::tuple<unsigned, unsigned, std::uint64_t>, Answer> meetings_;
  std::map<unsigned, Answer> smears_;
  std::vector<Obligation> obligations_;
};

}  // namespace assay::smt
