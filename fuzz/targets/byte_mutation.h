// Mutation and crossover of programs in binary form, for libFuzzer's custom mutators.
//
// Tested by fuzz/targets/test/targets_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace assay::fuzz {

// Edits the program that the first `size` bytes of `buffer` decode to and writes it back; gives the new size, 0 when
// nothing fits.
[[nodiscard]] std::size_t mutate_bytes(std::span<std::uint8_t> buffer, std::size_t size, std::uint64_t seed);

[[nodiscard]] std::size_t cross_bytes(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                                      std::span<std::uint8_t> out, std::uint64_t seed);

}  // namespace assay::fuzz
