// Lock-down of forked workers; see lockdown.h. Tested by oracles/process/test/worker_process_test.cc.
#include "oracles/process/lockdown.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>

namespace assay::oracles {
namespace {

constexpr int kFirstRealTimeSignal = 32;  // as the kernel counts; the C library hides two of them

// The owner's handlers describe the owner's state, which this process no longer is. Signals a terminal or a time limit
// sends to the whole group are the owner's to act on: a worker that dies of them would look like a crash of the code in
// it.
bool reset_signals() {
  for (int signal = 1; signal < kFirstRealTimeSignal; ++signal) {
    if (signal == SIGKILL || signal == SIGSTOP) continue;
    struct sigaction action = {};
    const bool for_owner = signal == SIGINT || signal == SIGQUIT || signal == SIGHUP || signal == SIGTERM;
    action.sa_handler = for_owner ? SIG_IGN : SIG_DFL;
    if (sigaction(signal, &action, nullptr) != 0) return false;
  }
  stack_t none = {};
  none.ss_flags = SS_DISABLE;
  if (sigaltstack(&none, nullptr) != 0) return false;
  sigset_t empty;
  sigemptyset(&empty);
  return sigprocmask(SIG_SETMASK, &empty, nullptr) == 0;
}

bool close_range(unsigned first, unsigned last) {
  return first > last || ::syscall(SYS_close_range, first, last, 0) == 0;
}

bool close_descriptors(int keep) {
  constexpr unsigned kAfterStderr = STDERR_FILENO + 1;
  if (!close_range(STDIN_FILENO, STDOUT_FILENO)) return false;
  if (keep <= STDERR_FILENO) return close_range(kAfterStderr, ~0U);
  const auto kept = static_cast<unsigned>(keep);
  return close_range(kAfterStderr, kept - 1) && close_range(kept + 1, ~0U);
}

bool limit(__rlimit_resource resource, std::uint64_t value) {
  // A limit the owner already has below this one cannot be raised and need not be.
  rlimit now = {};
  if (getrlimit(resource, &now) != 0) return false;
  const rlim_t bound = now.rlim_max < value ? now.rlim_max : static_cast<rlim_t>(value);
  const rlimit next = {bound, bound};
  return setrlimit(resource, &next) == 0;
}

}  // namespace

LockdownStep lock_down(pid_t parent, int keep_descriptor, std::uint64_t address_space_bytes) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return LockdownStep::ParentDeathSignal;
  // The owner may have died before the request above.
  if (getppid() != parent) return LockdownStep::ParentGone;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return LockdownStep::NoNewPrivileges;
  if (!reset_signals()) return LockdownStep::Signals;
  if (!close_descriptors(keep_descriptor)) return LockdownStep::Descriptors;
  if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, 0) || !limit(RLIMIT_NPROC, 0) || !limit(RLIMIT_MEMLOCK, 0) ||
      !limit(RLIMIT_AS, address_space_bytes)) {
    return LockdownStep::Limits;
  }
  return LockdownStep::Done;
}

std::uint64_t mapped_bytes() {
  const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, 64> text{};
  const ssize_t length = read(file, text.data(), text.size());
  close(file);
  std::uint64_t pages = 0;
  for (ssize_t i = 0; i < length; ++i) {
    const char digit = text[static_cast<std::size_t>(i)];
    if (digit < '0' || digit > '9') break;
    pages = pages * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

const char* name(LockdownStep step) {
  switch (step) {
    case LockdownStep::Done:
      return "done";
    case LockdownStep::ParentDeathSignal:
      return "prctl(PR_SET_PDEATHSIG)";
    case LockdownStep::ParentGone:
      return "the owner is gone";
    case LockdownStep::NoNewPrivileges:
      return "prctl(PR_SET_NO_NEW_PRIVS)";
    case LockdownStep::Signals:
      return "resetting signal actions";
    case LockdownStep::Descriptors:
      return "close_range";
    case LockdownStep::Limits:
      return "setrlimit";
  }
  return "?";
}

}  // namespace assay::oracles
