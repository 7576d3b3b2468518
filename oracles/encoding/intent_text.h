// Intents in words, for messages.
//
// Tested by oracles/encoding/test/intent_text_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/x64/intent.h"

namespace assay::oracles::encoding {

// "mov r12d, dword ptr [rdi + rcx*4 - 8]"; a branch goes to the offset in the code: "jl 0x1e". Total: an intent that no
// assembler would write comes out in some words too.
[[nodiscard]] std::string describe(const x64::Intent& intent);

[[nodiscard]] std::string describe(const x64::Address& address);

// "48 83 ec 80"
[[nodiscard]] std::string describe(std::span<const std::uint8_t> bytes);

}  // namespace assay::oracles::encoding
