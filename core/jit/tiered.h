// The tiered executor: maximal runs of scalar statements natively, the rest (`print`) in the interpreter, over one
// frame and one operand stack.
//
// Each run of scalar statements becomes a program of its own whose slots are the variables in scope there, so that the
// compiled block follows the one calling convention. One more slot tells a `return` apart from falling off the end.
//
// It executes in the calling process, without a sandbox: for code that is trusted, and for tests. The harness runs
// blocks through oracles/native instead.
//
// Tested by core/jit/test/tiered_test.cc.
#pragma once

#include <cstdint>
#include <span>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/interp/outcome.h"
#include "core/jit/code_memory.h"
#include "core/jit/compile.h"

namespace assay::jit {

struct TieredCounts {
  std::uint32_t native_runs = 0;        // compiled runs of statements executed
  std::uint32_t interpreted_nodes = 0;  // statements left to the interpreter
};

class TieredExecutor {
 public:
  explicit TieredExecutor(CodeMemory memory, x64::CpuFeatures features = {});

  // Precondition: verified. Compiled code counts no fuel and no steps: `fuel` bounds the interpreted part only. Which
  // node trapped is known only of a trap in that part. Fails when the code does not fit the memory; `outcome` then
  // means nothing.
  [[nodiscard]] base::Result<TieredCounts> run(const ast::Program& program, std::span<const std::uint64_t> frame,
                                               std::uint64_t fuel, interp::Outcome& outcome);

 private:
  CodeMemory memory_;
  Compiler compiler_;
  x64::CpuFeatures features_;
};

}  // namespace assay::jit
