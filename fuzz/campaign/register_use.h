// RegisterUse: which registers each instruction form was emitted with.
//
// A form that was emitted a million times, and never with R12, has said nothing about REX.B: mistakes of encoders and
// allocators are about registers. A register counts where it is an operand, or part of the address that `lea` computes.
// Other addresses are those of the frame and of the machine stack, always of the same two registers, and say nothing.
//
// Tested by fuzz/campaign/test/summary_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/x64/form.h"
#include "core/x64/intent.h"
#include "core/x64/registers.h"

namespace assay::fuzz {

// By form, then by register number.
using RegisterUse = std::array<std::array<std::uint64_t, x64::kRegCount>, x64::kFormCount>;

// Whether a form has operands that are registers of the compiler's choice.
[[nodiscard]] bool takes_registers(x64::Form form);

// Each register of the instruction once.
void count_registers(const x64::Intent& intent, RegisterUse& use);

struct RegisterCells {
  std::size_t hit = 0;
  std::size_t all = 0;  // forms that take registers, times the registers
};
[[nodiscard]] RegisterCells register_cells(const RegisterUse& use);

}  // namespace assay::fuzz
