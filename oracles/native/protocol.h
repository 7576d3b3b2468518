// What the native engine and its worker hand each other through shared memory.
//
// The request (what to run) is read-only for the worker, so that no block can rewrite the work of another. The response
// is written by the worker next to code that may be hostile: the engine checks every field before it uses it. Offsets
// count from the start of the array they index.
//
// Tested by oracles/native/test/native_engine_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/ast/limits.h"

namespace assay::oracles::native {

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::uint32_t kMaxRuns = 4096;               // per turn
inline constexpr std::uint32_t kInputCells = 1U << 18U;       // frames handed over per turn, all together
inline constexpr std::uint32_t kOutputCells = 1U << 18U;      // frames and operand stacks handed back
inline constexpr std::uint32_t kCodeBytes = 4U << 20U;        // code of one turn
inline constexpr std::uint32_t kSmallCells = kPageBytes / 8;  // frames and operand stacks up to here live in one page
inline constexpr std::uint32_t kLargeCells = ast::kMaxSlots;  // ... and up to here in several
inline constexpr std::uint32_t kMachineStackBytes = 1U << 20U;
inline constexpr std::uint32_t kMaxBlockStackBytes = kMachineStackBytes - (64U << 10U);
static_assert(kLargeCells % kSmallCells == 0 && ast::kMaxPushes <= kLargeCells);

// One execution.
struct RunRequest {
  std::uint32_t code = 0;         // byte offset of the block
  std::uint32_t stack_bytes = 0;  // of machine stack the block uses, for poisoning it
  std::uint32_t slots = 0;
  std::uint32_t capacity = 0;  // cells of operand stack
  std::uint32_t input = 0;     // cell offset of the frame's values
  std::uint32_t output = 0;    // cell offset of slots + capacity cells
};

struct Request {
  std::uint32_t sequence = 0;  // of the turn; copied into every reply
  std::uint32_t first = 0;     // run to begin with: not 0 when an earlier worker died in the same turn
  std::uint32_t count = 0;     // of runs
  RunRequest runs[kMaxRuns];
  std::uint64_t inputs[kInputCells];
};

enum class ReplyEnd : std::uint8_t { None, Returned, Faulted, Runaway };

struct RunReply {
  std::uint32_t sequence = 0;
  ReplyEnd end = ReplyEnd::None;
  std::uint8_t register_number = 0;
  std::uint16_t violations = 0;      // bits of oracles::Violation
  std::uint64_t result = 0;          // RAX; Returned only
  std::uint64_t rip = 0;             // relative to the start of the code, wrapping; Faulted and Runaway
  std::uint64_t address = 0;         // accessed, as the CPU or the kernel told it; Faulted only
  std::uint64_t return_address = 0;  // the cell at RSP, relative like `rip`; all ones when RSP was outside the stack
  std::uint32_t signal = 0;
  std::uint32_t trap_number = 0;  // of the exception (Intel SDM 3A, table 6-1)
  std::uint32_t error_code = 0;   // of a page fault (Intel SDM 3A, figure 4-12)
};

// Steps of the worker's set-up, for the message when one fails.
enum class SetupStep : std::uint32_t {
  None,
  Regions,
  SharedMemory,
  AlternateStack,
  Signals,
  Timer,
  RestartableSequences,
  ReadOnlyData,
  Unmapping,
  ThreadPointer,
  Seccomp,
};

// In Response::current before the worker began with the first run.
inline constexpr std::uint32_t kNoRun = 0xFFFFFFFFU;

struct Response {
  SetupStep failed_step = SetupStep::None;
  std::uint32_t failed_errno = 0;
  std::uint32_t current = 0;  // the run being executed, so that a dead worker is blamed on it; or kNoRun
  RunReply replies[kMaxRuns];
  std::uint64_t outputs[kOutputCells];
};

// The shared region: the response, then the request on pages of its own.
inline constexpr std::size_t kResponseBytes = (sizeof(Response) + kPageBytes - 1) / kPageBytes * kPageBytes;
inline constexpr std::size_t kRequestBytes = (sizeof(Request) + kPageBytes - 1) / kPageBytes * kPageBytes;
inline constexpr std::size_t kSharedBytes = kResponseBytes + kRequestBytes;

}  // namespace assay::oracles::native
