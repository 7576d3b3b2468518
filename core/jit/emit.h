// Emission: LIR and places in, instructions out.
//
// Two-operand fix-ups, operands in memory, and the fixed registers of shifts and divisions are settled here. A result
// is built in its own register unless that would overwrite an operand before it is read; then it is built in RAX and
// moved.
//
// Tested by core/jit/test/compile_test.cc and operators_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/jit/allocate.h"
#include "core/jit/compile.h"
#include "core/jit/convention_registers.h"
#include "core/jit/lir.h"
#include "core/x64/assembler.h"

namespace assay::jit {

// Reusable: keeps its memory between programs.
class Emitter {
 public:
  void emit(const LirProgram& lir, const Allocation& allocation, const CompileOptions& options, CompiledBlock& block);

 private:
  template <int W>
  void operation(const Lir& one);

  // Values (emit_values.cc).
  template <int W>
  void value(const Lir& one);
  template <int W>
  void constant(const Lir& one);
  template <int W>
  void move(const Lir& one);
  template <int W>
  void arithmetic(const Lir& one);
  template <int W>
  bool arithmetic_by_lea(const Lir& one);
  template <int W>
  void multiply(const Lir& one);
  template <int W>
  void and_not(const Lir& one);
  template <int W>
  void add_scaled(const Lir& one);
  template <int W>
  void shift(const Lir& one);
  template <int W>
  void divide(const Lir& one);
  template <int W>
  void negate_or_complement(const Lir& one);
  template <int W>
  void sign_extend(const Lir& one);
  template <int W>
  void set_condition(const Lir& one);
  template <int W>
  void select(const Lir& one);
  template <int W>
  void select_if(const Lir& one);
  template <int W>
  void choose(const Lir& one, x64::Cond cond, VReg if_true, VReg if_false);

  // Bit counting (emit_bits.cc).
  template <int W>
  void absolute(const Lir& one);
  template <int W>
  void count_zeros(const Lir& one);
  template <int W>
  void count_ones(const Lir& one);
  template <int W>
  void count_ones_by_halving();

  // Operands.
  [[nodiscard]] const Location& location(VReg reg) const { return allocation_->locations[reg.value]; }
  [[nodiscard]] bool in_register(VReg reg) const { return location(reg).place == Place::Register; }
  [[nodiscard]] bool same_register(VReg reg, x64::RegId id) const {
    return reg.valid() && in_register(reg) && location(reg).reg == id;
  }
  template <int W>
  [[nodiscard]] x64::Mem<W> memory(VReg reg) const;
  template <int W>
  void load(x64::Reg<W> to, VReg from);
  template <int W>
  void store(VReg to, x64::Reg<W> from);
  template <int W>
  x64::Reg<W> in_some_register(VReg reg, x64::RegId scratch);
  // Where the result is built: its own register unless `conflict` is in it or it lives in memory, else RAX.
  template <int W>
  x64::Reg<W> result_register(const Lir& one, VReg conflict = VReg::none()) const;
  template <int W>
  void set_constant(x64::Reg<W> to, std::uint64_t bits);
  // Compares a with b or the immediate, unless the flags say already what `one.cond` asks.
  template <int W>
  void compare(const Lir& one);
  // The last instruction left in the zero flag whether `result`, which it computed, is 0.
  template <int W>
  void set_zero_flag(x64::Reg<W> result) {
    zero_flag_ = {assembler_.code().size(), result.id, W};
  }
  // No instruction came since, and none can come from elsewhere: a label forgets.
  template <int W>
  [[nodiscard]] bool zero_flag_is_of(x64::Reg<W> reg) const {
    return zero_flag_.end == assembler_.code().size() && zero_flag_.reg == reg.id && zero_flag_.width == W;
  }

  // Entry and exits.
  void prologue();
  void epilogue();
  void push(const Lir& one);
  void trap_exits();

  struct ZeroFlag {
    std::size_t end = 0;  // of the instruction that set it, as an offset in the code; 0 if nobody did
    x64::RegId reg = x64::RegId::Rax;
    int width = 0;
  };

  x64::Assembler assembler_;
  ZeroFlag zero_flag_;
  const LirProgram* lir_ = nullptr;
  const Allocation* allocation_ = nullptr;
  const ConventionRegisters* registers_ = nullptr;
  x64::CpuFeatures features_;
  std::vector<x64::Label> labels_;
  std::uint32_t spill_bytes_ = 0;  // with padding
  std::uint32_t machine_stack_bytes_ = 0;
  x64::Label leave_{};  // the stack index in RAX
  std::array<x64::Label, ast::kLastTrapKind + 1> trap_labels_{};
  std::array<bool, ast::kLastTrapKind + 1> trap_used_{};
};

}  // namespace assay::jit
