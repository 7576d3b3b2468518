// The JIT: a verified scalar program in, position-independent machine code out.
//
// Three steps that know nothing of each other's inside: selection (AST to machine instructions over virtual registers),
// allocation (virtual registers to registers and spill slots) and emission (to bytes). `pre_register_variables` gives
// every slot and every local of every nested scope its place before the first instruction is selected, because a
// variable first met inside a branch after the prologue was written is the classic way to store garbage back.
//
// Tested by core/jit/test/compile_test.cc, statements_test.cc, pressure_test.cc and random_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/ast/program.h"
#include "core/jit/convention.h"
#include "core/x64/cpu_features.h"
#include "core/x64/intent.h"

namespace assay::jit {

struct CompileOptions {
  Convention convention = Convention::SystemV;
  x64::CpuFeatures features;  // none: plain x86-64
  bool record_intents = false;
};

struct CompiledBlock {
  std::vector<std::uint8_t> code;    // entry at offset 0
  std::vector<x64::Intent> intents;  // one per instruction, in order, when asked for
  // How far RSP goes below its value at entry, at most 8 bytes for each variable and each level of expression. RSP
  // moves in one step and no page is probed, because Linux grows a stack on any touch: who runs a block on a stack of
  // fixed size compares this with what is left.
  std::uint32_t machine_stack_bytes = 0;
};

// Reusable, so that a stream of programs costs no allocation once warm. Not shared between threads.
class Compiler {
 public:
  Compiler();
  ~Compiler();
  Compiler(Compiler&&) noexcept;
  Compiler& operator=(Compiler&&) noexcept;

  // Precondition: `program` is verified and is_pure_scalar. Cannot fail; `block` is overwritten and its memory reused.
  void compile(const ast::Program& program, const CompileOptions& options, CompiledBlock& block);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::jit
