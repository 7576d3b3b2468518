// Allocation: each virtual register gets one place for its whole life, a register or memory.
//
// A linear scan over the LIR (Poletto and Sarkar, "Linear Scan Register Allocation", 1999), without splitting:
// intervals are convex, and what lives into a loop lives to its end. When registers run out, the interval with the
// fewest weighted uses per instruction goes to memory: a frame slot to its own cell, anything else to a spill slot.
// Programs are never refused. The time is linear in the code but for the numbering of spill slots, n log n.
//
// Tested by core/jit/test/allocate_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

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

// First and last position of use, both included; positions are indices into LirProgram::code, shifted by one so that 0
// is entry.
struct Interval {
  std::uint32_t first = 0xFFFFFFFFU;
  std::uint32_t last = 0;
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
  struct Loop {
    std::uint32_t first;
    std::uint32_t last;
  };

  // Who has a register, until when, and what it is worth there.
  struct Holder {
    VReg reg;
    std::uint32_t last = 0;
    std::uint32_t length = 1;
    std::uint32_t weight = 0;

    // By weighted uses per instruction of life; both products fit in 64 bits.
    [[nodiscard]] bool is_worth_less_than(const Holder& other) const {
      return std::uint64_t{weight} * other.length < std::uint64_t{other.weight} * length;
    }
  };
  struct BusySlot {
    std::uint32_t last;
    std::uint32_t slot;
  };

  void find_intervals(const LirProgram& lir, bool with_index, Allocation& allocation);
  void touch(VReg reg, std::uint32_t position, Interval* intervals);
  void open_loop(std::uint32_t position);
  void close_loop(std::uint32_t position);
  void scan(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation);
  void to_memory(const LirProgram& lir, VReg reg, Allocation& allocation);
  void number_spill_slots(Allocation& allocation);

  std::vector<Loop> loops_;
  std::vector<std::uint32_t> open_loops_;
  std::vector<std::uint32_t> lives_through_;  // by virtual register: the loop to whose end it lives, or none
  std::vector<VReg> order_;                   // by first position
  std::vector<VReg> whole_life_;
  std::uint32_t innermost_first_ = 0;  // where the innermost open loop begins, 0 outside loops
  std::vector<BusySlot> busy_;
  bool spilled_ = false;
};

}  // namespace assay::jit
