// Input vectors: several frames per program, biased to edges, with garbage in the high halves of i32 slots.
//
// Tested by fuzz/gen/test/generator_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ast/program.h"
#include "core/base/rng.h"

namespace assay::fuzz {

inline constexpr std::size_t kInputsPerProgram = 4;

// One cell per slot of the program.
void draw_inputs(const ast::Program& program, base::Rng& rng, std::vector<std::vector<std::uint64_t>>& inputs);

// The same with every cell drawn uniformly.
void draw_plain_inputs(const ast::Program& program, base::Rng& rng, std::vector<std::vector<std::uint64_t>>& inputs);

}  // namespace assay::fuzz
