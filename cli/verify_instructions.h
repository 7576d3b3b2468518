// `assay verify --instructions`: every instruction form on the CPU and in the emulator, as a table. Tested by
// cli/test/cli_test.sh.
#pragma once

#include <cstdint>

namespace assay::cli {

inline constexpr std::uint64_t kDefaultInstructionRuns = 3'000'000;

struct InstructionsOptions {
  std::uint64_t runs = kDefaultInstructionRuns;
  std::uint64_t seed = 1;
  unsigned jobs = 0;  // 0: as many as the machine has threads
  bool json = false;
};

// Runs them, prints the table or one JSON object, and gives the exit code.
[[nodiscard]] int verify_instructions(const InstructionsOptions& options);

}  // namespace assay::cli
