// Add recurrences: {c0, +, c1, +, ..., +, cd}, the sequences with the value c0 C(k,0) + c1 C(k,1) + ... + cd C(k,d) at
// iteration k.
//
// Bachmann, Wang and Zima, "Chains of recurrences: a method to expedite the evaluation of closed-form functions", ISSAC
// 1994. In the binomial basis a sum over iterations is a shift of the coefficients, and everything stays exact modulo
// 2^w.
//
// Tested by core/scev/test/recurrence_test.cc.
#pragma once

#include <cstddef>
#include <vector>

#include "core/scev/atoms.h"

namespace assay::scev {

struct AddRecurrence {
  std::vector<Polynomial> coefficients;  // at least one; none of them varying; no zeros at the end but the first
  // Coefficients come from values of later iterations, which a run may never reach: then those are any values, and
  // times a binomial that is 0 it does not matter. It would in front of the first iteration.
  bool forward_only = false;

  [[nodiscard]] std::size_t degree() const { return coefficients.size() - 1; }
  [[nodiscard]] const Polynomial& start() const { return coefficients[0]; }
  [[nodiscard]] ast::Type type() const { return coefficients[0].type; }
  [[nodiscard]] bool poisoned() const;
};

inline constexpr std::size_t kMaxRecurrenceDegree = 9;

[[nodiscard]] AddRecurrence invariant(Polynomial value);
[[nodiscard]] AddRecurrence add(const AddRecurrence& left, const AddRecurrence& right);
[[nodiscard]] AddRecurrence multiply(const AddRecurrence& left, const AddRecurrence& right);
// start, start + f(0), start + f(0) + f(1), ...
[[nodiscard]] AddRecurrence sum(Polynomial start, const AddRecurrence& summand);
// f(-1), f(0), f(1), ...; not of what is `forward_only`.
[[nodiscard]] AddRecurrence delay(const AddRecurrence& recurrence);
// The value after `count` iterations, `count` read as a natural number. It may be of another type than the recurrence.
[[nodiscard]] Polynomial value_after(Atoms& atoms, const AddRecurrence& recurrence, const Polynomial& count);

// `value`, a natural number, in another type: extended with zeros or wrapped.
[[nodiscard]] Polynomial natural(Atoms& atoms, const Polynomial& value, ast::Type type);

// C(n, d) modulo 2^w without wide products. For even d = 2m the even ones among the d factors n, n-1, ... are twice the
// m factors of C(n >> 1, m), and what remains to divide by is odd; an odd d divides by itself.
[[nodiscard]] std::uint64_t binomial_value(ast::Type type, std::uint64_t n, unsigned degree);
// x with x * odd = 1 modulo 2^64 (Newton: each step doubles the number of right bits).
[[nodiscard]] std::uint64_t inverse_of_odd(std::uint64_t odd);

}  // namespace assay::scev
