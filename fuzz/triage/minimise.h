// Minimise: all that is done to a finding between the campaign and a person: identify, reduce, triage.
//
// Judges are made by a factory, so that tests can plant faults, and are made late, one at a time: the one that reduces
// has only the oracles it needs, because each more is a process and makes every attempt slower.
//
// Tested by fuzz/triage/test/triage_test.cc.
#pragma once

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"
#include "fuzz/reduce/reduce.h"
#include "fuzz/triage/triage.h"
#include "oracles/judge.h"

namespace assay::fuzz {

using JudgeFactory = std::function<base::Result<std::unique_ptr<oracles::Judge>>(const oracles::JudgeConfig&)>;

struct Minimised {
  Reduction reduction;  // its finding has triaged headers, unless it does not reproduce
  Triage triage;
};

// An input error when the finding names an oracle that does not exist; other errors are the harness's.
[[nodiscard]] base::Result<Minimised> minimise(const Finding& finding, const JudgeFactory& make_judge,
                                               const ReduceConfig& config);

}  // namespace assay::fuzz
