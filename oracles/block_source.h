// BlockSource: where compiled blocks come from.
//
// The one seam between the harness and the compiler under test. The product has one implementation, the project's JIT;
// tests wrap it to plant faults in the code it gives, and another JIT joins the harness by implementing it.
//
// Tested by oracles/test/judge_test.cc and faults_test.cc.
#pragma once

#include "core/ast/program.h"
#include "core/jit/compile.h"

namespace assay::oracles {

class BlockSource {
 public:
  BlockSource() = default;
  BlockSource(const BlockSource&) = delete;
  BlockSource& operator=(const BlockSource&) = delete;
  virtual ~BlockSource() = default;

  // Precondition: `program` is verified and scalar. `block` is overwritten.
  virtual void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) = 0;
};

class JitBlockSource final : public BlockSource {
 public:
  void compile(const ast::Program& program, const jit::CompileOptions& options, jit::CompiledBlock& block) override;

 private:
  jit::Compiler compiler_;
};

}  // namespace assay::oracles
