// Calls a compiled block through a trampoline that plants values in every register the block must keep.
//
// A plain call cannot see a clobbered register: the compiler saves around it, or never used it. Both trampolines
// are System V functions; one calls as System V, the other as Microsoft x64 with 32 bytes of shadow space.
//
// Tested by core/jit/test/convention_test.cc.
#pragma once

#include <cstdint>

#include "core/jit/convention.h"

namespace assay::jit::test {

struct CheckedCall {
  std::int64_t result = 0;
  bool registers_kept = false;
  bool stack_pointer_kept = false;
};

[[nodiscard]] CheckedCall call_checked(Convention convention, const void* entry, std::uint64_t* frame,
                                       std::uint64_t* stack, std::uint64_t stack_index);

}  // namespace assay::jit::test
