// Stay: for how many iterations a condition on an add recurrence keeps its truth.
//
// Every comparison with an invariant holds on one arc of the circle Z/2^w: `x < b` from MIN to b - 1, `x != b` from b +
// 1 round to b - 1. A value that moves by a constant step leaves the arc after (distance to its end) / step + 1
// iterations, in natural numbers: no wraparound can happen before, whatever the signedness. What lands behind the arc
// may jump over the gap and into the arc again when the step is wider than the gap; `exact` says that it provably
// cannot, so the condition then fails.
//
// Tested by core/scev/test/stay_test.cc.
#pragma once

#include <vector>

#include "core/scev/recurrence.h"

namespace assay::scev {

// `varying` op `bound`, in this order.
struct Comparison {
  ast::Op op = ast::Op::Ne;
  Polynomial varying;
  Polynomial bound;
};

// The comparisons whose conjunction the 0-or-1 value is; empty when it is something else. Invariant operands stand
// right.
[[nodiscard]] std::vector<Comparison> conjunction(const Atoms& atoms, const Polynomial& truth);

struct Stay {
  // A number of iterations during which nothing changes; the most there is, unless the step jumps. In the operands'
  // type.
  Polynomial count;
  bool exact = false;  // after `count` iterations the condition is provably false
  // A cheap sign that there are more iterations than `few`: without the division that the count may need. 0 or 1, i32.
  Polynomial many;
};

// Whether a count is above `few`.
[[nodiscard]] Polynomial is_many(Atoms& atoms, const Polynomial& count, std::uint64_t few);

// `operand` is of degree 0 or 1, `bound` invariant. With `zero_at_bound` the count may ask x <= b where the condition
// is x < b and the step 1: at the bound it is 0 anyway, and a count from 0 to i does not change its form at i = 0.
[[nodiscard]] Stay stay_while(Atoms& atoms, ast::Op op, const AddRecurrence& operand, const Polynomial& bound,
                              std::uint64_t few, bool zero_at_bound = false);

// The count alone, for who knows that the condition holds at the start.
[[nodiscard]] Polynomial stay_from_inside(Atoms& atoms, ast::Op op, const AddRecurrence& operand,
                                          const Polynomial& bound);

// Iterations before the value passes the border between the largest and the smallest number of the order.
[[nodiscard]] Polynomial stay_unwrapped(Atoms& atoms, const AddRecurrence& operand, bool is_signed);

[[nodiscard]] bool is_signed_order(ast::Op op);
[[nodiscard]] bool is_ordered(ast::Op op);

}  // namespace assay::scev
