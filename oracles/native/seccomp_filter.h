// The seccomp filter of the worker: three system calls from one instruction, and a signal for everything else.
//
// Tested by oracles/native/test/hostile_blocks_test.cc.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>

namespace assay::oracles::native {

// Writes the filter program into `out` and gives its length. `after_syscall` is the address behind the one syscall
// instruction that may enter the kernel. Precondition: `out` has room for 32 instructions.
[[nodiscard]] std::uint16_t build_filter(std::uint64_t after_syscall, std::span<sock_filter> out);

}  // namespace assay::oracles::native
