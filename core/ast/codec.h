// The binary form of programs: compact, versioned, and total, so that a fuzz engine may mutate the bytes.
//
// `encode` then `decode` gives the same program, names included. `decode` turns ANY byte string into a verified program
// or a clean error, and the only errors are an empty string and a first byte that is no known version: behind it,
// types, operators and variables are chosen from the bytes among those legal at that place, and what the bytes leave
// out is filled in. A reader keeps reading every older version; the meaning of a version never changes, because a
// corpus of mutated bytes is worth nothing once its bytes mean something else. The layout stands in core/ast/README.md.
//
// Tested by core/ast/test/codec_test.cc and fuzz/targets/binary_codec.cc.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"

namespace assay::ast {

inline constexpr std::uint8_t kCodecVersion = 1;

// Precondition: verified.
[[nodiscard]] std::vector<std::uint8_t> encode(const Program& program);

[[nodiscard]] base::Result<Program> decode(std::span<const std::uint8_t> bytes);

}  // namespace assay::ast
