// NarrowModel: the definition of every operator at 8 bits, in plain C++, and all 65,536 pairs of it.
//
// A third statement of the language's semantics (WebAssembly's), written with the integers of C++ at a width where
// everything can be tried. The meaning (meaning.h) is generic in its width: that it is right for every pair at 8 bits
// is the evidence that its shape is right, and samples at full width (samples.h) that it is at 32 and 64.
//
// Conversions have widths of their own. For them the pairs are the byte that ends in the highest bit kept and the one
// above it, which decide all there is to decide.
//
// Tested by smt/operators/test/narrow_model_test.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/ast/op.h"
#include "smt/meaning.h"

namespace assay::smt {

struct NarrowResult {
  std::uint64_t pairs = 0;
  std::string difference;  // the first pair on which the two differ; empty if there is none
};

// What is checked, so that a test can hand in a wrong one.
using MeaningFunction = std::function<Meaning(Terms&, ast::Op, TermId, TermId)>;

[[nodiscard]] NarrowResult check_narrow_model(ast::Op op, ast::Type type, const MeaningFunction& meant = meaning);

}  // namespace assay::smt
