// Blocks that run trials: each loads registers and flags from the frame, executes its one instruction, and stores
// everything that it can have changed back into the frame.
//
// Everything but the instruction itself is written as bytes by hand, so that the assembler under test is trusted with
// nothing. A trial has 32 cells of the frame:
//
//   0-15   registers by number, before and after; 4 is RSP after
//   16     flags, as `lahf` and `seto` give them
//   17     address of the trial's window in the frame, 18 RSP before: stored before the instruction
//   19     untouched
//   20-25  the window in the frame
//   26-31  the window on the machine stack, copied there and back
//
// Flags go through `sahf`, `add` and `lahf`, `seto`: `popfq` needs the stack, where the instruction may work, and ends
// a basic block of the emulator, which writes below RSP there as a signal handler might.
//
// Tested by oracles/instructions/test/block_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/jit/compile.h"
#include "oracles/engine.h"
#include "oracles/instructions/trial.h"

namespace assay::oracles::instructions {

inline constexpr std::size_t kTrialCells = 32;
// As many trials as the emulator keeps in one page: with more it checks half a megabyte after every run.
inline constexpr std::size_t kTrialsPerBlock = 12;

inline constexpr std::size_t kFlagsCell = 16;
inline constexpr std::size_t kWindowAddressCell = 17;
inline constexpr std::size_t kRspBeforeCell = 18;
inline constexpr std::size_t kFrameWindowCell = 20;
inline constexpr std::size_t kStackWindowCell = kFrameWindowCell + kWindowCells;
static_assert(kStackWindowCell + kWindowCells == kTrialCells);

struct TrialBlock {
  jit::CompiledBlock code;             // no intents: whether an engine can run it is for the engine to find out
  std::vector<std::uint32_t> offsets;  // of each trial's instruction
};

// System V. Precondition: at most kTrialsPerBlock trials, all with bytes.
[[nodiscard]] TrialBlock make_block(std::span<const Trial* const> trials);

// The frame before the run on input number `input` of every trial.
[[nodiscard]] Frame make_frame(std::span<const Trial* const> trials, std::size_t input);

// What a trial's cells hold when its instruction left the state `after`, having started from `before`.
void expect_cells(const State& before, const State& after, std::span<std::uint64_t> cells);
// ... and when it raised an exception.
void expect_cells_at_fault(const State& before, const Inputs& inputs, std::span<std::uint64_t> cells);

[[nodiscard]] std::uint64_t pack_flags(std::uint64_t flags);
[[nodiscard]] std::uint64_t unpack_flags(std::uint64_t cell);

}  // namespace assay::oracles::instructions
