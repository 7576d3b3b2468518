// Run: what one engine observed of one program on one input, in terms that every engine can fill in.
//
// An interpreter knows more than a compiled block can tell and less about the machine; fields an engine cannot know
// keep their defaults, and `compare` (compare.h) looks only at what both sides know.
//
// Tested by oracles/test/compare_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/ast/trap.h"
#include "core/interp/outcome.h"

namespace assay::oracles {

enum class RunEnd : std::uint8_t {
  NotRun,      // see `skip`
  Finished,    // completed or returned
  Trapped,     // with `trap`
  OutOfFuel,   // interpreter only
  Fault,       // the CPU or the emulator raised one: see `fault`
  Runaway,     // stopped by the engine's own limit
  ProcessDied  // the process around the code did not survive: see `fault` for what is known
};

enum class SkipReason : std::uint8_t {
  None,
  OutOfFuel,           // the interpreter gave up, so there is nothing to compare with
  NotScalar,           // the program prints, which only the interpreter and the tiered executor do
  UnsupportedFeature,  // the engine cannot run an instruction the code uses
  TooLarge,            // code, frame, operand stack or machine stack beyond the engine's memory
  InTime,              // the interpreter finished it, so nobody needs a longer run
  AlreadyConvicted,    // an earlier oracle found the code guilty, so it was not run on the CPU
  NotSampled,          // the oracle judges a sample of the programs, and this one is not in it
  NothingToRewrite,    // no rewrite of the metamorphic oracle applies
  NoPasses,            // its pipeline is empty
};
inline constexpr std::size_t kSkipReasonCount = 10;

enum class FaultKind : std::uint8_t {
  None,
  ReadMemory,  // a load outside what the block may touch
  WriteMemory,
  ExecuteMemory,  // a jump out of the code
  Arithmetic,     // #DE
  IllegalInstruction,
  Breakpoint,
  SystemCall,  // the block tried to enter the kernel
  Other,
};

// What a block did against the rules of its calling convention, or to memory that is not its own. A set of bits.
enum class Violation : std::uint16_t {
  None = 0,
  CalleeSavedRegister = 1 << 0,  // see `register_number`
  StackPointer = 1 << 1,         // RSP after the return is not what it was before the call
  StackRange = 1 << 2,           // RSP was seen above its value at entry
  CallerStack = 1 << 3,          // bytes above the return address changed (beyond Microsoft's 32 bytes of shadow space)
  DirectionFlag = 1 << 4,
  ControlState = 1 << 5,    // MXCSR, the x87 control word or the alignment-check flag changed
  VectorRegister = 1 << 6,  // one of XMM6-15 under the Microsoft convention
  BeyondFrame = 1 << 7,     // bytes beside the frame changed
  BeyondStack = 1 << 8,     // bytes beside the operand stack, or cells from the returned index on, changed
  Result = 1 << 9,          // neither a possible stack index nor a trap kind
};

[[nodiscard]] constexpr Violation operator|(Violation a, Violation b) {
  return static_cast<Violation>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
[[nodiscard]] constexpr bool has(Violation set, Violation one) {
  return (static_cast<std::uint16_t>(set) & static_cast<std::uint16_t>(one)) != 0;
}

inline constexpr std::uint32_t kUnknownOffset = 0xFFFFFFFFU;

struct Fault {
  FaultKind kind = FaultKind::None;
  std::uint32_t code_offset = kUnknownOffset;  // of the instruction, where it is known and inside the code
  std::uint64_t address = 0;                   // accessed or jumped to, relative to nothing: for people only
};

struct Run {
  RunEnd end = RunEnd::NotRun;
  SkipReason skip = SkipReason::None;
  ast::TrapKind trap = ast::TrapKind::None;
  bool knows_returned = false;  // interpreters only: whether `returned` means anything
  bool returned = false;
  // False when a compiled block trapped: its result tells the trap and not the depth. `stack` then holds every cell of
  // the operand stack, and those below the reference's depth can still be compared.
  bool knows_depth = true;
  std::int64_t result = 0;           // compiled blocks: RAX as it came back
  std::vector<std::uint64_t> frame;  // whole cells, as in interp::Outcome
  std::vector<std::uint64_t> stack;
  std::vector<interp::Printed> printed;  // interpreters only
  Violation violations = Violation::None;
  std::uint8_t register_number = 0;  // of the first wrong callee-saved or vector register
  Fault fault;

  // Back to the default state, keeping the vectors' memory.
  void reset();
};

[[nodiscard]] std::string_view name(RunEnd end);
[[nodiscard]] std::string_view name(SkipReason reason);
[[nodiscard]] std::string_view name(FaultKind kind);
[[nodiscard]] std::string_view name(Violation one);

}  // namespace assay::oracles
