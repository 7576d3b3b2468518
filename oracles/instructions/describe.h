// Trials, and what went wrong with them, in words.
//
// Tested by oracles/instructions/test/check_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "oracles/instructions/trial.h"
#include "oracles/run.h"

namespace assay::oracles::instructions {

// "CF PF OF", or "none".
[[nodiscard]] std::string flag_names(std::uint64_t flags);

// "add r12d, dword ptr [rdi + rcx*4 - 8]  (44 03 64 8f f8)" and the inputs it works on, on one line.
[[nodiscard]] std::string describe_trial(const Trial& trial, std::size_t input);

// How the run ended, as a line, where it is not how the effect says that it ends; else nothing. `offset` is that of the
// instruction in the block.
[[nodiscard]] std::string describe_end(const Run& run, const Effect& effect, std::uint32_t offset);

// A line about one of a trial's cells (block.h) that is not what it should be.
[[nodiscard]] std::string describe_cell(std::size_t cell, std::uint64_t expected, std::uint64_t got,
                                        std::uint64_t undefined_flags);

}  // namespace assay::oracles::instructions
