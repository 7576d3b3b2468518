// The three steps in order; see compile.h. Tested by core/jit/test/compile_test.cc.
#include "core/jit/compile.h"

#include <algorithm>
#include <optional>

#include "core/jit/allocate.h"
#include "core/jit/convention_registers.h"
#include "core/jit/emit.h"
#include "core/jit/emit_operands.h"
#include "core/jit/select.h"
#include "core/jit/thread_jumps.h"

namespace assay::jit {
namespace {

// Whether emission needs its scratch register for high halves, which is where System V passes the stack index.
bool needs_high_scratch(const LirProgram& lir) {
  return std::any_of(lir.code.begin(), lir.code.end(), [](const Lir& one) {
    switch (one.op) {
      case LirOp::DivS:
      case LirOp::DivU:
      case LirOp::RemS:
      case LirOp::RemU:
      case LirOp::Popcnt:
      case LirOp::Push:
        return true;
      default:
        return false;
    }
  });
}

}  // namespace

struct Compiler::State {
  LirProgram lir;
  Selector selector;
  Allocator allocator;
  Allocation allocation;
  Emitter emitter;
};

Compiler::Compiler() : state_(std::make_unique<State>()) {}
Compiler::~Compiler() = default;
Compiler::Compiler(Compiler&&) noexcept = default;
Compiler& Compiler::operator=(Compiler&&) noexcept = default;

void Compiler::compile(const ast::Program& program, const CompileOptions& options, CompiledBlock& block) {
  state_->selector.select(program, state_->lir);
  const ConventionRegisters& registers = convention_registers(options.convention);
  // The index is given back as it came unless something is pushed, so it best stays where it is.
  std::optional<x64::RegId> index_home;
  if (registers.index_argument == kHighScratch && !needs_high_scratch(state_->lir)) index_home = kHighScratch;
  state_->allocator.allocate(state_->lir, registers.allocatable, state_->allocation, index_home);
  thread_jumps(state_->lir);
  state_->emitter.emit(state_->lir, state_->allocation, options, block);
}

}  // namespace assay::jit
