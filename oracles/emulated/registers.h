// The registers a block starts with, and the rules about those it returns with.
//
// Callee-saved registers hold canaries, all others poison; the arithmetic flags are all set, because nothing may be
// assumed of them, and DF is clear, because everything may. Nothing here knows of Unicorn.
//
// Tested by oracles/emulated/test/registers_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/jit/convention.h"
#include "oracles/run.h"

namespace assay::oracles::emulated {

inline constexpr std::size_t kRspNumber = 4;

struct Vector {
  std::array<std::uint64_t, 2> half{};
  friend bool operator==(const Vector&, const Vector&) = default;
};

struct RegisterFile {
  std::array<std::uint64_t, 16> general{};  // by architectural number
  std::array<Vector, 16> vector{};
  std::uint64_t flags = 0;
  std::uint32_t mxcsr = 0;
  std::uint16_t x87_control = 0;
};

struct Arguments {
  std::uint64_t frame = 0;
  std::uint64_t stack = 0;
  std::uint64_t stack_index = 0;
};

// By architectural number, in order.
[[nodiscard]] std::span<const std::uint8_t> saved_registers(jit::Convention convention);
// Numbers of XMM registers from the first to 15 are callee-saved; 16 when none is.
[[nodiscard]] std::size_t first_saved_vector(jit::Convention convention);
// The numbers of the registers the three arguments are in.
[[nodiscard]] std::array<std::uint8_t, 3> argument_registers(jit::Convention convention);

// The state at the first instruction.
[[nodiscard]] RegisterFile entry_registers(jit::Convention convention, std::uint64_t rsp, const Arguments& arguments);

struct RegisterVerdict {
  Violation violations = Violation::None;
  std::uint8_t register_number = 0;  // of the first wrong callee-saved register, else of the first wrong XMM register
};

// What a block that started with `entry` and came back with `now` did wrong.
[[nodiscard]] RegisterVerdict check_registers(jit::Convention convention, const RegisterFile& entry,
                                              const RegisterFile& now);

}  // namespace assay::oracles::emulated
