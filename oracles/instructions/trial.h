// Trial: one instruction with its operands, and the inputs it is run on.
//
// Where the frame and the machine stack are is known only inside a block. So a trial says, for registers that address
// memory, how the block makes them from the place of the trial's memory; all else comes from the inputs as it is.
//
// Tested by oracles/instructions/test/trial_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/rng.h"
#include "oracles/instructions/semantics.h"

namespace assay::oracles::instructions {

// The register gets its input plus (place * factor) >> shift, place being the address of the trial's window in the
// frame, which is a multiple of 8.
struct Pointer {
  std::uint8_t register_number = 0;
  std::uint64_t factor = 1;
  std::uint8_t shift = 0;
};

struct Inputs {
  std::array<std::uint64_t, 16> registers{};  // that of RSP is not used
  std::uint64_t flags = 0;
  std::array<std::uint64_t, kWindowCells> frame{};
  std::array<std::uint64_t, kWindowCells> stack{};
};

// RSP lies this far into the window on the machine stack: there is room to push one value.
inline constexpr std::uint64_t kRspInWindow = 8;

struct Trial {
  Instruction instruction;
  std::vector<std::uint8_t> bytes;  // as encoded by the assembler under test
  std::vector<Pointer> pointers;
  bool uses_stack = false;  // reads or writes the window on the machine stack
  // Set when RSP may change: the register that then holds the address of the window in the frame.
  std::optional<std::uint8_t> rescue;
  std::vector<Inputs> inputs;
  std::uint64_t number = 0;  // of its first run
};

// Operands and `inputs` inputs for the form, edge values and random ones; no bytes yet. What is drawn depends on the
// form and on `rng` alone. Precondition: !why_not_run(form).
[[nodiscard]] Trial draw_trial(x64::Form form, std::size_t inputs, base::Rng& rng);

// The state before the instruction, given where the block says that its memory is.
[[nodiscard]] State state_before(const Trial& trial, const Inputs& inputs, std::uint64_t window_address,
                                 std::uint64_t rsp);

}  // namespace assay::oracles::instructions
