// The memory of an emulated block; see guest_memory.h. Tested by oracles/emulated/test/guest_memory_test.cc.
#include "oracles/emulated/guest_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "oracles/block_result.h"

namespace assay::oracles::emulated {
namespace {

// Nothing but unmapped memory for terabytes around each.
constexpr std::uint64_t kCodeAddress = 0x3A5C'0040'0000ULL;
constexpr std::uint64_t kFrameEnd = 0x5B3D'0081'0000ULL;
constexpr std::uint64_t kStackEnd = 0x4D27'0072'0000ULL;
constexpr std::uint64_t kMachineEnd = 0x7C41'0063'0000ULL;
constexpr std::uint64_t kReturnPage = kReturnAddress & ~std::uint64_t{kPageBytes - 1};

constexpr std::uint8_t kInt3 = 0xCC;
// Stands for what a signal handler leaves behind. Differs from what the native engine's memory holds, so that a block
// that reads what it never wrote gives the two engines different answers.
constexpr std::uint8_t kStackPoison = 0xB6;
constexpr std::size_t kClobberedDepth = 256;  // below RSP, the red zone left out

// A frame or operand stack that leaves this much of one page to the pattern gets by with that page, which makes a wild
// write near it a fault and the check of its surroundings cheap.
constexpr std::size_t kSmallAreaOwned = kPageBytes - 1024;

constexpr std::size_t kTotalBytes = kCodeBytes + 2 * kCellAreaBytes + kMachineStackBytes + kPageBytes + kCellAreaBytes;

// System V reserves 128 bytes below RSP for the function itself (psABI 3.2.2); Microsoft none.
constexpr std::size_t red_zone(jit::Convention convention) { return convention == jit::Convention::SystemV ? 128 : 0; }
// Microsoft lends the callee 32 bytes above the return address ("shadow space").
constexpr std::size_t lent_bytes(jit::Convention convention) {
  return convention == jit::Convention::SystemV ? 8 : 8 + 32;
}

void fill_pattern(std::uint8_t* bytes, std::size_t count) {
  std::uint32_t state = 0x9E3779B9U;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    bytes[i] = static_cast<std::uint8_t>(state >> 24);
  }
}

std::size_t mapped_for(std::size_t owned) { return owned <= kSmallAreaOwned ? kPageBytes : kCellAreaBytes; }

}  // namespace

GuestMemory::GuestMemory(jit::Convention convention) : convention_(convention) {}

GuestMemory::~GuestMemory() {
  if (host_ != nullptr) munmap(host_, kTotalBytes);
}

base::Result<std::unique_ptr<GuestMemory>> GuestMemory::create(jit::Convention convention) {
  void* host = mmap(nullptr, kTotalBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (host == MAP_FAILED) return base::system_error("cannot map the emulator's memory", errno);
  std::unique_ptr<GuestMemory> memory(new GuestMemory(convention));
  memory->host_ = static_cast<std::uint8_t*>(host);
  std::uint8_t* next = memory->host_;
  const auto take = [&next](std::size_t bytes) {
    std::uint8_t* taken = next;
    next += bytes;
    return taken;
  };
  memory->code_ = {kCodeAddress + kCodeBytes, take(kCodeBytes), kCodeBytes, kCodeBytes};
  memory->frame_ = {kFrameEnd, take(kCellAreaBytes), kCellAreaBytes, kPageBytes};
  memory->stack_ = {kStackEnd, take(kCellAreaBytes), kCellAreaBytes, kPageBytes};
  memory->machine_ = {kMachineEnd, take(kMachineStackBytes), kMachineStackBytes, kMachineStackBytes};
  memory->return_ = {kReturnPage + kPageBytes, take(kPageBytes), kPageBytes, kPageBytes};

  // One pattern serves every area: the byte at a given distance from an area's end is the same in all.
  std::uint8_t* pattern = take(kCellAreaBytes);
  fill_pattern(pattern, kCellAreaBytes);
  memory->pattern_ = pattern;
  std::memset(memory->code_.host, kInt3, kCodeBytes);
  std::memset(memory->return_.host, kInt3, kPageBytes);
  std::memcpy(memory->frame_.host, pattern, kCellAreaBytes);
  std::memcpy(memory->stack_.host, pattern, kCellAreaBytes);
  std::memcpy(memory->machine_.host_end() - kCallerBytes, pattern + kCellAreaBytes - kCallerBytes, kCallerBytes);
  return memory;
}

bool GuestMemory::fits(std::size_t code_bytes, const BlockShape& shape) {
  return code_bytes <= kCodeBytes - kPageBytes && shape.frame_cells <= ast::kMaxSlots &&
         shape.stack_cells <= ast::kMaxPushes && shape.machine_stack_bytes <= kMaxBlockStackBytes;
}

void GuestMemory::load(std::span<const std::uint8_t> code, const BlockShape& shape) {
  if (!code.empty()) std::memcpy(code_.host, code.data(), code.size());
  if (code.size() < code_bytes_) std::memset(code_.host + code.size(), kInt3, code_bytes_ - code.size());
  code_bytes_ = code.size();

  // What the last block owned belongs to the pattern again.
  const auto give_back = [this](Area& area, std::size_t owned) {
    std::memcpy(area.host_end() - owned, pattern_ + kCellAreaBytes - owned, owned);
  };
  give_back(frame_, 8ULL * shape_.frame_cells);
  give_back(stack_, 8ULL * shape_.stack_cells);
  shape_ = shape;
  frame_.mapped = mapped_for(8ULL * shape.frame_cells);
  stack_.mapped = mapped_for(8ULL * shape.stack_cells);
}

void GuestMemory::prepare(std::span<const std::uint64_t> frame) {
  const std::size_t frame_bytes = 8ULL * shape_.frame_cells;
  if (frame_bytes != 0) std::memcpy(frame_.host_end() - frame_bytes, frame.data(), frame_bytes);
  for (std::size_t i = 1; i <= shape_.stack_cells; ++i) {
    std::memcpy(stack_.host_end() - 8 * i, &kUnusedStackCell, sizeof kUnusedStackCell);
  }

  std::uint8_t* entry = machine_.host_end() - kCallerBytes;
  const std::size_t below = shape_.machine_stack_bytes + kPageBytes;
  std::memset(entry - below, kStackPoison, below);
  const std::uint64_t return_address = kReturnAddress;
  std::memcpy(entry, &return_address, sizeof return_address);
  if (convention_ == jit::Convention::Microsoft) std::memset(entry + 8, kStackPoison, 32);
}

bool GuestMemory::beside_changed(const Area& area, std::size_t owned) {
  const std::size_t beside = area.mapped - owned;
  const std::uint8_t* pattern = pattern_ + (kCellAreaBytes - area.mapped);
  if (std::memcmp(area.host_begin(), pattern, beside) == 0) return false;
  std::memcpy(area.host_begin(), pattern, beside);
  return true;
}

Violation GuestMemory::check_and_restore() {
  Violation found = Violation::None;
  if (beside_changed(frame_, 8ULL * shape_.frame_cells)) found = found | Violation::BeyondFrame;
  if (beside_changed(stack_, 8ULL * shape_.stack_cells)) found = found | Violation::BeyondStack;

  const std::size_t callers = kCallerBytes - lent_bytes(convention_);
  std::uint8_t* caller = machine_.host_end() - callers;
  const std::uint8_t* pattern = pattern_ + kCellAreaBytes - callers;
  if (std::memcmp(caller, pattern, callers) != 0) {
    std::memcpy(caller, pattern, callers);
    found = found | Violation::CallerStack;
  }
  return found;
}

void GuestMemory::clobber_below(std::uint64_t rsp) {
  // Blocks may move RSP anywhere; only their own machine stack is ever touched here.
  if (rsp < machine_.begin() + kClobberedDepth || rsp > entry_rsp()) return;
  std::uint8_t* host = machine_.host_end() - (machine_.end - rsp);
  std::memset(host - kClobberedDepth, kStackPoison, kClobberedDepth - red_zone(convention_));
}

std::span<const std::uint64_t> GuestMemory::frame() const {
  // The areas are page-aligned, and so are cells counted from their end.
  const void* first = frame_.host_end() - 8ULL * shape_.frame_cells;
  return {static_cast<const std::uint64_t*>(first), shape_.frame_cells};
}

std::span<const std::uint64_t> GuestMemory::stack() const {
  const void* first = stack_.host_end() - 8ULL * shape_.stack_cells;
  return {static_cast<const std::uint64_t*>(first), shape_.stack_cells};
}

}  // namespace assay::oracles::emulated
