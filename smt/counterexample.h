// Counterexample: a frame on which two programs really end differently, found by running them.
//
// A failed proof is no refutation: the claim may be true and the method too weak. Only an input that the interpreter
// confirms makes a Refuted.
//
// Tested by smt/test/loop_proof_test.cc and pass_proof_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ast/program.h"

namespace assay::smt {

using Frame = std::vector<std::uint64_t>;

// Whether the programs end alike on the frame. True also where `before` does not end within its fuel: that decides
// nothing. If it does, `after` must end within many times as much.
[[nodiscard]] bool agree_on(const ast::Program& before, const ast::Program& after, const Frame& frame);

// Tries small numbers, the edges of the types and random ones, always the same; `hints` first.
[[nodiscard]] std::optional<Frame> find_counterexample(const ast::Program& before, const ast::Program& after,
                                                       const std::vector<Frame>& hints = {});

}  // namespace assay::smt
