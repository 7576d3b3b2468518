// Entry, exits, control flow, and the order of emission; see emit.h. Tested by core/jit/test/compile_test.cc.
#include "core/jit/emit.h"

#include "core/jit/emit_operands.h"

namespace assay::jit {

using x64::Imm32;
using x64::Imm8;
using x64::Reg32;
using x64::Reg64;
using x64::RegId;

namespace {

constexpr Reg64 kStackPointer{RegId::Rsp};
constexpr std::uint32_t kNoNode = 0xFFFFFFFFU;

}  // namespace

void Emitter::emit(const LirProgram& lir, const Allocation& allocation, const CompileOptions& options,
                   CompiledBlock& block) {
  lir_ = &lir;
  allocation_ = &allocation;
  registers_ = &convention_registers(options.convention);
  features_ = options.features;
  assembler_.clear();
  assembler_.record_intents(options.record_intents);
  zero_flag_ = {};
  labels_.clear();
  for (std::uint32_t i = 0; i < lir.label_count; ++i) labels_.push_back(assembler_.new_label());
  leave_ = assembler_.new_label();
  for (std::size_t kind = 0; kind < trap_labels_.size(); ++kind) {
    trap_labels_[kind] = assembler_.new_label();
    trap_used_[kind] = false;
  }
  prologue();
  for (const Lir& one : lir.code) {
    assembler_.set_node(one.node);
    if (one.width == 64) {
      operation<64>(one);
    } else {
      operation<32>(one);
    }
  }
  assembler_.set_node(kNoNode);
  load(Reg64{RegId::Rax}, lir.stack_index);
  assembler_.bind(leave_);
  epilogue();
  trap_exits();
  assembler_.finish();
  block.code.assign(assembler_.code().begin(), assembler_.code().end());
  block.intents.assign(assembler_.intents().begin(), assembler_.intents().end());
  block.machine_stack_bytes = machine_stack_bytes_;
}

template <int W>
void Emitter::operation(const Lir& one) {
  switch (one.op) {
    case LirOp::Label:
      assembler_.bind(labels_[one.label]);
      zero_flag_ = {};
      break;
    case LirOp::Jump:
      assembler_.jmp(labels_[one.label]);
      break;
    case LirOp::Branch:
      compare<W>(one);
      assembler_.jcc(one.cond, labels_[one.label]);
      break;
    case LirOp::LoopBegin:
    case LirOp::LoopEnd:
    case LirOp::FirstBranch:
    case LirOp::SecondBranch:
    case LirOp::BranchesEnd:
      break;
    case LirOp::Push:
      push(one);
      break;
    case LirOp::TrapIf:
      compare<W>(one);
      trap_used_[one.label] = true;
      assembler_.jcc(one.cond, trap_labels_[one.label]);
      break;
    case LirOp::Leave:
      // The last one falls through to the exit.
      if (&one == &lir_->code.back()) break;
      load(Reg64{RegId::Rax}, lir_->stack_index);
      assembler_.jmp(leave_);
      break;
    default:
      value<W>(one);
      break;
  }
}

void Emitter::prologue() {
  std::uint32_t pushed = 0;
  for (const RegId id : registers_->allocatable) {
    if ((allocation_->used_registers & registers_->callee_saved & register_bit(id)) == 0) continue;
    assembler_.push(Reg64{id});
    ++pushed;
  }
  // The return address took 8 bytes: with an odd number of cells below it, RSP is a multiple of 16. Nobody is called,
  // so that is not worth instructions of its own.
  std::uint32_t cells = allocation_->spill_slots;
  if (cells != 0 && (pushed + cells) % 2 == 0) ++cells;
  spill_bytes_ = 8 * cells;
  machine_stack_bytes_ = 8 * (pushed + cells);
  if (spill_bytes_ != 0) {
    // The immediate is signed: 128 does not fit in the short form.
    if (fits_imm8(spill_bytes_)) {
      assembler_.sub(kStackPointer, Imm8{static_cast<std::int8_t>(spill_bytes_)});
    } else {
      assembler_.sub(kStackPointer, Imm32{static_cast<std::int32_t>(spill_bytes_)});
    }
  }
  // The index first: under the Microsoft convention the stack's address may be given the index's register. Under System
  // V it is the other way round, and the index is in a register that is given to nobody.
  const bool stack_first = registers_->index_argument == RegId::Rdx;
  const auto take_stack = [&] {
    if (lir_->stack_base.valid()) store(lir_->stack_base, Reg64{registers_->stack_argument});
  };
  if (stack_first) take_stack();
  store(lir_->stack_index, Reg64{registers_->index_argument});
  if (!stack_first) take_stack();
  if (registers_->frame_argument != registers_->frame_base) {
    assembler_.mov(Reg64{registers_->frame_base}, Reg64{registers_->frame_argument});
  }
  for (std::uint32_t i = 0; i < lir_->vregs.size(); ++i) {
    const VRegInfo& info = lir_->vregs[i];
    if (!info.loaded_at_entry || !in_register(VReg{i})) continue;
    const x64::Address cell = x64::at(Reg64{registers_->frame_base}, 8 * info.slot);
    const RegId home = allocation_->locations[i].reg;
    if (info.width == 64) {
      assembler_.mov(Reg64{home}, x64::Mem64{cell});
    } else {
      assembler_.mov(Reg32{home}, x64::Mem32{cell});
    }
  }
}

// RAX holds the result and survives.
void Emitter::epilogue() {
  for (std::uint32_t i = 0; i < lir_->vregs.size(); ++i) {
    const VRegInfo& info = lir_->vregs[i];
    if (!info.stored_at_exit || !in_register(VReg{i})) continue;
    const x64::Address cell = x64::at(Reg64{registers_->frame_base}, 8 * info.slot);
    const RegId home = allocation_->locations[i].reg;
    if (info.width == 64) {
      assembler_.mov(x64::Mem64{cell}, Reg64{home});
    } else {
      assembler_.mov(x64::Mem32{cell}, Reg32{home});
    }
  }
  if (spill_bytes_ != 0) {
    if (fits_imm8(spill_bytes_)) {
      assembler_.add(kStackPointer, Imm8{static_cast<std::int8_t>(spill_bytes_)});
    } else {
      assembler_.add(kStackPointer, Imm32{static_cast<std::int32_t>(spill_bytes_)});
    }
  }
  for (auto id = registers_->allocatable.rbegin(); id != registers_->allocatable.rend(); ++id) {
    if ((allocation_->used_registers & registers_->callee_saved & register_bit(*id)) != 0) assembler_.pop(Reg64{*id});
  }
  assembler_.ret();
}

void Emitter::push(const Lir& one) {
  const Reg64 base = in_some_register<64>(lir_->stack_base, kHighScratch);
  const Reg64 index = in_some_register<64>(lir_->stack_index, kCountScratch);
  const x64::Mem64 cell{x64::at(base, index, 8)};
  // A 32-bit load clears the high half, in RAX or, from a register of its own, by the copy.
  if (one.width == 32) {
    if (in_register(one.a)) {
      assembler_.mov(Reg32{RegId::Rax}, Reg32{location(one.a).reg});
    } else {
      load(Reg32{RegId::Rax}, one.a);
    }
    assembler_.mov(cell, Reg64{RegId::Rax});
  } else {
    assembler_.mov(cell, in_some_register<64>(one.a, RegId::Rax));
  }
  if (in_register(lir_->stack_index)) {
    assembler_.inc(index);
  } else {
    assembler_.inc(memory<64>(lir_->stack_index));
  }
}

void Emitter::trap_exits() {
  for (std::size_t kind = 0; kind < trap_labels_.size(); ++kind) {
    assembler_.bind(trap_labels_[kind]);
    if (!trap_used_[kind]) continue;
    assembler_.mov(Reg64{RegId::Rax}, Imm32{-static_cast<std::int32_t>(kind)});
    assembler_.jmp(leave_);
  }
}

}  // namespace assay::jit
