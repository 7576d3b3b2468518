// What every instruction form does, as the project assumes it: registers, memory and flags after it, and the faults it
// raises.
//
// Written from the Intel SDM, volume 2, instruction by instruction, and on purpose with arithmetic of its own: nothing
// here is shared with the interpreter, the optimizer, the JIT or the SMT encoding. A form without a case does not
// compile. What the manual leaves undefined is said to be so, bit by bit, so that two CPUs may differ there and nowhere
// else.
//
// Tested by oracles/instructions/test/semantics_test.cc, and on the CPU itself by check_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/x64/form.h"
#include "core/x64/operand.h"

namespace assay::oracles::instructions {

struct Instruction {
  x64::Form form = x64::Form::Ud2;
  std::array<x64::Operand, 3> operands;  // as in x64::FormInfo::operands
};

// The arithmetic flags, at their places in EFLAGS (Intel SDM 1, section 3.4.3).
inline constexpr std::uint64_t kCarry = 1U << 0;
inline constexpr std::uint64_t kParity = 1U << 2;
inline constexpr std::uint64_t kAdjust = 1U << 4;
inline constexpr std::uint64_t kZero = 1U << 6;
inline constexpr std::uint64_t kSign = 1U << 7;
inline constexpr std::uint64_t kOverflow = 1U << 11;
inline constexpr std::uint64_t kAllFlags = kCarry | kParity | kAdjust | kZero | kSign | kOverflow;

// By register number: what implicit operands use.
inline constexpr std::size_t kRax = 0;
inline constexpr std::size_t kRcx = 1;
inline constexpr std::size_t kRdx = 2;
inline constexpr std::size_t kRsp = 4;
inline constexpr std::size_t kRdi = 7;

// Bytes that the instruction may touch. There are two such places: one in the frame, one on the machine stack.
inline constexpr std::size_t kWindowCells = 6;
struct Window {
  std::uint64_t address = 0;
  std::array<std::uint64_t, kWindowCells> cells{};

  friend bool operator==(const Window&, const Window&) = default;
};

struct State {
  std::array<std::uint64_t, 16> registers{};
  std::uint64_t flags = 0;  // a set of the above
  Window frame;
  Window stack;

  friend bool operator==(const State&, const State&) = default;
};

enum class Ending : std::uint8_t {
  Done,
  DivideError,    // #DE
  InvalidOpcode,  // #UD
  OutsideMemory,  // an access that leaves both windows: the drawn case was no case
  NotModelled,    // see why_not_run
};

struct Effect {
  Ending ending = Ending::Done;
  State after;
  std::uint64_t undefined_flags = 0;
  // A register whose value the manual leaves undefined (a bit scan of zero); `after` then holds what AMD documents.
  std::optional<std::uint8_t> undefined_register;
};

// A branch is run in front of an instruction that stores kNotTaken at RSP + kMarkPlace, and its target is behind that.
inline constexpr std::uint8_t kMarkPlace = 0x20;
inline constexpr std::uint8_t kNotTaken = 0x5A;
[[nodiscard]] constexpr bool is_branch(x64::Form form) {
  return form == x64::Form::JmpRel8 || form == x64::Form::JmpRel32 || form == x64::Form::JccRel8 ||
         form == x64::Form::JccRel32;
}

// One instruction from one state. Precondition: the operands' kinds are the form's.
[[nodiscard]] Effect execute(const Instruction& instruction, const State& before);

// Why the form is not run on its own, in a sentence; none when it is.
[[nodiscard]] std::optional<std::string_view> why_not_run(x64::Form form);

// Whether the form may raise an exception when all its memory is there.
[[nodiscard]] bool may_fault(x64::Form form);

}  // namespace assay::oracles::instructions
