// The emulated CPU as an engine: compiled blocks off the CPU, in either calling convention.
//
// Batches go to a process of its own, because some blocks kill the emulator (known_defects.def). A run during which
// that process dies is ProcessDied, with what its signal tells and, where it can be found, the instruction; the runs
// behind it go on in a new process.
//
// Tested by oracles/emulated/test/emulated_engine_test.cc.
#pragma once

#include <chrono>
#include <memory>

#include "core/base/result.h"
#include "core/jit/convention.h"
#include "core/x64/cpu_features.h"
#include "oracles/emulated/emulator.h"
#include "oracles/engine.h"

namespace assay::oracles {

struct EmulatedEngineOptions {
  emulated::EmulatorOptions emulator;
  // Wall-clock time without progress after which a run is a runaway. For what the emulator's own limit cannot stop, so
  // far above it: two million basic blocks take a tenth of a second.
  std::chrono::milliseconds stall_limit = std::chrono::seconds(10);
};

[[nodiscard]] base::Result<std::unique_ptr<Engine>> create_emulated_engine(jit::Convention convention,
                                                                           const EmulatedEngineOptions& options = {});

// What code for the emulator may use. Blocks whose intents need more are not run: UnsupportedFeature.
[[nodiscard]] x64::CpuFeatures emulated_features();

}  // namespace assay::oracles
