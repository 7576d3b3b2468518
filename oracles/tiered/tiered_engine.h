// The tiered executor as an engine: interpreter and compiled code taking turns over one frame and one operand stack.
//
// It is the only engine that runs compiled code and prints. The executor runs in a worker process behind a system-call
// filter: compiled code must not run in the process that decides verdicts.
//
// Tested by oracles/tiered/test/tiered_engine_test.cc.
#pragma once

#include <chrono>
#include <memory>

#include "core/base/result.h"
#include "oracles/engine.h"

namespace assay::oracles {

// A run takes microseconds; only a runaway takes this long, on any machine.
inline constexpr std::chrono::milliseconds kTieredRunLimit{5000};

[[nodiscard]] base::Result<std::unique_ptr<Engine>> create_tiered_engine(
    std::chrono::milliseconds run_limit = kTieredRunLimit);

}  // namespace assay::oracles
