// The two futex calls the doorbell needs, on words that other processes map too.
//
// Tested by oracles/process/test/worker_process_test.cc.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>

namespace assay::oracles {

// Sleeps while `*word` is `value`, at most `timeout` (for ever when null). May return early for no reason.
inline void futex_wait(std::uint32_t* word, std::uint32_t value, const timespec* timeout) {
  // Every way to return means "look again", so the result carries nothing.
  (void)::syscall(SYS_futex, word, FUTEX_WAIT, value, timeout, nullptr, 0);
}

inline void futex_wake(std::uint32_t* word) { (void)::syscall(SYS_futex, word, FUTEX_WAKE, 1, nullptr, nullptr, 0); }

}  // namespace assay::oracles
