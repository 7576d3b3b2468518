// TypedIndex: a 32-bit index that cannot be mistaken for an index into another array.
//
// Programs, registers and instructions are referred to by index rather than by pointer: half the size, stable when the
// array grows, and the same in every process that shares the data.
//
// Tested by core/base/test/typed_index_test.cc.
#pragma once

#include <compare>
#include <cstdint>

namespace assay::base {

template <class Tag>
struct TypedIndex {
  static constexpr std::uint32_t kNoneValue = 0xFFFFFFFFU;

  std::uint32_t value = kNoneValue;

  [[nodiscard]] constexpr bool valid() const { return value != kNoneValue; }
  [[nodiscard]] static constexpr TypedIndex none() { return {}; }
  friend constexpr bool operator==(TypedIndex, TypedIndex) = default;
  friend constexpr auto operator<=>(TypedIndex, TypedIndex) = default;
};

}  // namespace assay::base
