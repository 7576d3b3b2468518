// OperatorProof: one operator at one type: its definition, the interpreter, and the code the JIT selects for it.
//
// Three links: the meaning equals the definition on all pairs at 8 bits (narrow_model.h), the meaning equals the
// interpreter on edges and random pairs (samples.h), and the meaning equals the compiled code in every shape, for every
// input (compiled_proof.h). Code is compiled for System V without optional CPU features and with all of them, and for
// the Microsoft convention.
//
// Tested by smt/operators/test/operator_proof_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "smt/obligation.h"
#include "smt/operators/narrow_model.h"
#include "smt/operators/samples.h"

namespace assay::smt {

struct OperatorReport {
  ast::Op op = ast::Op::Add;
  ast::Type type = ast::Type::I32;
  NarrowResult narrow;
  SampleResult samples;
  Answer code = Answer::Unknown;  // of the compiled code, in all shapes
  std::uint64_t compiled = 0;     // shapes times configurations
  std::uint64_t proved = 0;       // of those
  std::uint64_t obligations = 0;  // that were not one term on both sides and went to the solvers
  std::uint64_t confirmed = 0;    // of those, by the second solver
  double milliseconds = 0;        // everything

  // Of the first that was refuted or, without one, the first unknown.
  std::string shape;
  std::string reason;
  std::string program;
  std::vector<std::uint64_t> counterexample;  // the frame of that program

  [[nodiscard]] Answer verdict() const;
};

struct OperatorLimits {
  ProofLimits proof;
  std::uint64_t seed = 1;
  std::uint64_t random_pairs = 1000;
};

// Precondition: the operator accepts the type.
[[nodiscard]] OperatorReport prove_operator(ast::Op op, ast::Type type, Solver& solver, const OperatorLimits& limits);

}  // namespace assay::smt
