// Binomials: finds the code that computes C(k, j) modulo 2^w within a term, and names what it computes.
//
// For j = 2m: C(k >> 1, m) * (((k - 1) | 1) * ... * ((k - 2m + 1) | 1)) / (2m - 1)!!, by the inverse of the odd
// product; for odd j: C(k, j - 1) * (k - j + 1) / j. This is right for every k below 2^w: of k (k - 1) ... (k - 2m + 1)
// every other factor is even, whichever these are, and `x | 1` gives the odd ones where the even ones, halved, are
// those of C(k >> 1, m). `binomial_code` writes the same as terms, for the proof of that in small widths.
//
// Tested by smt/test/theorems_test.cc.
#pragma once

#include <optional>
#include <vector>

#include "smt/terms.h"

namespace assay::smt {

inline constexpr unsigned kMaxBinomial = 8;

struct Binomial {
  unsigned degree = 0;
  std::uint64_t multiplier = 1;  // constants around the code have become one with its own
  std::vector<TermId> others{};  // further factors of the term
};

// What multiple of which C(base, degree) the term computes, if code for one of degree 1 to kMaxBinomial is among its
// factors; the highest degree that is.
[[nodiscard]] std::optional<Binomial> find_binomial(Terms& terms, TermId term, TermId base);

// Modulo 2^64.
[[nodiscard]] std::uint64_t inverse_of_odd(std::uint64_t odd);

// The code for C(base, degree).
[[nodiscard]] TermId binomial_code(Terms& terms, TermId base, unsigned degree);

}  // namespace assay::smt
