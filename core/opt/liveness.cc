// Marks and epochs; see liveness.h. Tested by core/opt/test/dead_code_test.cc.
#include "core/opt/liveness.h"

namespace assay::opt {

using ast::VarId;

Liveness::Liveness(const ast::Program& program)
    : marks_(program.variable_count()),
      slot_count_(program.slot_count()),
      first_local_(program.slot_count()),
      ignored_(program.variable_count(), false),
      is_read_(program.variable_count(), 0) {}

Liveness::Sort Liveness::sort(VarId variable) const {
  if (variable.value < slot_count_) return kSlot;
  return variable.value < first_local_ ? kOuter : kInner;
}

bool Liveness::is_live(VarId variable) const {
  const Sort one = sort(variable);
  const bool marked = marks_.at(variable) == epochs_[one];
  return !ignored_[variable.value] && marked == (one == kInner);
}

void Liveness::mark(VarId variable, bool live) {
  const Sort one = sort(variable);
  const bool wanted = live == (one == kInner);
  if ((marks_.at(variable) == epochs_[one]) != wanted) marks_.set(variable, wanted ? epochs_[one] : 0);
}

// Locals from outside the loop count as live at a `return` too, which is more than true and costs nothing.
void Liveness::jump() {
  for (std::uint32_t& epoch : epochs_) epoch = ++last_epoch_;
}

Liveness::Branch Liveness::begin_branch() { return {marks_.begin(), epochs_, {}}; }

void Liveness::next_branch(Branch& branch) {
  branch.first = epochs_;
  marks_.put_aside(branch.mark, ~std::uint32_t{0});
  epochs_ = branch.behind;
  branch.mark = marks_.begin();
}

// What is live in front of one branch is live in front of both. Where a branch has begun a new epoch, only those are
// marked in it that it changed.
void Liveness::join_branches(const Branch& branch) {
  const std::array<std::uint32_t, 3> second = epochs_;
  marks_.put_aside(branch.mark, ~std::uint32_t{0});
  for (const Sort one : {kSlot, kOuter, kInner}) {
    const bool first_is_new = branch.first[one] != branch.behind[one];
    const bool second_is_new = second[one] != branch.behind[one];
    // Dead is what is marked in both, live what is marked in one of them.
    const bool begins = one == kInner ? first_is_new && second_is_new : first_is_new || second_is_new;
    epochs_[one] = begins ? ++last_epoch_ : branch.behind[one];
  }
  marks_.join_aside([&](VarId variable, std::uint32_t left, std::uint32_t right) {
    const Sort one = sort(variable);
    const bool in_first = left == branch.first[one];
    const bool in_second = right == second[one];
    const bool marked = one == kInner ? in_first || in_second : in_first && in_second;
    if ((marks_.at(variable) == epochs_[one]) != marked) marks_.set(variable, marked ? epochs_[one] : 0);
  });
}

Liveness::Loop Liveness::enter_loop(const AllLoopUses& all, const LoopUses& uses) {
  Loop loop{marks_.begin(), epochs_, body_, first_local_, ignored_list_.size(), false};
  // Right at the end of the body around it, before locals of that body, all is live that the loop around does not
  // ignore: deep nests of loops stay cheap.
  loop.all_live = body_ && marks_.unchanged_since(*body_) && first_local_ == uses.first_local;
  if (!loop.all_live) ignore_dead(all, uses);
  body_ = loop.mark;
  first_local_ = uses.first_local;
  jump();  // to the head
  return loop;
}

void Liveness::ignore_dead(const AllLoopUses& all, const LoopUses& uses) {
  for (const VarId variable : all.read(uses)) is_read_[variable.value] = 1;
  for (const VarId variable : all.stored(uses)) {
    const bool shown = uses.shows_slots && variable.value < slot_count_;
    const bool is_own = variable.value >= uses.first_local;
    if (is_own || shown || is_read_[variable.value] != 0 || ignored_[variable.value]) continue;
    if (is_live(variable)) continue;
    ignored_[variable.value] = true;
    ignored_list_.push_back(variable);
  }
  for (const VarId variable : all.read(uses)) is_read_[variable.value] = 0;
}

// The body may not run at all, so nothing that is live behind the loop is dead in front of it.
void Liveness::leave_loop(const Loop& loop, const AllLoopUses& all, const LoopUses& uses) {
  marks_.undo(loop.mark);
  epochs_ = loop.behind;
  body_ = loop.outer_body;
  first_local_ = loop.outer_first_local;
  for (; ignored_list_.size() > loop.first_ignored; ignored_list_.pop_back()) {
    ignored_[ignored_list_.back().value] = false;
  }
  if (uses.shows_slots) trap();
  if (loop.all_live) return;
  for (const VarId variable : all.read(uses)) {
    if (variable.value < uses.first_local) read(variable);
  }
}

}  // namespace assay::opt
