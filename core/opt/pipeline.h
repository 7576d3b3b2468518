// The pipeline: which passes run, in which order, how often.
//
// A pipeline is a plain list, so that the fuzzer can draw one, a finding can carry one in its header and the command
// line can spell one. A pass may stand in it several times.
//
// Tested by core/opt/test/pipeline_test.cc.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/opt/passes.h"

namespace assay::opt {

using Pipeline = std::vector<PassId>;

// How often `optimize` goes through the list at most; it stops at the first round that changes nothing.
inline constexpr unsigned kMaxRounds = 3;

// Every pass, in the order of passes.def, and folding once more behind propagation.
[[nodiscard]] const Pipeline& default_pipeline();

// "default", "none", or names joined by commas ("fold,prop,dce"); an error names the part that is no pass.
[[nodiscard]] base::Result<Pipeline> parse_pipeline(std::string_view text);

// The inverse: "none" for an empty pipeline, otherwise the names joined by commas.
[[nodiscard]] std::string print_pipeline(const Pipeline& pipeline);

// Told of every pass that ran, with its result.
using PassObserver = std::function<void(PassId pass, const PassResult& result)>;

// Runs the list once, from front to back.
[[nodiscard]] ast::Program run_pipeline(const ast::Program& program, const Pipeline& pipeline,
                                        const PassObserver& observer = {});

// Runs the list until nothing changes, at most kMaxRounds times: what `assay run` does by default. Loops are solved in
// the first round only: those that closed forms keep for what is left over would be solved again and again.
[[nodiscard]] ast::Program optimize(const ast::Program& program, const Pipeline& pipeline = default_pipeline(),
                                    const PassObserver& observer = {});

}  // namespace assay::opt
