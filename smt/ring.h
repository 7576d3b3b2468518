// Ring: normal forms of terms as polynomials over Z/2^w.
//
// Sums, products and complements of w-bit values are polynomials in whatever else occurs in them, with coefficients
// modulo 2^w; two terms with one normal form are equal for all values. That is how equations between closed forms are
// proved: bit-blasting a product of two unknowns is hopeless from 16 bits on, comparing polynomials costs microseconds.
//
// A choice is the polynomial b + c * (a - b) in its condition c, an atom that is 0 or 1 and its own square.
//
// What is cut to fewer bits is a polynomial in what is cut to them, where that is wanted: of machine code it makes one
// term many.
//
// Of `x & 1` only the lowest bit of each coefficient of x counts; `x ^ x` is nought.
//
// Binomial coefficients C(k, j) of one unknown natural number k are atoms with relations of their own: C(k, i) * C(k,
// j) is a sum of single ones.
//
// Tested by smt/test/ring_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "smt/terms.h"

namespace assay::smt {

// Sorted ids of atoms, repeated as often as they occur.
using Monomial = std::vector<std::uint32_t>;

struct RingPolynomial {
  unsigned width = 0;
  std::map<Monomial, std::uint64_t> terms;  // no zero coefficients

  [[nodiscard]] bool is_zero() const { return terms.empty(); }
};

// The atoms C(k, 1), C(k, 2), ... at one width, for one k.
struct BinomialAtoms {
  unsigned width = 0;
  std::vector<TermId> atoms;  // [j - 1] = C(k, j)
};

// `relation` = C(k, i) * C(k, j) - its sum of single ones, which is 0; times `cofactor` it was subtracted.
struct UsedRelation {
  TermId relation;
  TermId cofactor;
};

class Ring {
 public:
  // Of a sum or product with more monomials the parts are normal, the whole is an atom.
  static constexpr std::size_t kMostMonomials = 4096;
  explicit Ring(Terms& terms, std::size_t most_monomials = kMostMonomials)
      : terms_(terms), most_monomials_(most_monomials) {}

  // The term with every sum and product within it in normal form: equal ids for what is equal as polynomials.
  [[nodiscard]] TermId normal(TermId term);
  [[nodiscard]] RingPolynomial polynomial(TermId term);
  [[nodiscard]] TermId to_term(const RingPolynomial& polynomial);

  // From here on a sum that is cut to fewer bits is the sum of its parts, cut.
  void cut_sums() { cuts_sums_ = true; }
  // What a term, an atom, is when it is cut to the width of the other.
  void say_truncated(TermId wide, TermId narrow) { truncations_.insert_or_assign(wide.value, narrow); }

  // Replaces products of the binomials by sums until there are none; says what it used. False when there would be more
  // than the atoms that are given.
  [[nodiscard]] bool reduce(RingPolynomial& polynomial, const BinomialAtoms& binomials,
                            std::vector<UsedRelation>& used);

 private:
  [[nodiscard]] RingPolynomial build(TermId term);
  [[nodiscard]] TermId kept(TermId whole, const RingPolynomial* polynomial);
  [[nodiscard]] RingPolynomial multiply(const RingPolynomial& left, const RingPolynomial& right) const;
  [[nodiscard]] bool is_truth_value(TermId term) const;
  [[nodiscard]] bool chooses_numbers(TermId term) const;
  [[nodiscard]] TermId resized_choice(const Term& outer, TermId choice);
  [[nodiscard]] TermId truncated(unsigned width, TermId term);
  [[nodiscard]] TermId truncated_atom(unsigned width, TermId atom);
  [[nodiscard]] TermId low_bits(TermId term, TermId mask);
  [[nodiscard]] TermId bitwise(Kind kind, TermId left, TermId right);
  void collect(Kind kind, TermId term, std::vector<std::uint32_t>& parts) const;

  Terms& terms_;
  std::size_t most_monomials_;
  std::unordered_map<std::uint32_t, TermId> normal_;
  std::unordered_map<std::uint32_t, RingPolynomial> polynomials_;  // of normal forms
  std::unordered_map<std::uint32_t, TermId> truncations_;
  bool cuts_sums_ = false;
};

[[nodiscard]] RingPolynomial add(const RingPolynomial& left, const RingPolynomial& right);
[[nodiscard]] RingPolynomial subtract(const RingPolynomial& left, const RingPolynomial& right);

}  // namespace assay::smt
