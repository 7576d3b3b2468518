// Sandbox: the engine's side of a native worker: its code memory, the shared memory, and its rebirths.
//
// It knows nothing of cases or runs; see native_engine.h for those.
//
// Tested by oracles/native/test/native_engine_test.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/result.h"
#include "core/jit/convention.h"
#include "oracles/native/protocol.h"
#include "oracles/native/setup.h"
#include "oracles/process/worker_process.h"

namespace assay::oracles::native {

class Sandbox {
 public:
  // Fails when any part of the sandbox cannot be set up, naming the part.
  [[nodiscard]] static base::Result<std::unique_ptr<Sandbox>> create(jit::Convention convention,
                                                                     std::chrono::nanoseconds cpu_budget);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Writable here, executable in the worker. Not to be written while the worker has its turn.
  [[nodiscard]] std::span<std::uint8_t> code() const { return {code_, kCodeBytes}; }
  [[nodiscard]] Request& request() const;
  [[nodiscard]] Response& response() const;

  [[nodiscard]] WorkerProcess& worker() { return *worker_; }
  [[nodiscard]] const WorkerProcess& worker() const { return *worker_; }
  // A new worker over the same code and shared memory, which are left as they are.
  [[nodiscard]] base::Result<void> respawn();

 private:
  Sandbox() = default;
  [[nodiscard]] base::Result<void> await_ready();

  SetupContext context_;
  std::uint8_t* code_ = nullptr;
  std::unique_ptr<WorkerProcess> worker_;
};

}  // namespace assay::oracles::native
