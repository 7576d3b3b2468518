// The calling convention of compiled blocks.
//
//   int64_t block(uint64_t* frame, uint64_t* stack, uint64_t stack_index)
//
// Slot k of the frame is 8 bytes at frame + 8k; an i32 slot owns the low 4 bytes and leaves the high 4 as they were. A
// pushed value goes to stack[stack_index], an i32 zero-extended, and the index grows by one. The result is the new
// stack index, or the negated number of a trap kind. Whether a run completed or returned is not told: a caller that
// must know gives the program a slot of its own for it.
//
// Tested by core/jit/test/convention_test.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::jit {

enum class Convention : std::uint8_t {
  SystemV,    // RDI, RSI, RDX; RBX, RBP, R12-R15 saved; 128-byte red zone
  Microsoft,  // RCX, RDX, R8; RBX, RBP, RDI, RSI, R12-R15, XMM6-15 saved; 32-byte shadow space, no red zone
};

[[nodiscard]] constexpr std::string_view convention_name(Convention convention) {
  return convention == Convention::SystemV ? "sysv" : "win64";
}

}  // namespace assay::jit
