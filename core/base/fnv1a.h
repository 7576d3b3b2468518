// FNV-1a, 64 bits (Fowler, Noll, Vo): for names of files and fingerprints that must be the same everywhere, and for
// remembering what was seen. Not for what an enemy chooses.
//
// Tested by core/base/test/fnv1a_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::base {

class Fnv1a {
 public:
  constexpr void add(std::uint8_t byte) { value_ = (value_ ^ byte) * 0x100000001B3ULL; }
  // The lowest byte first.
  constexpr void add_word(std::uint64_t word) {
    for (int i = 0; i < 8; ++i) add(static_cast<std::uint8_t>(word >> (8 * i)));
  }
  constexpr void add_all(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) add(byte);
  }
  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text) {
  Fnv1a hash;
  for (const char c : text) hash.add(static_cast<std::uint8_t>(c));
  return hash.value();
}

}  // namespace assay::base
