// Mutators: small typed edits of programs, and crossover of two.
//
// An edit is made on a copy and judged by the verifier: edits need not know every rule of the language, and what comes
// out is always a valid program.
//
// Tested by fuzz/mutate/test/mutator_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/ast/program.h"
#include "core/base/rng.h"

namespace assay::fuzz {

enum class Mutation : std::uint8_t {
  ReplaceConstant,
  ReplaceOperator,  // by another of the same signature
  SwapOperands,
  ReplaceByLeaf,   // a subtree by a constant or a variable
  CopyExpression,  // a subtree by another one of its type
  HoistOperand,    // an operation by one of its operands
  WrapExpression,  // in an operator with a constant
  ChangeVariable,
  DeleteStatement,
  DuplicateStatement,
  SwapStatements,
  WrapInBranch,
  WrapInLoop,
  InsertStore,
};
inline constexpr std::size_t kMutationCount = 14;

[[nodiscard]] std::string_view name(Mutation mutation);

// Programs do not grow beyond this by mutation.
inline constexpr std::uint32_t kMostMutatedNodes = 2000;

// Makes one edit of that kind; false, and the program as it was, when none of that kind is possible at the place drawn.
bool apply_mutation(Mutation mutation, ast::Program& program, base::Rng& rng);

// Makes one edit of any kind, trying several times; false when none succeeded.
bool mutate(ast::Program& program, base::Rng& rng);

// `out`: `a` with a statement of `b` in it, whose variables become variables of `a` of the same type. False when it did
// not fit.
bool crossover(const ast::Program& a, const ast::Program& b, base::Rng& rng, ast::Program& out);

}  // namespace assay::fuzz
