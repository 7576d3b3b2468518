// WorkerProcess: a forked child that serves requests over shared memory, and whose death is survived and explained.
//
// Code that may crash (generated code, the emulator) runs in one. The child is forked, not exec'd, so that it starts
// with the owner's code and costs about a millisecond; it is locked down before its body runs: no new privileges, no
// core file, no new files or processes, no inherited descriptor but stderr, a bounded address space, default signal
// actions, and death with its owner (prctl(2), PR_SET_PDEATHSIG). Lock-down that fails is an error: the body never runs
// without it.
//
// The shared region is mapped before the fork and survives a respawn. The owner must treat what it reads there as
// written by an enemy.
//
// The kernel ties PR_SET_PDEATHSIG to the forking *thread*: start and respawn workers from a thread that lives on.
//
// Tested by oracles/process/test/worker_process_test.cc.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "oracles/process/doorbell.h"

namespace assay::oracles {

// What the child runs; it should loop over doorbell.wait() and doorbell.answer(). The child exits with code 0 when it
// returns. `context` is WorkerOptions::context: the owner's memory as it was at the fork.
using WorkerBody = void (*)(std::span<std::byte> shared, Doorbell& doorbell, const void* context);

struct WorkerOptions {
  std::size_t shared_bytes = 0;  // rounded up to whole pages
  WorkerBody body = nullptr;
  const void* context = nullptr;                    // must outlive the WorkerProcess
  int keep_descriptor = -1;                         // one more descriptor the child keeps beside stderr
  std::uint64_t address_space_bytes = 2ULL << 30U;  // that the child may map beyond what it inherits
};

enum class WaitEnd : std::uint8_t {
  Answered,
  TimedOut,  // still running
  Died,      // see death()
};

// How a child ended. Both fields are their defaults while it lives.
struct WorkerDeath {
  int signal = 0;      // that killed it, or 0
  int exit_code = -1;  // when it was not killed
};

class WorkerProcess {
 public:
  // Forks, and waits until the child is locked down.
  [[nodiscard]] static base::Result<WorkerProcess> start(const WorkerOptions& options);

  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&& other) noexcept;
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();

  // Page-aligned; zero at first.
  [[nodiscard]] std::span<std::byte> shared() const;

  // Hands the turn to the worker. Precondition: the worker has answered every earlier ring.
  void ring();
  // Waits for its answer. After TimedOut it may be called again.
  [[nodiscard]] WaitEnd wait(std::chrono::nanoseconds timeout);
  [[nodiscard]] WaitEnd call(std::chrono::nanoseconds timeout) {
    ring();
    return wait(timeout);
  }

  void kill();
  // A new child over the same shared memory; the old one is killed if it still runs.
  [[nodiscard]] base::Result<void> respawn();

  [[nodiscard]] pid_t pid() const { return pid_; }  // 0 when there is no child
  [[nodiscard]] const WorkerDeath& death() const { return death_; }
  [[nodiscard]] std::uint32_t respawns() const { return respawns_; }
  // User and system time of all children so far.
  [[nodiscard]] std::uint64_t cpu_nanoseconds() const;

 private:
  WorkerProcess() = default;
  [[nodiscard]] base::Result<void> spawn();
  [[nodiscard]] bool reap(bool block);
  [[nodiscard]] DoorbellWords* words() const;
  void release() noexcept;

  WorkerOptions options_;
  std::byte* region_ = nullptr;  // the control page, then the shared bytes
  std::size_t region_bytes_ = 0;
  pid_t pid_ = 0;
  std::uint32_t rings_ = 0;
  std::uint32_t respawns_ = 0;
  std::uint64_t dead_cpu_nanoseconds_ = 0;
  WorkerDeath death_;
};

// Bytes between the start of the mapping, where the DoorbellWords are, and the shared region.
inline constexpr std::size_t kWorkerControlBytes = 4096;

}  // namespace assay::oracles
