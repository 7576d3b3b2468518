// The linear scan; see allocate.h. Tested by core/jit/test/allocate_test.cc.
#include "core/jit/allocate.h"

#include <algorithm>

namespace assay::jit {
namespace {

constexpr std::uint32_t kNoLoop = 0xFFFFFFFFU;

}  // namespace

void Allocator::allocate(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation,
                         std::optional<x64::RegId> index_home) {
  allocation.locations.assign(lir.vregs.size(), {});
  allocation.intervals.assign(lir.vregs.size(), {});
  allocation.spill_slots = 0;
  allocation.used_registers = 0;
  find_intervals(lir, !index_home, allocation);
  if (index_home) allocation.locations[lir.stack_index.value] = {Place::Register, *index_home, 0};
  scan(lir, registers, allocation);
  number_spill_slots(allocation);
}

inline void Allocator::touch(VReg reg, std::uint32_t position, Interval* intervals) {
  if (!reg.valid()) return;
  Interval& interval = intervals[reg.value];
  if (interval.first > position) {
    interval.first = position;
    order_.push_back(reg);
  }
  interval.last = position;
  if (interval.first >= innermost_first_) return;
  // A value from before a loop is needed by its next iteration too, so it lives to the end of the outermost such loop.
  for (const std::uint32_t loop : open_loops_) {
    if (loops_[loop].first <= interval.first) continue;
    lives_through_[reg.value] = loop;
    break;
  }
}

void Allocator::find_intervals(const LirProgram& lir, bool with_index, Allocation& allocation) {
  loops_.clear();
  open_loops_.clear();
  order_.clear();
  innermost_first_ = 0;
  lives_through_.assign(lir.vregs.size(), kNoLoop);
  Interval* const intervals = allocation.intervals.data();
  // The entry loads and the exit stores what belongs to the caller.
  const auto end = static_cast<std::uint32_t>(lir.code.size()) + 1;
  whole_life_.clear();
  for (std::uint32_t i = 0; i < lir.vregs.size(); ++i) {
    if (lir.vregs[i].slot >= 0) whole_life_.push_back(VReg{i});
  }
  if (with_index) whole_life_.push_back(lir.stack_index);
  if (lir.stack_base.valid()) whole_life_.push_back(lir.stack_base);
  for (const VReg reg : whole_life_) touch(reg, 0, intervals);

  for (std::uint32_t i = 0; i < lir.code.size(); ++i) {
    const Lir& one = lir.code[i];
    const std::uint32_t position = i + 1;
    touch(one.a, position, intervals);
    touch(one.b, position, intervals);
    touch(one.c, position, intervals);
    touch(one.d, position, intervals);
    touch(one.dst, position, intervals);
    if (one.op == LirOp::LoopBegin) {
      open_loop(position);
    } else if (one.op == LirOp::LoopEnd) {
      close_loop(position);
    }
  }
  if (!loops_.empty()) {
    for (std::uint32_t i = 0; i < lir.vregs.size(); ++i) {
      if (lives_through_[i] == kNoLoop) continue;
      intervals[i].last = std::max(intervals[i].last, loops_[lives_through_[i]].last);
    }
  }
  // A slot that is only read is not needed behind its last use; but all have places of their own at entry.
  for (const VReg reg : whole_life_) {
    const VRegInfo& info = lir.vregs[reg.value];
    const bool needed_at_exit = info.slot < 0 || info.stored_at_exit;
    intervals[reg.value].last = needed_at_exit ? end : std::max(intervals[reg.value].last, 1U);
  }
}

void Allocator::open_loop(std::uint32_t position) {
  open_loops_.push_back(static_cast<std::uint32_t>(loops_.size()));
  loops_.push_back({position, position});
  innermost_first_ = position;
}

void Allocator::close_loop(std::uint32_t position) {
  loops_[open_loops_.back()].last = position;
  open_loops_.pop_back();
  innermost_first_ = open_loops_.empty() ? 0 : loops_[open_loops_.back()].first;
}

void Allocator::scan(const LirProgram& lir, std::span<const x64::RegId> registers, Allocation& allocation) {
  std::array<Holder, x64::kRegCount> holders{};  // by index into `registers`
  spilled_ = false;
  for (const VReg reg : order_) {
    const Interval& interval = allocation.intervals[reg.value];
    std::size_t chosen = registers.size();
    for (std::size_t i = 0; i < registers.size(); ++i) {
      // A value that is last used where this one is first set may hand its register over: emission expects it.
      if (holders[i].reg.valid() && holders[i].last > interval.first) continue;
      chosen = i;
      break;
    }
    const Holder own{reg, interval.last, interval.last - interval.first + 1, lir.vregs[reg.value].weight};
    if (chosen == registers.size()) {
      const Holder* least = &own;
      for (std::size_t i = 0; i < registers.size(); ++i) {
        if (!holders[i].is_worth_less_than(*least)) continue;
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
  for (const VReg reg : order_) {
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
