// Linear systems: recurrences that are no add recurrences, in a number of steps logarithmic in the trip count.
//
// x = a * x + b, sums of it, and everything else that is triangular is an affine map; maps are composed with
// themselves, and those for the bits of the count applied. What is coupled both ways (Fibonacci) goes through the
// characteristic polynomial P: by Cayley-Hamilton the state after n iterations is a combination of the first few, with
// the coefficients of x^n mod P. Fiduccia, "An efficient formula for linear recurrences", SIAM J. Comput. 14 (1985).
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <utility>
#include <vector>

#include "core/scev/body.h"
#include "core/scev/emitter.h"
#include "core/scev/system.h"

namespace assay::scev {

// The parts of a system that depend on each other, with their coefficients.
struct LinearSystem {
  ast::Type type = ast::Type::I32;
  std::vector<ast::VarId> variables;            // in an order in which a triangular one is triangular
  std::vector<std::vector<Polynomial>> matrix;  // [row][column]: the variables, then the basis 1, C(k,1), C(k,2)
  std::size_t basis = 0;                        // how many columns of it
  std::vector<std::vector<Polynomial>> states;  // not triangular: the variables after 0, 1, 2, ... iterations
  std::vector<Polynomial> characteristic;       // not triangular: x^D = sum of characteristic[j] * x^j
  bool triangular = true;
};

// The Linear variables of the system, grouped by type; false if they cannot be solved within bounds.
[[nodiscard]] bool find_linear_systems(const Body& body, const System& system, Atoms& atoms,
                                       std::vector<LinearSystem>& result);

// Appends statements that compute the variables after `count` iterations; the values are in the locals given back.
// Nothing is stored.
[[nodiscard]] std::vector<ast::VarId> emit_linear(Emitter& emitter, const LinearSystem& system,
                                                  const Polynomial& count);

}  // namespace assay::scev
