// Decoding of machine code for the model, by Zydis: from the bytes, not from what the assembler was asked for, so that
// the encoder is within what is proved.
//
// Tested by smt/x86/test/decode_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "smt/x86/instruction.h"

namespace assay::smt::x86 {

// The instruction at that offset. `Operation::Other`, with a text that says so, for anything else than the model knows,
// bytes that are none and prefixes that change a meaning. Its length is 0 if nothing could be decoded.
[[nodiscard]] Instruction decode(std::span<const std::uint8_t> code, std::size_t offset);

}  // namespace assay::smt::x86
