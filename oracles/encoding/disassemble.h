// Machine code as text, for people.
//
// Tested by oracles/encoding/test/decoders_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace assay::oracles::encoding {

// The first instruction of `bytes` in Intel syntax, as if it stood at `offset` in the code: branches show the offset
// they lead to. "(no instruction)" when there is none. From any thread.
[[nodiscard]] std::string disassemble_one(std::span<const std::uint8_t> bytes, std::uint64_t offset);

}  // namespace assay::oracles::encoding
