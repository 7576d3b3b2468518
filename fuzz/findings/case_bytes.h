// A case as bytes: what the `differential` target makes of an input of libFuzzer's.
//
// In one place, so that `assay corpus import` gives the program, for the CPU, that the target judged.
//
// Tested by fuzz/corpus/test/import_test.cc.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {

// The program of the bytes, to be compiled with the CPU features that the last byte chooses. An input error for bytes
// that are no program (core/ast/codec.h).
[[nodiscard]] base::Result<Finding> decode_case(std::span<const std::uint8_t> bytes);

}  // namespace assay::fuzz
