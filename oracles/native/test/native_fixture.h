// What the tests of the native engine share: blocks from bytes, and a batch of one-input cases.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "oracles/native/native_engine.h"

namespace assay::oracles {

using Bytes = std::vector<std::uint8_t>;

// Appends `count` bytes of `value`, least significant first.
inline void append(Bytes& code, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) code.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline std::unique_ptr<NativeEngine> start_engine(jit::Convention convention, const NativeOptions& options = {}) {
  auto engine = NativeEngine::create(convention, options);
  if (!engine) {
    ADD_FAILURE() << engine.error().describe();
    std::abort();
  }
  return std::move(engine).value();
}

// Cases that own what they point to.
class Batch {
 public:
  explicit Batch(std::uint32_t stack_capacity = 2) : stack_capacity_(stack_capacity) {}

  void add(Bytes code, std::vector<Frame> inputs, std::uint32_t machine_stack_bytes = 0) {
    auto& entry = *entries_.emplace_back(std::make_unique<Entry>());
    entry.block.code = std::move(code);
    entry.block.machine_stack_bytes = machine_stack_bytes;
    entry.inputs = std::move(inputs);
    Case one;
    one.block = &entry.block;
    one.inputs = entry.inputs;
    one.stack_capacity = stack_capacity_;
    cases_.push_back(one);
  }
  void add_without_code(std::vector<Frame> inputs) {
    add({}, std::move(inputs));
    cases_.back().block = nullptr;
  }

  const std::vector<Run>& run(Engine& engine) {
    const auto done = engine.run(cases_, runs_);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().describe());
    return runs_;
  }

 private:
  struct Entry {
    jit::CompiledBlock block;
    std::vector<Frame> inputs;
  };
  std::uint32_t stack_capacity_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<Case> cases_;
  std::vector<Run> runs_;
};

// A block that stores slot 0 + 1 in slot 1 and pushes slot 0: what must still work after a hostile one.
inline Bytes good_block(jit::Convention convention) {
  if (convention == jit::Convention::SystemV) {
    // mov rax, [rdi]; mov [rsi + 8*rdx], rax; inc rax; mov [rdi + 8], rax; lea rax, [rdx + 1]; ret
    return {0x48, 0x8B, 0x07, 0x48, 0x89, 0x04, 0xD6, 0x48, 0xFF, 0xC0,
            0x48, 0x89, 0x47, 0x08, 0x48, 0x8D, 0x42, 0x01, 0xC3};
  }
  // mov rax, [rcx]; mov [rdx + 8*r8], rax; inc rax; mov [rcx + 8], rax; lea rax, [r8 + 1]; ret
  return {0x48, 0x8B, 0x01, 0x4A, 0x89, 0x04, 0xC2, 0x48, 0xFF, 0xC0,
          0x48, 0x89, 0x41, 0x08, 0x49, 0x8D, 0x40, 0x01, 0xC3};
}

inline void expect_good(const Run& run, std::uint64_t slot0) {
  EXPECT_EQ(run.end, RunEnd::Finished) << name(run.end) << ", " << name(run.fault.kind);
  EXPECT_EQ(run.violations, Violation::None) << name(run.violations);
  EXPECT_EQ(run.frame, (std::vector<std::uint64_t>{slot0, slot0 + 1}));
  EXPECT_EQ(run.stack, std::vector<std::uint64_t>{slot0});
}

}  // namespace assay::oracles
