// Steps and bounds of loops that wrap: what wild_loops.cc and widened_loops.cc draw.
//
// Tested by fuzz/gen/test/wild_numbers_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/type.h"
#include "core/base/rng.h"

namespace assay::fuzz {

// Steps that go round the type's range in 2 to 4096 iterations, exactly or nearly; and everyday ones.
[[nodiscard]] std::uint64_t draw_step(base::Rng& rng, ast::Type type);

// So near to an end of the type's range, signed or unsigned, that a stride may, or may not, jump over what is left.
[[nodiscard]] std::uint64_t draw_bound_near_an_end(base::Rng& rng, ast::Type type, std::uint64_t stride);

}  // namespace assay::fuzz
