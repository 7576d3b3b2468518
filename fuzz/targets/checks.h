// What the libFuzzer targets check, as plain functions: the same checks run as one-second tests.
//
// Each gives false and a message when a promise is broken. Input that is refused cleanly is fine.
//
// Tested by fuzz/targets/test/targets_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace assay::fuzz {

// Any text parses to a program or to an error with a place; what parses prints to a text that parses to the same
// program.
[[nodiscard]] bool text_parser_check(std::string_view text, std::string& message);

// Any bytes decode to a valid program or an error; what decodes survives encoding and printing unchanged.
[[nodiscard]] bool binary_codec_check(std::span<const std::uint8_t> bytes, std::string& message);

// What decodes is judged alike by the interpreter, the decoders and the CPU, in both conventions.
[[nodiscard]] bool differential_check(std::span<const std::uint8_t> bytes, std::string& message);

}  // namespace assay::fuzz
