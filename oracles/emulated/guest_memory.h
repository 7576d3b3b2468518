// GuestMemory: the memory an emulated block sees, and the evidence of what it did to it.
//
// Five islands in an empty address space, far from each other and all above 4 GiB, so that a truncated or absolute
// address hits nothing:
//
//   code           RX   at a fixed address, padded with int3
//   frame          RW   its end flush against unmapped memory; patterned bytes in front of it
//   operand stack  RW   its end flush against unmapped memory; patterned bytes in front of it
//   machine stack  RW   the caller's patterned frame above the return address; unmapped memory on both sides
//   return page    RX   what the return address points to; nothing in it is ever executed
//
// The host's side of the islands is plain memory that the emulator maps as it is: filling and checking it costs no
// call. Nothing here knows of Unicorn.
//
// Tested by oracles/emulated/test/guest_memory_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/ast/limits.h"
#include "core/base/result.h"
#include "core/jit/convention.h"
#include "oracles/run.h"

namespace assay::oracles::emulated {

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kCodeBytes = 1U << 20;
inline constexpr std::size_t kMachineStackBytes = 1U << 20;
inline constexpr std::size_t kCallerBytes = 512 + 8;  // of the caller's frame, the return address included
inline constexpr std::size_t kCellAreaBytes = std::size_t{ast::kMaxSlots} * 8 + kPageBytes;
static_assert(ast::kMaxPushes <= ast::kMaxSlots);
// The part of the machine stack a block may use: what is left below the caller's frame and the widest red zone.
inline constexpr std::size_t kMaxBlockStackBytes = kMachineStackBytes - kCallerBytes - 2 * kPageBytes;

inline constexpr std::uint64_t kReturnAddress = 0x6E10'0090'0800ULL;

// What a block needs beside its code.
struct BlockShape {
  std::uint32_t frame_cells = 0;          // at most ast::kMaxSlots
  std::uint32_t stack_cells = 0;          // at most ast::kMaxPushes
  std::uint32_t machine_stack_bytes = 0;  // at most kMaxBlockStackBytes
};

// One island: guest addresses [end - mapped, end), and the host memory behind the whole of it.
struct Area {
  std::uint64_t end = 0;         // guest address
  std::uint8_t* host = nullptr;  // of the first byte of the whole capacity
  std::size_t capacity = 0;
  std::size_t mapped = 0;  // at the end of the capacity; whole pages

  [[nodiscard]] std::uint64_t begin() const { return end - mapped; }
  [[nodiscard]] std::uint8_t* host_begin() const { return host + (capacity - mapped); }
  [[nodiscard]] std::uint8_t* host_end() const { return host + capacity; }
};

class GuestMemory {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<GuestMemory>> create(jit::Convention convention);
  ~GuestMemory();
  GuestMemory(const GuestMemory&) = delete;
  GuestMemory& operator=(const GuestMemory&) = delete;

  [[nodiscard]] static bool fits(std::size_t code_bytes, const BlockShape& shape);

  // Puts the code in place and sizes the areas. Precondition: fits().
  void load(std::span<const std::uint8_t> code, const BlockShape& shape);
  // The state before a run: the operand stack holds kUnusedStackCell. Precondition: `frame` has the shape's
  // frame_cells.
  void prepare(std::span<const std::uint64_t> frame);
  // What changed beside the block's own memory; puts the patterns back.
  [[nodiscard]] Violation check_and_restore();

  // Overwrites what the convention calls volatile below `rsp`, as a signal handler might at any time: code that keeps
  // data there computes nonsense.
  void clobber_below(std::uint64_t rsp);

  [[nodiscard]] std::uint64_t frame_pointer() const { return frame_.end - 8ULL * shape_.frame_cells; }
  [[nodiscard]] std::uint64_t stack_pointer() const { return stack_.end - 8ULL * shape_.stack_cells; }
  // RSP at the first instruction; points to the return address, 8 below a multiple of 16.
  [[nodiscard]] std::uint64_t entry_rsp() const { return machine_.end - kCallerBytes; }
  [[nodiscard]] std::span<const std::uint64_t> frame() const;
  [[nodiscard]] std::span<const std::uint64_t> stack() const;

  [[nodiscard]] const Area& code_area() const { return code_; }
  [[nodiscard]] const Area& frame_area() const { return frame_; }
  [[nodiscard]] const Area& stack_area() const { return stack_; }
  [[nodiscard]] const Area& machine_area() const { return machine_; }
  [[nodiscard]] const Area& return_area() const { return return_; }
  [[nodiscard]] std::size_t code_bytes() const { return code_bytes_; }
  // Whether `address` is an address of the loaded code.
  [[nodiscard]] bool in_code(std::uint64_t address) const {
    return address >= code_.begin() && address < code_.begin() + code_bytes_;
  }

 private:
  explicit GuestMemory(jit::Convention convention);

  // The bytes of the area that are not the block's (all but the last `owned`) against the pattern.
  bool beside_changed(const Area& area, std::size_t owned);

  jit::Convention convention_;
  std::uint8_t* host_ = nullptr;  // one mapping for everything
  const std::uint8_t* pattern_ = nullptr;
  Area code_;
  Area frame_;
  Area stack_;
  Area machine_;
  Area return_;
  BlockShape shape_;
  std::size_t code_bytes_ = 0;
};

}  // namespace assay::oracles::emulated
