// Small random programs for the JIT's own tests: every statement and operator, nested scopes, more variables than
// registers now and then. The campaign's generator (fuzz/gen) is a later layer, which core may not include.
//
// Tested by core/jit/test/random_test.cc: every program made is verified there.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ast/builder.h"
#include "core/ast/program.h"
#include "core/base/rng.h"

namespace assay::jit::test {

struct RandomOptions {
  std::uint32_t most_slots = 6;
  std::uint32_t statements = 8;  // of the outermost block, at most
  std::uint32_t depth = 4;       // of expressions
  std::uint32_t nesting = 3;     // of statements
};

class RandomProgram {
 public:
  explicit RandomProgram(base::Rng& rng) : rng_(rng) {}

  // `program` is overwritten.
  void make(const RandomOptions& options, ast::Program& program);
  // A value as edge-heavy as those in the programs.
  [[nodiscard]] std::uint64_t value();

 private:
  ast::NodeId block(ast::Builder& builder, std::uint32_t nesting, bool in_loop);
  ast::NodeId statement(ast::Builder& builder, std::uint32_t nesting, bool in_loop);
  ast::NodeId expression(ast::Builder& builder, ast::Type type, std::uint32_t depth);
  ast::NodeId operation(ast::Builder& builder, ast::Type type, std::uint32_t depth);
  ast::NodeId leaf(ast::Builder& builder, ast::Type type);
  ast::NodeId condition(ast::Builder& builder);
  [[nodiscard]] ast::Type type() { return rng_.chance(1, 2) ? ast::Type::I32 : ast::Type::I64; }

  base::Rng& rng_;
  ast::Program* program_ = nullptr;
  RandomOptions options_;
  std::vector<ast::VarId> visible_;
};

}  // namespace assay::jit::test
