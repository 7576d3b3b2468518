// Engine: anything that can run programs and say what it saw. One file per engine.
//
// Engines take batches because that is what makes a sandbox affordable: handing 256 programs to a worker costs as much
// as handing over one. An engine never decides a verdict.
//
// Tested by oracles/test/engines_test.cc, which runs every operator through every engine.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/jit/compile.h"
#include "oracles/run.h"

namespace assay::oracles {

// The values of all slots at the start, one cell each. The high half of an i32 slot's cell is free, and worth filling.
using Frame = std::vector<std::uint64_t>;

// One program, its code, and the inputs to run it on.
struct Case {
  const ast::Program* program = nullptr;
  // What compiled-code engines run; others ignore it. The convention it was compiled for must be the engine's.
  const jit::CompiledBlock* block = nullptr;
  std::span<const Frame> inputs;
  std::uint32_t stack_capacity = 0;  // cells of operand stack the program can need (ast::max_pushes)
  std::uint64_t fuel = 0;            // interpreting engines only
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  // "interp", "native-sysv", "native-win64", "emulated-sysv", "emulated-win64", "tiered".
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Runs every case on each of its inputs; `runs` gets one Run per (case, input), in order, reusing what it held. An
  // error means that the harness failed; what programs do wrong is in their Run. A case the engine is not to run has a
  // null `block` (for compiled-code engines): its Runs are NotRun.
  [[nodiscard]] virtual base::Result<void> run(std::span<const Case> cases, std::vector<Run>& runs) = 0;

  // CPU time used by processes of the engine's own so far, beside the calling process.
  [[nodiscard]] virtual std::uint64_t helper_cpu_nanoseconds() const { return 0; }
};

}  // namespace assay::oracles
