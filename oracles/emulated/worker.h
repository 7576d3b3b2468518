// The emulator's process: what runs in it.
//
// Tested by oracles/emulated/test/emulated_engine_test.cc.
#pragma once

#include <cstddef>
#include <span>

#include "oracles/emulated/emulator.h"
#include "oracles/process/doorbell.h"

namespace assay::oracles::emulated {

struct WorkerConfig {
  jit::Convention convention = jit::Convention::SystemV;
  EmulatorOptions options;
};

// A WorkerBody (oracles/process/worker_process.h); `config` is a WorkerConfig. `shared` is a BatchRegion.
void serve_batches(std::span<std::byte> shared, Doorbell& doorbell, const void* config);

}  // namespace assay::oracles::emulated
