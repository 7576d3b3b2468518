// Samples: the meaning of an operator against the interpreter at full width, on edges and on random numbers.
//
// Tested by smt/operators/test/narrow_model_test.cc.
#pragma once

#include <cstdint>
#include <string>

#include "smt/operators/narrow_model.h"

namespace assay::smt {

struct SampleResult {
  std::uint64_t pairs = 0;
  std::string difference;  // empty if there is none
};

// Every pair of edges, and so many random pairs, half of them with only a few bits.
[[nodiscard]] SampleResult check_samples(ast::Op op, ast::Type type, std::uint64_t seed, std::uint64_t random_pairs,
                                         const MeaningFunction& meant = meaning);

}  // namespace assay::smt
