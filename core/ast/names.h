// What may name a program or a variable.
//
// Names are part of the text form, so the verifier holds every program to the rule: what it accepts can be printed and
// read back.
//
// Tested by core/ast/test/names_test.cc.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::ast {

// A letter or '_', then letters, digits and '_', all ASCII; 1 to kMaxNameBytes bytes.
[[nodiscard]] bool is_identifier(std::string_view text);

// Whether the text form uses the word itself: a keyword or the name of an operator. No variable may have it; a program
// may, since its name stands where nothing else can.
[[nodiscard]] bool is_reserved(std::string_view text);

// The first 8 bytes as a big-endian number, padded with zeros: orders names as text does, up to ties among long names.
[[nodiscard]] constexpr std::uint64_t name_key(std::string_view text) {
  std::uint64_t key = 0;
  const std::size_t size = text.size() < 8 ? text.size() : 8;
  for (std::size_t i = 0; i < size; ++i) key = (key << 8) | static_cast<std::uint8_t>(text[i]);
  return size == 0 ? 0 : key << (8 * (8 - size));
}

}  // namespace assay::ast
