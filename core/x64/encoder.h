// From a form and its operands to bytes: all the special cases of x86-64 encoding in one place.
//
// A pure function, so that sweeps and the assembler use the same one. Intel SDM volume 2, chapter 2.
//
// Tested by core/x64/test/encodings_test.cc.
#pragma once

#include <cstdint>

#include "core/x64/form.h"
#include "core/x64/operand.h"

namespace assay::x64 {

// No form of the table comes near the architectural limit.
inline constexpr int kMaxInstructionBytes = 15;

// Writes the instruction to `out` (room for kMaxInstructionBytes) and gives its length. Relative operands are written
// as displacement 0: their value depends on where the instruction ends up. Precondition: the operands' kinds are the
// form's, and no address has RSP as its index.
[[nodiscard]] int encode(const FormInfo& form, const Operand& a, const Operand& b, const Operand& c, std::uint8_t* out);

}  // namespace assay::x64
