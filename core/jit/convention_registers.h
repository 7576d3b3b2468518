// Which registers each calling convention gives, takes and saves, and what the JIT uses them for.
//
// RAX, RCX and RDX are scratch: multiplication, division and shifts need them, and so do operands that live in memory.
// One register holds the frame's address throughout. The other eleven are allocated, those that need no saving first.
//
// System V: AMD64 ABI, section 3.2.1 and 3.2.3. Microsoft: "x64 calling convention" and "x64 ABI conventions".
//
// Tested by core/jit/test/convention_test.cc.
#pragma once

#include <array>

#include "core/jit/convention.h"
#include "core/x64/registers.h"

namespace assay::jit {

inline constexpr std::size_t kAllocatable = 11;

struct ConventionRegisters {
  x64::RegId frame_argument;
  x64::RegId stack_argument;
  x64::RegId index_argument;
  x64::RegId frame_base;  // holds the frame's address throughout; not one of the allocatable ones
  std::array<x64::RegId, kAllocatable> allocatable;
  std::uint16_t callee_saved;  // bit set by register number, RSP left out
};

[[nodiscard]] constexpr std::uint16_t register_bit(x64::RegId id) {
  return static_cast<std::uint16_t>(1U << x64::number(id));
}

[[nodiscard]] const ConventionRegisters& convention_registers(Convention convention);

}  // namespace assay::jit
