// Allocation: each virtual register gets one place for its whole life, a register or memory.
//
// A linear scan over the LIR (Poletto and Sarkar, "Linear Scan Register Allocation", 1999), without splitting:
// what lives into a loop lives to its end, and an interval has at most one hole (intervals.h). When registers run out,
// the interval with the fewest weighted uses per instruction goes to memory: a frame slot to its own cell, anything
// else to a spill slot. Programs are never refused. The time is linear in the code but for the numbering of spill
// slots, n log n.
//
// Tested by core/jit/test/allocate_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/jit/intervals.h"
#include "core/jit/lir.h"
#include "core/x64/registers.h"

namespace assay::jit {

enum class Place : std::uint8_t {
  Nowhere,   // never used
  Register,  // `reg`
  Frame,     // the cell of frame slot `index`
  Spill,     // spill slot `index`, 8 bytes each
};

struct Location {
  Place place = Place::Nowhere;
  x64::RegId reg = x64::RegId::Rax;
  std::uint32_t index = 0;

  friend bool operator==(const Location&, const Location&) = default;
};

struct Allocation {
  std::vector<Location> locations;  // by virtual register
  std::vector<Interval> intervals;  // by virtual register
  std::uint32_t spill_slots = 0;
  std::uint16_t used_registers = 0;  // bit set by register number
};

// Reusable: keeps its memory between programs.
class Allocator {
 public:
  // `registers` are those that may be given away, the preferred ones first. `index_home`, where given, is none of
  // these, and the stack index has it throughout.
  void allocate(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation,
                std::optional<x64::RegId> index_home = std::nullopt);

 private:
  // Who has a register, until when, and what it is worth there.
  struct Holder {
    VReg reg;
    Interval interval;
    std::uint32_t weight = 0;
    std::uint32_t hole_taken_until = 0;  // by the last of those that have the register in the interval's hole

    // By weighted uses per instruction of life; both products fit in 64 bits.
    [[nodiscard]] bool is_worth_less_than(const Holder& other) const {
      return std::uint64_t{weight} * other.length() < std::uint64_t{other.weight} * length();
    }
    [[nodiscard]] std::uint32_t length() const { return interval.last - interval.first + 1; }
    [[nodiscard]] bool has_room_for(const Interval& other) const {
      return interval.hole_takes(other) && hole_taken_until <= other.first;
    }
  };
  struct BusySlot {
    std::uint32_t last;
    std::uint32_t slot;
  };

  void scan(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation);
  void to_memory(const LirProgram& lir, VReg reg, Allocation& allocation);
  void number_spill_slots(Allocation& allocation);

  IntervalFinder intervals_;
  std::vector<BusySlot> busy_;
  bool spilled_ = false;
};

}  // namespace assay::jit
