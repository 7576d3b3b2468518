// Replay: puts a finding, or any program, before the oracles again.
//
// Tested by fuzz/findings/test/replay_test.cc.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"
#include "oracles/judge.h"

namespace assay::fuzz {

struct Replay {
  oracles::BatchReport report;
  std::vector<std::string> signatures;  // one per conviction, in the order of the report
};

// The inputs a program without inputs of its own is run on: all zero, all one, all -1, the least and greatest values,
// and mixtures of them. Always the same.
[[nodiscard]] std::vector<oracles::Frame> default_inputs(const ast::Program& program);

// Judges the finding on its inputs (the default ones when it has none), behind its passes (the default pipeline when it
// does not say), with the features it names, as far as the CPU has them.
[[nodiscard]] base::Result<Replay> replay(oracles::Judge& judge, const Finding& finding);

}  // namespace assay::fuzz
