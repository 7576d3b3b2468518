// Live intervals: from where to where in the code each virtual register is needed.
//
// Intervals are convex but for one hole: what is needed in the second branch of an `if`, and not behind it, is not
// needed from its last use in the first branch to the end of that one. Whoever runs the first branch never comes to the
// second.
//
// Tested by core/jit/test/allocate_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/jit/lir.h"

namespace assay::jit {

inline constexpr std::uint32_t kNoPosition = 0xFFFFFFFFU;

// First and last position of use, both included; positions are indices into LirProgram::code, shifted by one so that 0
// is entry. In the hole, both ends included, another may have the register; at its first position it must be one that
// is set there.
struct Interval {
  std::uint32_t first = kNoPosition;
  std::uint32_t last = 0;
  std::uint32_t hole_first = kNoPosition;
  std::uint32_t hole_last = 0;

  void close_hole() {
    hole_first = kNoPosition;
    hole_last = 0;
  }
  [[nodiscard]] bool hole_takes(const Interval& other) const {
    return other.first >= hole_first && other.last <= hole_last;
  }
};

// Reusable: keeps its memory between programs.
class IntervalFinder {
 public:
  // `intervals` by virtual register. `with_index`: the stack index is one like others, and needed throughout.
  void find(const LirProgram& lir, bool with_index, std::vector<Interval>& intervals);

  // The registers that are used at all, by first position.
  [[nodiscard]] const std::vector<VReg>& order() const { return order_; }

 private:
  struct Loop {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };
  struct Branch {
    std::uint32_t first = 0;
    std::uint32_t second = kNoPosition;  // where the second one begins
    bool is_open = true;
  };

  void touch(VReg reg, std::uint32_t position, Interval* intervals);
  void mark(const Lir& one, std::uint32_t position);
  void update_hole(VReg reg, Interval& interval);
  [[nodiscard]] bool is_needed_by_a_loop_around(const Branch& branch, const Interval& interval) const;

  std::vector<Loop> loops_;
  std::vector<std::uint32_t> open_loops_;
  std::vector<Branch> branches_;
  std::vector<std::uint32_t> open_branches_;
  std::vector<std::uint32_t> lives_through_;  // by virtual register: the loop to whose end it lives, or none
  std::vector<std::uint32_t> hole_branch_;    // by virtual register: whose first branch the hole is in, or none
  std::vector<VReg> order_;
  std::vector<VReg> whole_life_;
  std::uint32_t innermost_first_ = 0;  // where the innermost open loop begins, 0 outside loops
  bool has_seconds_ = false;           // some second branch has begun: there may be holes
};

}  // namespace assay::jit
