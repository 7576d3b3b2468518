// CodeMemory: pooled memory for generated code, never writable and executable through one view.
//
// One memfd is mapped twice: code is written through a read-write view and runs from a read-execute view, so no page
// changes its protection after set-up (an mprotect flip per program costs fifty times a write). Guard pages stand on
// both sides of both views. The view that runs is near the program's own code where there is room, because calls to far
// code are slow.
//
// Tested by core/jit/test/code_memory_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/result.h"

namespace assay::jit {

class CodeMemory {
 public:
  // `capacity` is rounded up to whole pages.
  [[nodiscard]] static base::Result<CodeMemory> create(std::size_t capacity);

  CodeMemory(CodeMemory&& other) noexcept;
  CodeMemory& operator=(CodeMemory&& other) noexcept;
  CodeMemory(const CodeMemory&) = delete;
  CodeMemory& operator=(const CodeMemory&) = delete;
  ~CodeMemory();

  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t used() const { return used_; }

  // Copies `code` in, aligned to a cache line, and gives the address it runs at; null when it does not fit or is empty.
  [[nodiscard]] const void* add(std::span<const std::uint8_t> code);
  // Gives all memory back to the pool and overwrites it with int3. Nothing from it may be called again.
  void reset();

 private:
  CodeMemory() = default;
  void release() noexcept;

  std::uint8_t* writable_ = nullptr;
  const std::uint8_t* executable_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

}  // namespace assay::jit
