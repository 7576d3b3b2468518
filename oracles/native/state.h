// State: everything the worker writes outside the memory of blocks, in one page; and Plan: everything it only reads.
//
// The page is the last writable one of the program's image once the sandbox is closed. The assembly reaches it relative
// to RIP, the signal handler by name.
//
// Tested by oracles/native/test/hostile_blocks_test.cc.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>

#include "oracles/native/protocol.h"
#include "oracles/native/state_offsets.h"
#include "oracles/process/doorbell.h"

namespace assay::oracles::native {

using Vector = std::uint64_t __attribute__((vector_size(16)));

// A range of addresses, as half-open as mmap's.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Memory of cells that lies before a hole in the address space; what is used of it is the end.
struct Cells {
  std::uint64_t* begin = nullptr;
  std::uint64_t* end = nullptr;
};

inline constexpr std::size_t kMaxKeptRanges = 64;
inline constexpr std::size_t kMaxFilterLength = 32;

struct Plan {
  // Memory of blocks. Index 0 is the small one.
  Cells frames[2];
  Cells stacks[2];
  std::uint64_t code = 0;
  std::uint64_t machine_stack = 0;  // its lowest address
  std::uint64_t block_rsp = 0;      // before the call; 16-byte aligned
  std::uint64_t worker_stack_top = 0;
  const Request* request = nullptr;
  Response* response = nullptr;
  DoorbellWords* doorbell = nullptr;
  bool microsoft = false;
  bool has_avx2 = false;
  std::uint32_t strikes = 0;  // ticks within one run that make it a runaway
  // For closing the sandbox. Sorted, disjoint.
  Range kept[kMaxKeptRanges];
  std::uint32_t kept_count = 0;
  Range to_protect[kMaxKeptRanges];  // made read-only
  std::uint32_t to_protect_count = 0;
  sock_filter filter[kMaxFilterLength];
  std::uint16_t filter_length = 0;
};

enum class Outcome : std::uint32_t { Returned, Faulted, Runaway };

struct alignas(ASSAY_STATE_BYTES) State {
  std::uint64_t registers_in[16];
  std::uint64_t registers_out[16];
  std::uint64_t entry;
  std::uint64_t worker_rsp;
  std::uint64_t flags_out;
  std::uint32_t mxcsr_out;
  std::uint16_t control_out;
  Vector vectors_in[16];
  Vector vectors_out[10];

  const Plan* plan;
  // Shared with the signal handler.
  volatile std::uint32_t in_block;
  volatile std::uint32_t run;  // counts all runs of this process
  std::uint32_t ticked_run;
  std::uint32_t ticks;
  Outcome outcome;
  std::uint64_t fault_rip;
  std::uint64_t fault_address;
  std::uint64_t fault_return_address;
  std::uint32_t fault_signal;
  std::uint32_t fault_trap_number;
  std::uint32_t fault_error_code;
};

static_assert(sizeof(State) == ASSAY_STATE_BYTES);
static_assert(offsetof(State, registers_in) == ASSAY_STATE_REGISTERS_IN);
static_assert(offsetof(State, registers_out) == ASSAY_STATE_REGISTERS_OUT);
static_assert(offsetof(State, entry) == ASSAY_STATE_ENTRY);
static_assert(offsetof(State, worker_rsp) == ASSAY_STATE_WORKER_RSP);
static_assert(offsetof(State, flags_out) == ASSAY_STATE_FLAGS_OUT);
static_assert(offsetof(State, mxcsr_out) == ASSAY_STATE_MXCSR_OUT);
static_assert(offsetof(State, control_out) == ASSAY_STATE_CONTROL_OUT);
static_assert(offsetof(State, vectors_in) == ASSAY_STATE_VECTORS_IN);
static_assert(offsetof(State, vectors_out) == ASSAY_STATE_VECTORS_OUT);

// The caller's frame above the return address: this many bytes of kCallerPattern, then a hole in the address space.
inline constexpr std::uint64_t kCallerBytes = 256;
inline constexpr std::uint64_t kShadowBytes = 32;  // of them, Microsoft's callee may use

}  // namespace assay::oracles::native

// trampoline.S
extern "C" {
[[gnu::visibility("hidden")]] extern assay::oracles::native::State assay_native_state;
[[gnu::visibility("hidden")]] void assay_native_call();
[[gnu::visibility("hidden")]] void assay_native_recovered();
[[gnu::visibility("hidden")]] void assay_native_signal_entry();
[[gnu::visibility("hidden")]] long assay_native_syscall(long number, long a, long b, long c, long d, long e, long f);
[[gnu::visibility("hidden")]] void assay_native_after_syscall();
[[gnu::visibility("hidden")]] void assay_native_restorer();
[[gnu::visibility("hidden")]] void assay_native_serialize();
[[noreturn, gnu::visibility("hidden")]] void assay_native_continue_on(std::uint64_t stack_top, void (*function)());
}
// worker.cc
extern "C" {
[[gnu::visibility("hidden")]] void assay_native_on_signal(int signal, void* info, void* context);
[[gnu::visibility("hidden")]] void assay_native_worker_main();
}
