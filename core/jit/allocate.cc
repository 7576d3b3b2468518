// The linear scan; see allocate.h. Tested by core/jit/test/allocate_test.cc.
#include "core/jit/allocate.h"

#include <algorithm>

namespace assay::jit {

void Allocator::allocate(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation,
                         std::optional<x64::RegId> index_home) {
  allocation.locations.assign(lir.vregs.size(), {});
  allocation.spill_slots = 0;
  allocation.used_registers = 0;
  intervals_.find(lir, !index_home, allocation.intervals);
  if (index_home) allocation.locations[lir.stack_index.value] = {Place::Register, *index_home, 0};
  scan(lir, registers, allocation);
  number_spill_slots(allocation);
}

void Allocator::scan(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation) {
  std::array<Holder, x64::kRegCount> holders{};  // by index into `registers`
  spilled_ = false;
  for (const VReg reg : intervals_.order()) {
    const Interval& interval = allocation.intervals[reg.value];
    std::size_t chosen = registers.size();
    bool in_hole = false;
    for (std::size_t i = 0; i < registers.size(); ++i) {
      // A value that is last used where this one is first set may hand its register over: emission expects it.
      if (holders[i].reg.valid() && holders[i].interval.last > interval.first) {
        if (!holders[i].has_room_for(interval)) continue;
        in_hole = true;
      }
      chosen = i;
      break;
    }
    if (in_hole) {
      holders[chosen].hole_taken_until = interval.last;
      allocation.locations[reg.value] = {Place::Register, registers[chosen], 0};
      continue;
    }
    const Holder own{reg, interval, lir.vregs[reg.value].weight};
    if (chosen == registers.size()) {
      const Holder* least = &own;
      for (std::size_t i = 0; i < registers.size(); ++i) {
        if (holders[i].hole_taken_until > interval.first || !holders[i].is_worth_less_than(*least)) continue;
        least = &holders[i];
        chosen = i;
      }
      if (chosen == registers.size()) {
        to_memory(lir, reg, allocation);
        continue;
      }
      to_memory(lir, holders[chosen].reg, allocation);
    }
    holders[chosen] = own;
    allocation.locations[reg.value] = {Place::Register, registers[chosen], 0};
    // A register once given stays in use: whoever takes it from its holder uses it in turn.
    allocation.used_registers =
        static_cast<std::uint16_t>(allocation.used_registers | (1U << x64::number(registers[chosen])));
  }
}

void Allocator::to_memory(const LirProgram& lir, VReg reg, Allocation& allocation) {
  Location& location = allocation.locations[reg.value];
  if (lir.vregs[reg.value].slot >= 0) {
    location = {Place::Frame, x64::RegId::Rax, static_cast<std::uint32_t>(lir.vregs[reg.value].slot)};
  } else {
    location = {Place::Spill, x64::RegId::Rax, 0};
    spilled_ = true;
  }
}

// Spill slots are numbered only now, because a value that loses its register late needs its slot from its first
// position on. A slot is reused when its last value is dead, so the area stays as small as the number of values that
// are in memory at one time.
void Allocator::number_spill_slots(Allocation& allocation) {
  if (!spilled_) return;
  const auto later = [](const BusySlot& left, const BusySlot& right) { return left.last > right.last; };
  busy_.clear();  // a heap: what is free first is in front
  for (const VReg reg : intervals_.order()) {
    Location& location = allocation.locations[reg.value];
    if (location.place != Place::Spill) continue;
    const Interval& interval = allocation.intervals[reg.value];
    // Strictly before: a slot, unlike a register, is not handed over within an instruction.
    if (!busy_.empty() && busy_.front().last < interval.first) {
      std::pop_heap(busy_.begin(), busy_.end(), later);
    } else {
      busy_.push_back({0, allocation.spill_slots++});
    }
    location.index = busy_.back().slot;
    busy_.back().last = interval.last;
    std::push_heap(busy_.begin(), busy_.end(), later);
  }
}

}  // namespace assay::jit
