// What a forked worker gives up before it runs anything that may misbehave.
//
// Tested by oracles/process/test/worker_process_test.cc.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace assay::oracles {

// Steps of the lock-down, in order. Their numbers are the child's exit codes when one fails.
enum class LockdownStep : std::uint8_t {
  Done = 0,
  ParentDeathSignal = 101,
  ParentGone,
  NoNewPrivileges,
  Signals,
  Descriptors,
  Limits,
};

// Locks the calling process down and gives the step that failed, or Done. For a fresh child of `parent`: uses only
// calls that are safe after a fork. `keep_descriptor` may be -1; `address_space_bytes` is the new limit's whole value.
[[nodiscard]] LockdownStep lock_down(pid_t parent, int keep_descriptor, std::uint64_t address_space_bytes);

// Bytes of address space the calling process has mapped, or 0 when /proc cannot be read.
[[nodiscard]] std::uint64_t mapped_bytes();

[[nodiscard]] const char* name(LockdownStep step);

}  // namespace assay::oracles
