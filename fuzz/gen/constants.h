// Constants with a bias to edges: where widths, signs, immediates and displacements change.
//
// Tested by fuzz/gen/test/constants_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/type.h"
#include "core/base/rng.h"

namespace assay::fuzz {

// The bits of a constant of that type, zero-extended.
[[nodiscard]] std::uint64_t draw_constant(base::Rng& rng, ast::Type type);

// A shift count: mostly inside the width, often at its edges, sometimes beyond.
[[nodiscard]] std::uint64_t draw_shift_count(base::Rng& rng, ast::Type type);

// `bits` cut to the type's width.
[[nodiscard]] constexpr std::uint64_t fit(ast::Type type, std::uint64_t bits) {
  return type == ast::Type::I32 ? bits & 0xFFFFFFFFU : bits;
}

}  // namespace assay::fuzz
