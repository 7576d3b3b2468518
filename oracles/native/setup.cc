// Set-up of a native worker; see setup.h. Tested by oracles/native/test/hostile_blocks_test.cc.
#include "oracles/native/setup.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>
#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "oracles/native/seccomp_filter.h"
#include "oracles/native/state.h"
#include "oracles/process/worker_process.h"

namespace assay::oracles::native {
namespace {

constexpr int kBrokenExit = 99;
constexpr std::size_t kWorkerStackBytes = 64U << 10U;
constexpr std::size_t kSignalStackBytes = 128U << 10U;  // the kernel's frame is 11 KiB with AMX state
// A run is a runaway at the tick that ends its `kTicksPerBudget`th whole interval; the first one may be cut short.
constexpr std::uint32_t kTicksPerBudget = 4;

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

class Setup {
 public:
  Setup(const SetupContext& context, std::span<std::byte> shared, const Doorbell& doorbell)
      : context_(context), response_(reinterpret_cast<Response*>(shared.data())) {
    shared_begin_ = address_of(doorbell.words());
    shared_bytes_ = address_of(shared.data()) + shared.size() - shared_begin_;
  }

  [[noreturn]] void run() {
    auto* plan = static_cast<Plan*>(map(sizeof(Plan)));
    plan->microsoft = context_.convention == jit::Convention::Microsoft;
    plan->has_avx2 = __builtin_cpu_supports("avx2") != 0;
    plan->strikes = kTicksPerBudget + 1;
    map_memory(*plan);
    move_shared_memory(*plan);
    set_up_signals();
    arm_timer();
    leave_restartable_sequences();
    plan->filter_length = build_filter(address_of(reinterpret_cast<void*>(&assay_native_after_syscall)), plan->filter);
    keep_program(*plan);
    require(mprotect(plan, sizeof(Plan), PROT_READ) == 0, SetupStep::Regions);
    assay_native_state.plan = plan;
    assay_native_continue_on(plan->worker_stack_top, assay_native_worker_main);
  }

 private:
  void require(bool ok, SetupStep step) {
    if (ok) return;
    response_->failed_step = step;
    response_->failed_errno = static_cast<std::uint32_t>(errno);
    _exit(kBrokenExit);
  }

  // A free place for up to 2 GiB with at least as much nothing behind it.
  std::uint64_t pick_address() {
    // One place per 4 GiB, above the first terabyte and below where programs are loaded.
    constexpr std::uint32_t kFirstSlot = 0x100;
    constexpr std::uint32_t kSlots = 0x5000 - kFirstSlot;
    constexpr std::uint64_t kPagesOfOffset = (1ULL << 31U) / kPageBytes;
    for (;;) {
      std::uint64_t random = 0;
      require(getrandom(&random, sizeof random, 0) == sizeof random, SetupStep::Regions);
      const std::uint64_t slot = kFirstSlot + (random & 0xFFFFFFFF) % kSlots;
      const bool taken = std::any_of(kept_.begin(), kept_.begin() + kept_count_,
                                     [&](const Range& range) { return range.begin >> 32U == slot; });
      if (!taken) return slot << 32U | (random >> 32U) % kPagesOfOffset * kPageBytes;
    }
  }

  void keep(std::uint64_t begin, std::uint64_t end) {
    errno = E2BIG;
    require(kept_count_ < kMaxKeptRanges, SetupStep::Regions);
    kept_[kept_count_++] = {begin, end};
  }

  void* map(std::size_t bytes, int protection = PROT_READ | PROT_WRITE, int descriptor = -1) {
    constexpr int kAttempts = 64;  // a sanitizer's shadow may own a part of the address space
    const int flags = MAP_FIXED_NOREPLACE | (descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const std::uint64_t hint = pick_address();
      void* at = mmap(reinterpret_cast<void*>(hint), bytes, protection, flags, descriptor, 0);
      if (address_of(at) == hint) {
        keep(hint, hint + (bytes + kPageBytes - 1) / kPageBytes * kPageBytes);
        return at;
      }
      require(at == MAP_FAILED && errno == EEXIST, SetupStep::Regions);
    }
    require(false, SetupStep::Regions);
    return nullptr;
  }

  Cells map_cells(std::uint32_t count) {
    auto* begin = static_cast<std::uint64_t*>(map(count * sizeof(std::uint64_t)));
    return {begin, begin + count};
  }

  void map_memory(Plan& plan) {
    plan.frames[0] = map_cells(kSmallCells);
    plan.frames[1] = map_cells(kLargeCells);
    plan.stacks[0] = map_cells(kSmallCells);
    plan.stacks[1] = map_cells(kLargeCells);
    plan.code = address_of(map(kCodeBytes, PROT_READ | PROT_EXEC, context_.code_descriptor));
    plan.machine_stack = address_of(map(kMachineStackBytes));
    plan.block_rsp = plan.machine_stack + kMachineStackBytes - kCallerBytes;
    plan.worker_stack_top = address_of(map(kWorkerStackBytes)) + kWorkerStackBytes;
    close(context_.code_descriptor);
  }

  // The owner's mapping lies among the libraries; a place of its own makes it as hard to hit as the rest.
  void move_shared_memory(Plan& plan) {
    constexpr int kAttempts = 64;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      // MREMAP_FIXED replaces what is there, so the place is reserved first.
      const std::uint64_t hint = pick_address();
      void* place = mmap(reinterpret_cast<void*>(hint), shared_bytes_, PROT_NONE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
      if (address_of(place) != hint) continue;
      void* moved = mremap(reinterpret_cast<void*>(shared_begin_), shared_bytes_, shared_bytes_,
                           MREMAP_MAYMOVE | MREMAP_FIXED, place);
      require(moved == place, SetupStep::SharedMemory);
      auto* bytes = static_cast<std::byte*>(moved);
      response_ = reinterpret_cast<Response*>(bytes + kWorkerControlBytes);
      auto* request = bytes + kWorkerControlBytes + kResponseBytes;
      require(mprotect(request, kRequestBytes, PROT_READ) == 0, SetupStep::SharedMemory);
      plan.doorbell = reinterpret_cast<DoorbellWords*>(bytes);
      plan.response = response_;
      plan.request = reinterpret_cast<const Request*>(request);
      keep(hint, hint + shared_bytes_);
      return;
    }
    require(false, SetupStep::SharedMemory);
  }

  // The kernel's own struct: the C library's sigaction would put its restorer, which the filter does not let through.
  struct KernelSigaction {
    void (*handler)();
    unsigned long flags;
    void (*restorer)();
    std::uint64_t mask;
  };

  void set_up_signals() {
    stack_t stack = {};
    stack.ss_sp = map(kSignalStackBytes);
    stack.ss_size = kSignalStackBytes;
    // With this flag the kernel starts at the top of the stack even when a block moved RSP into it.
    constexpr unsigned kAutoDisarm = 1U << 31U;
    stack.ss_flags = static_cast<int>(kAutoDisarm);
    require(::syscall(SYS_sigaltstack, &stack, nullptr) == 0, SetupStep::AlternateStack);
    constexpr unsigned long kRestorer = 0x04000000;
    const KernelSigaction action = {assay_native_signal_entry, SA_SIGINFO | SA_ONSTACK | kRestorer,
                                    assay_native_restorer, ~std::uint64_t{0}};
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGALRM}) {
      require(::syscall(SYS_rt_sigaction, signal, &action, nullptr, sizeof action.mask) == 0, SetupStep::Signals);
    }
  }

  // A clock of CPU time ticks only while code runs: an idle worker is left alone, and a busy machine blames nobody.
  void arm_timer() {
    sigevent event = {};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGALRM;
    int timer = 0;
    require(::syscall(SYS_timer_create, CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0, SetupStep::Timer);
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t interval = std::max<std::int64_t>(context_.cpu_budget.count() / kTicksPerBudget, 1'000'000);
    const timespec time = {static_cast<time_t>(interval / kSecond), static_cast<long>(interval % kSecond)};
    const itimerspec setting = {time, time};
    require(::syscall(SYS_timer_settime, timer, 0, &setting, nullptr) == 0, SetupStep::Timer);
  }

  // The kernel writes to the registered area whenever it reschedules this thread, and kills it when it cannot.
  void leave_restartable_sequences() {
    require(::syscall(SYS_set_robust_list, nullptr, 3 * sizeof(long)) == 0, SetupStep::RestartableSequences);
#ifdef RSEQ_SIG
    if (__rseq_size == 0) return;
    auto* area = static_cast<std::byte*>(__builtin_thread_pointer()) + __rseq_offset;
    constexpr int kUnregister = 1;
    // The length must be the registered one: that of the first version of the struct, or the size the C library tells.
    for (const unsigned length : {32U, __rseq_size}) {
      if (::syscall(SYS_rseq, area, length, kUnregister, RSEQ_SIG) == 0) return;
    }
    require(false, SetupStep::RestartableSequences);
#endif
  }

  void keep_program(Plan& plan) {
    const std::uint64_t state = address_of(&assay_native_state);
    bool state_kept = false;
    for (const Mapping& mapping : context_.program) {
      keep(mapping.begin, mapping.end);
      if (mapping.begin <= state && state < mapping.end) {
        state_kept = true;
        protect(plan, mapping.begin, state);
        protect(plan, state + sizeof(State), mapping.end);
      } else if (mapping.writable) {
        protect(plan, mapping.begin, mapping.end);
      }
    }
    if (!state_kept) keep(state, state + sizeof(State));
    std::sort(kept_.begin(), kept_.begin() + kept_count_,
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    std::copy_n(kept_.begin(), kept_count_, plan.kept);
    plan.kept_count = kept_count_;
  }

  void protect(Plan& plan, std::uint64_t begin, std::uint64_t end) {
    errno = E2BIG;
    require(plan.to_protect_count < kMaxKeptRanges, SetupStep::ReadOnlyData);
    if (begin < end) plan.to_protect[plan.to_protect_count++] = {begin, end};
  }

  const SetupContext& context_;
  Response* response_;
  std::uint64_t shared_begin_ = 0;
  std::size_t shared_bytes_ = 0;
  std::array<Range, kMaxKeptRanges> kept_{};
  std::uint32_t kept_count_ = 0;
};

}  // namespace

void run_native_worker(std::span<std::byte> shared, Doorbell& doorbell, const void* context) {
  Setup(*static_cast<const SetupContext*>(context), shared, doorbell).run();
}

}  // namespace assay::oracles::native
