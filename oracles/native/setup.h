// The part of a native worker's life that still has a C library: it maps the memory of blocks and arms signals and
// timer.
//
// Tested by oracles/native/test/hostile_blocks_test.cc.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "core/jit/convention.h"
#include "oracles/native/memory_map.h"
#include "oracles/process/doorbell.h"

namespace assay::oracles::native {

// What the worker must know of its owner; read after the fork.
struct SetupContext {
  jit::Convention convention = jit::Convention::SystemV;
  int code_descriptor = -1;               // memfd of kCodeBytes
  std::chrono::nanoseconds cpu_budget{};  // of one run
  std::vector<Mapping> program;           // see mappings_to_keep
};

// The WorkerBody of the native engine; `context` is a SetupContext. Answers no ring before the sandbox is closed. When
// a step fails, notes it in the response and exits.
void run_native_worker(std::span<std::byte> shared, Doorbell& doorbell, const void* context);

}  // namespace assay::oracles::native
