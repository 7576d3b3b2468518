// Liveness: which variables still matter, for a backward walk over the statement tree.
//
// A variable is live where its value may still be read, and a slot also where it may still be observed: at the end, at
// a `return`, and at every possible trap, where all slots become live at once. So that this takes no time per slot, a
// variable has a mark, and the mark only means something while it equals the current epoch of the variable's sort:
// slots and locals from outside the innermost loop are dead when marked, locals of its body are live when marked. A
// trap or a jump is a new epoch.
//
// A loop would take two walks over its body, and nested loops two to the power of their depth. Instead, what the loop
// reads anywhere and what is live behind it is taken for live at its head, at the end of the body and at its `break`s
// and `continue`s. A variable that is neither, and is not observed in the loop, is dead all over it.
//
// Tested by core/opt/test/dead_code_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ast/program.h"
#include "core/opt/branch_journal.h"
#include "core/opt/loop_uses.h"

namespace assay::opt {

class Liveness {
 public:
  // At the end of the program: slots are live.
  explicit Liveness(const ast::Program& program);

  [[nodiscard]] bool is_live(ast::VarId variable) const;
  // The variable is read; it is given a value (or declared).
  void read(ast::VarId variable) { mark(variable, true); }
  void assign(ast::VarId variable) { mark(variable, false); }
  // Something may trap.
  void trap() { epochs_[kSlot] = ++last_epoch_; }
  // A `return`, `break` or `continue`: what lies behind does not matter.
  void jump();

  // Two branches, from the same state behind both: begin_branch, walk, next_branch, walk, join_branches.
  struct Branch {
    std::size_t mark = 0;
    std::array<std::uint32_t, 3> behind{};
    std::array<std::uint32_t, 3> first{};
  };
  [[nodiscard]] Branch begin_branch();
  void next_branch(Branch& branch);
  void join_branches(const Branch& branch);

  // The body of a loop, from behind it to in front of it.
  struct Loop {
    std::size_t mark = 0;
    std::array<std::uint32_t, 3> behind{};
    std::optional<std::size_t> outer_body;
    std::uint32_t outer_first_local = 0;
    std::size_t first_ignored = 0;
    bool all_live = false;  // behind it, all that it could make live
  };
  [[nodiscard]] Loop enter_loop(const AllLoopUses& all, const LoopUses& uses);
  void leave_loop(const Loop& loop, const AllLoopUses& all, const LoopUses& uses);

 private:
  enum Sort : std::uint8_t { kSlot, kOuter, kInner };

  [[nodiscard]] Sort sort(ast::VarId variable) const;
  void mark(ast::VarId variable, bool live);
  void ignore_dead(const AllLoopUses& all, const LoopUses& uses);

  BranchJournal<std::uint32_t> marks_;
  std::array<std::uint32_t, 3> epochs_{1, 1, 1};  // by sort
  std::uint32_t last_epoch_ = 1;
  std::uint32_t slot_count_;
  std::optional<std::size_t> body_;  // the mark of the innermost loop around the walk
  std::uint32_t first_local_;        // of the innermost loop; of the program outside loops
  std::vector<bool> ignored_;        // dead all over an open loop
  std::vector<ast::VarId> ignored_list_;
  std::vector<std::uint8_t> is_read_;  // scratch of ignore_dead
};

}  // namespace assay::opt
