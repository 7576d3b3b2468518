// Doorbell: how a process and its worker take turns over shared memory.
//
// Two counters. The owner raises `request` and wakes the worker; the worker raises `reply` to the same number and wakes
// the owner. Only one of them runs at a time, so the futex calls order all other accesses to the shared memory. The
// words are public because a worker that has given up the C library (oracles/native) takes its turns with its own
// system calls.
//
// Tested by oracles/process/test/worker_process_test.cc.
#pragma once

#include <cstdint>

namespace assay::oracles {

// At the start of the control page, which both processes can write. The owner never uses what it reads there for
// anything but "has the worker answered".
struct alignas(64) DoorbellWords {
  std::uint32_t request;
  std::uint32_t reply;
};

// `reply` of a worker that has not finished locking itself down.
inline constexpr std::uint32_t kDoorbellStarting = 0xFFFFFFFFU;

// The worker's side.
class Doorbell {
 public:
  explicit Doorbell(DoorbellWords* words) : words_(words) {}

  // Blocks until the owner rings. A worker whose owner is gone is killed by the kernel, so this always returns.
  void wait();
  // Tells the owner that the request is done. The worker should next wait.
  void answer();

  [[nodiscard]] DoorbellWords* words() const { return words_; }

 private:
  DoorbellWords* words_;
  std::uint32_t served_ = 0;
};

}  // namespace assay::oracles
