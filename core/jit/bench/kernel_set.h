// The loop kernels and everybody who compiled them: the `.nda` files of core/jit/bench/kernels, and the C functions
// made of them at build time by the compilers that were found.
//
// Tested by core/jit/test/kernels_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/jit/bench/c_functions.h"

namespace assay::jit::bench {

using Kernel = CFunctions;

// In the order of the files.
[[nodiscard]] const std::vector<Kernel>& kernels();

// Parses the file; the error has its place.
[[nodiscard]] base::Result<ast::Program> load_kernel(const Kernel& kernel);

// Sets of values for the inputs other than n: small ones (which the benchmark takes), ones, zeros, negative ones, and
// ones at the ends of the range.
inline constexpr std::size_t kInputSets = 5;

// The frame to start from. The slot `n` gets n, `m` (the bound of nested loops) the square root of n, and `i`, where
// loops start, 0; `step` gets a small positive number, because a loop that takes billions of rounds for n = 10 measures
// nothing; all other slots get whatever the set has.
[[nodiscard]] std::vector<std::uint64_t> kernel_frame(const ast::Program& program, std::uint64_t n, std::size_t set);

}  // namespace assay::jit::bench
