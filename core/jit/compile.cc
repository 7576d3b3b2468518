// The three steps in order; see compile.h. Tested by core/jit/test/compile_test.cc.
#include "core/jit/compile.h"

#include "core/jit/allocate.h"
#include "core/jit/convention_registers.h"
#include "core/jit/emit.h"
#include "core/jit/select.h"

namespace assay::jit {

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
  state_->allocator.allocate(state_->lir, convention_registers(options.convention).allocatable, state_->allocation);
  state_->emitter.emit(state_->lir, state_->allocation, options, block);
}

}  // namespace assay::jit
