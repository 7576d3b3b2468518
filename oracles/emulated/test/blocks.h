// Hand-assembled blocks and a small harness for the emulator's tests: bytes in, one Observation out.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "oracles/emulated/emulator.h"

namespace assay::oracles::emulated {

// Code under construction; each call appends bytes.
class Bytes {
 public:
  Bytes() = default;
  Bytes(std::initializer_list<int> bytes) { add(bytes); }

  Bytes& add(std::initializer_list<int> bytes) {
    for (const int byte : bytes) code_.push_back(static_cast<std::uint8_t>(byte));
    return *this;
  }
  Bytes& imm32(std::uint32_t value) {
    for (int i = 0; i < 4; ++i) code_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  Bytes& imm64(std::uint64_t value) {
    return imm32(static_cast<std::uint32_t>(value)).imm32(static_cast<std::uint32_t>(value >> 32));
  }
  Bytes& nops(std::size_t count) {
    code_.insert(code_.end(), count, 0x90);
    return *this;
  }
  // mov eax, value; ret
  Bytes& give(std::uint32_t value) { return add({0xB8}).imm32(value).add({0xC3}); }

  [[nodiscard]] const std::vector<std::uint8_t>& code() const { return code_; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(code_.size()); }

 private:
  std::vector<std::uint8_t> code_;
};

// The ModR/M byte that addresses [frame pointer + disp8] or [operand stack + disp8] with `reg` in its middle.
constexpr int modrm_frame(jit::Convention convention, int reg) {
  return (convention == jit::Convention::SystemV ? 0x47 : 0x41) | reg << 3;  // [rdi + disp8], [rcx + disp8]
}
constexpr int modrm_stack(jit::Convention convention, int reg) {
  return (convention == jit::Convention::SystemV ? 0x46 : 0x42) | reg << 3;  // [rsi + disp8], [rdx + disp8]
}

// An emulator, and runs of blocks on it that insist on the harness itself not failing.
class Bench {
 public:
  explicit Bench(jit::Convention convention, const EmulatorOptions& options = {}) {
    auto created = Emulator::create(convention, options);
    if (created) {
      emulator_ = std::move(created).value();
    } else {
      ADD_FAILURE() << created.error().describe();
    }
  }

  Observation run(const Bytes& block, const std::vector<std::uint64_t>& frame = {}, std::uint32_t stack_cells = 0,
                  std::uint32_t machine_stack_bytes = 256) {
    const BlockShape shape{static_cast<std::uint32_t>(frame.size()), stack_cells, machine_stack_bytes};
    if (auto loaded = emulator_->load(block.code(), shape); !loaded) {
      ADD_FAILURE() << loaded.error().describe();
      return {};
    }
    return again(frame);
  }

  // The loaded block once more.
  Observation again(const std::vector<std::uint64_t>& frame) {
    auto seen = emulator_->run(frame);
    if (!seen) {
      ADD_FAILURE() << seen.error().describe();
      return {};
    }
    return *seen;
  }

  [[nodiscard]] Emulator& emulator() { return *emulator_; }
  [[nodiscard]] std::vector<std::uint64_t> frame() const {
    return {emulator_->frame().begin(), emulator_->frame().end()};
  }
  [[nodiscard]] std::vector<std::uint64_t> stack() const {
    return {emulator_->stack().begin(), emulator_->stack().end()};
  }

 private:
  std::unique_ptr<Emulator> emulator_;
};

inline std::string convention_test_name(const testing::TestParamInfo<jit::Convention>& parameter) {
  return parameter.param == jit::Convention::SystemV ? "SystemV" : "Microsoft";
}

}  // namespace assay::oracles::emulated
