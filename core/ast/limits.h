// How large a program may be. Checked before memory is taken, by the parser, the codec and the verifier alike.
//
// The bounds are far above anything the generator or a person writes; they exist so that a hostile file costs little.
// The depth bounds every recursion over a program, with room on an 8 MiB stack even under AddressSanitizer.
//
// Tested by core/ast/test/limits_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::ast {

inline constexpr std::size_t kMaxFileBytes = 16U << 20;
inline constexpr std::uint32_t kMaxNodes = 1U << 20;
inline constexpr std::uint32_t kMaxDepth = 256;  // statements and expressions nested in each other, counted together
inline constexpr std::uint32_t kMaxSlots = 4096;
inline constexpr std::uint32_t kMaxVariables = 1U << 16;  // slots and locals
inline constexpr std::uint32_t kMaxPushes = 4096;         // cells of the operand stack one run can need
inline constexpr std::uint32_t kMaxNameBytes = 256;

}  // namespace assay::ast
