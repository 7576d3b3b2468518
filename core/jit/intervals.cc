// Finding live intervals; see intervals.h. Tested by core/jit/test/allocate_test.cc.
#include "core/jit/intervals.h"

#include <algorithm>

namespace assay::jit {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFU;  // no loop, no branch

}  // namespace

inline void IntervalFinder::touch(VReg reg, std::uint32_t position, Interval* intervals) {
  if (!reg.valid()) return;
  Interval& interval = intervals[reg.value];
  if (interval.first > position) {
    interval.first = position;
    order_.push_back(reg);
  } else if (has_seconds_) {
    update_hole(reg, interval);
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

// Before the use is noted: `interval.last` is still the one before it.
void IntervalFinder::update_hole(VReg reg, Interval& interval) {
  std::uint32_t& hole_branch = hole_branch_[reg.value];
  if (hole_branch != kNone) {
    if (branches_[hole_branch].is_open) return;
    // Needed behind both branches, it is needed at the end of the first.
    hole_branch = kNone;
    interval.close_hole();
  }
  for (const std::uint32_t id : open_branches_) {
    const Branch& branch = branches_[id];
    const bool first_use_in_second = branch.second != kNoPosition && interval.last < branch.second;
    if (!first_use_in_second || interval.first >= branch.first) continue;
    if (is_needed_by_a_loop_around(branch, interval)) return;
    std::uint32_t last_use = std::max(interval.last, branch.first);
    // Of a loop that is over: it needed what was set before it to its end.
    if (const std::uint32_t loop = lives_through_[reg.value]; loop != kNone) {
      last_use = std::max(last_use, loops_[loop].last);
    }
    hole_branch = id;
    interval.hole_first = last_use;
    interval.hole_last = branch.second - 1;
    return;
  }
}

bool IntervalFinder::is_needed_by_a_loop_around(const Branch& branch, const Interval& interval) const {
  return std::any_of(open_loops_.begin(), open_loops_.end(), [&](std::uint32_t loop) {
    return loops_[loop].first > interval.first && loops_[loop].first < branch.first;
  });
}

void IntervalFinder::find(const LirProgram& lir, bool with_index, std::vector<Interval>& intervals_by_register) {
  intervals_by_register.assign(lir.vregs.size(), {});
  loops_.clear();
  open_loops_.clear();
  branches_.clear();
  open_branches_.clear();
  order_.clear();
  innermost_first_ = 0;
  has_seconds_ = false;
  lives_through_.assign(lir.vregs.size(), kNone);
  hole_branch_.assign(lir.vregs.size(), kNone);
  Interval* const intervals = intervals_by_register.data();
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
    mark(one, position);
  }
  if (!loops_.empty()) {
    for (std::uint32_t i = 0; i < lir.vregs.size(); ++i) {
      if (lives_through_[i] == kNone) continue;
      intervals[i].last = std::max(intervals[i].last, loops_[lives_through_[i]].last);
    }
  }
  // A slot that is only read is not needed behind its last use; but all have places of their own at entry.
  for (const VReg reg : whole_life_) {
    const VRegInfo& info = lir.vregs[reg.value];
    Interval& interval = intervals[reg.value];
    const bool needed_at_exit = info.slot < 0 || info.stored_at_exit;
    interval.last = needed_at_exit ? end : std::max(interval.last, 1U);
    if (needed_at_exit) interval.close_hole();
  }
}

void IntervalFinder::mark(const Lir& one, std::uint32_t position) {
  switch (one.op) {
    case LirOp::LoopBegin:
      open_loops_.push_back(static_cast<std::uint32_t>(loops_.size()));
      loops_.push_back({position, position});
      innermost_first_ = position;
      return;
    case LirOp::LoopEnd:
      loops_[open_loops_.back()].last = position;
      open_loops_.pop_back();
      innermost_first_ = open_loops_.empty() ? 0 : loops_[open_loops_.back()].first;
      return;
    case LirOp::FirstBranch:
      open_branches_.push_back(static_cast<std::uint32_t>(branches_.size()));
      branches_.push_back({position});
      return;
    case LirOp::SecondBranch:
      branches_[open_branches_.back()].second = position;
      has_seconds_ = true;
      return;
    case LirOp::BranchesEnd:
      branches_[open_branches_.back()].is_open = false;
      open_branches_.pop_back();
      return;
    default:
      return;
  }
}

}  // namespace assay::jit
