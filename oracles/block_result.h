// What a compiled block left behind, as a Run: the one reading of its result for every engine that executes one.
//
// A block's result is the new operand stack index or the negated number of a trap kind (core/jit/convention.h). On a
// trap it tells no depth, so the Run then holds every cell and says so. Cells that a finished run should not have
// written are recognised by the value that engines fill the operand stack with beforehand.
//
// Tested by oracles/native/test/block_result_test.cc.
#pragma once

#include <cstdint>
#include <span>

#include "oracles/run.h"

namespace assay::oracles {

// Every cell of the operand stack holds this before a run. Not a value that programs compute by accident.
inline constexpr std::uint64_t kUnusedStackCell = 0xB1A5'ED5E'A5ED'0CE1ULL;

struct BlockLeftovers {
  std::int64_t result = 0;               // RAX
  std::span<const std::uint64_t> frame;  // every slot
  std::span<const std::uint64_t> stack;  // every cell, used or not: the capacity
  Violation violations = Violation::None;
  std::uint8_t register_number = 0;
};

// `run` is overwritten; its memory is reused. For blocks that came back.
void read_block_result(const BlockLeftovers& leftovers, Run& run);

}  // namespace assay::oracles
