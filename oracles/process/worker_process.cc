// Worker processes; see worker_process.h. Tested by oracles/process/test/worker_process_test.cc.
#include "oracles/process/worker_process.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <limits>
#include <string>
#include <utility>

#include "oracles/process/futex.h"
#include "oracles/process/lockdown.h"

namespace assay::oracles {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr auto kLockdownTimeout = std::chrono::seconds(30);
// A dead worker wakes nobody, so the owner looks after it in slices: short at first, because a worker that dies mostly
// does so at once, and longer later, because each look takes the CPU from a worker that is busy.
constexpr nanoseconds kFirstSlice = std::chrono::milliseconds(1);
constexpr nanoseconds kLastSlice = std::chrono::milliseconds(16);

std::size_t whole_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

timespec to_timespec(nanoseconds time) {
  const auto count = static_cast<std::uint64_t>(std::max(time, nanoseconds(0)).count());
  return {static_cast<time_t>(count / kNanosecondsPerSecond), static_cast<long>(count % kNanosecondsPerSecond)};
}

std::uint64_t to_nanoseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * kNanosecondsPerSecond +
         static_cast<std::uint64_t>(time.tv_usec) * 1000;
}

std::uint32_t load(std::uint32_t& word) { return std::atomic_ref(word).load(std::memory_order_acquire); }
void store(std::uint32_t& word, std::uint32_t value) { std::atomic_ref(word).store(value, std::memory_order_release); }

}  // namespace

void Doorbell::wait() {
  while (load(words_->request) == served_) futex_wait(&words_->request, served_, nullptr);
  served_ = load(words_->request);
}

void Doorbell::answer() {
  store(words_->reply, served_);
  futex_wake(&words_->reply);
}

base::Result<WorkerProcess> WorkerProcess::start(const WorkerOptions& options) {
  WorkerProcess worker;
  worker.options_ = options;
  const std::size_t bytes = kWorkerControlBytes + whole_pages(options.shared_bytes);
  void* region = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) return base::system_error("cannot map the memory shared with a worker process", errno);
  worker.region_ = static_cast<std::byte*>(region);
  worker.region_bytes_ = bytes;
  if (auto spawned = worker.spawn(); !spawned) return spawned.error();
  return worker;
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : options_(other.options_),
      region_(std::exchange(other.region_, nullptr)),
      region_bytes_(std::exchange(other.region_bytes_, 0)),
      pid_(std::exchange(other.pid_, 0)),
      rings_(other.rings_),
      respawns_(other.respawns_),
      dead_cpu_nanoseconds_(other.dead_cpu_nanoseconds_),
      death_(other.death_) {}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
  if (this == &other) return *this;
  release();
  options_ = other.options_;
  region_ = std::exchange(other.region_, nullptr);
  region_bytes_ = std::exchange(other.region_bytes_, 0);
  pid_ = std::exchange(other.pid_, 0);
  rings_ = other.rings_;
  respawns_ = other.respawns_;
  dead_cpu_nanoseconds_ = other.dead_cpu_nanoseconds_;
  death_ = other.death_;
  return *this;
}

WorkerProcess::~WorkerProcess() { release(); }

void WorkerProcess::release() noexcept {
  kill();
  if (region_ != nullptr) munmap(region_, region_bytes_);
  region_ = nullptr;
}

std::span<std::byte> WorkerProcess::shared() const {
  return {region_ + kWorkerControlBytes, region_bytes_ - kWorkerControlBytes};
}

DoorbellWords* WorkerProcess::words() const { return reinterpret_cast<DoorbellWords*>(region_); }

base::Result<void> WorkerProcess::spawn() {
  rings_ = 0;
  death_ = {};
  store(words()->request, 0);
  store(words()->reply, kDoorbellStarting);
  const std::uint64_t mapped = mapped_bytes();
  if (mapped == 0) return base::system_error("cannot read /proc/self/statm, which bounds a worker's memory");
  const pid_t owner = getpid();
  const pid_t child = fork();
  if (child < 0) return base::system_error("cannot fork a worker process", errno);
  if (child == 0) {
    const LockdownStep failed = lock_down(owner, options_.keep_descriptor, mapped + options_.address_space_bytes);
    if (failed != LockdownStep::Done) _exit(static_cast<int>(failed));
    Doorbell doorbell(words());
    doorbell.answer();
    options_.body(shared(), doorbell, options_.context);
    _exit(0);
  }
  pid_ = child;
  switch (wait(kLockdownTimeout)) {
    case WaitEnd::Answered:
      return {};
    case WaitEnd::TimedOut:
      kill();
      return base::system_error("a worker process did not start in time");
    case WaitEnd::Died:
      break;
  }
  if (death_.signal != 0) {
    return base::system_error("a worker process died of signal " + std::to_string(death_.signal) + " as it started");
  }
  return base::system_error(std::string("a worker process cannot be locked down: ") +
                            name(static_cast<LockdownStep>(death_.exit_code)) + " failed");
}

void WorkerProcess::ring() {
  store(words()->request, ++rings_);
  futex_wake(&words()->request);
}

WaitEnd WorkerProcess::wait(nanoseconds timeout) {
  const auto start = std::chrono::steady_clock::now();
  nanoseconds slice = kFirstSlice;
  for (;;) {
    const std::uint32_t reply = load(words()->reply);
    if (reply == rings_) return WaitEnd::Answered;
    if (pid_ == 0) return WaitEnd::Died;
    const nanoseconds left = timeout - (std::chrono::steady_clock::now() - start);
    if (left <= nanoseconds(0)) return WaitEnd::TimedOut;
    const timespec time = to_timespec(std::min(slice, left));
    futex_wait(&words()->reply, reply, &time);
    if (load(words()->reply) == rings_) return WaitEnd::Answered;
    if (reap(false)) return WaitEnd::Died;
    slice = std::min(slice * 2, kLastSlice);
  }
}

void WorkerProcess::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  (void)reap(true);
}

base::Result<void> WorkerProcess::respawn() {
  kill();
  ++respawns_;
  return spawn();
}

bool WorkerProcess::reap(bool block) {
  if (pid_ == 0) return true;
  int status = 0;
  rusage usage = {};
  pid_t reaped = 0;
  do {
    reaped = wait4(pid_, &status, block ? 0 : WNOHANG, &usage);
  } while (reaped < 0 && errno == EINTR);
  if (reaped == 0) return false;
  // A negative result means that somebody else reaped the child; it is gone all the same.
  if (reaped > 0) {
    dead_cpu_nanoseconds_ += to_nanoseconds(usage.ru_utime) + to_nanoseconds(usage.ru_stime);
    if (WIFSIGNALED(status)) {
      death_.signal = WTERMSIG(status);
    } else {
      death_.exit_code = WEXITSTATUS(status);
    }
  }
  pid_ = 0;
  return true;
}

std::uint64_t WorkerProcess::cpu_nanoseconds() const {
  std::uint64_t total = dead_cpu_nanoseconds_;
  clockid_t clock = 0;
  timespec time = {};
  if (pid_ != 0 && clock_getcpuclockid(pid_, &clock) == 0 && clock_gettime(clock, &time) == 0) {
    total += static_cast<std::uint64_t>(time.tv_sec) * kNanosecondsPerSecond + static_cast<std::uint64_t>(time.tv_nsec);
  }
  return total;
}

}  // namespace assay::oracles
