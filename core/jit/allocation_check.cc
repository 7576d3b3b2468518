// Liveness by iteration; see allocation_check.h. Tested by core/jit/test/allocate_test.cc.
#include "core/jit/allocation_check.h"

#include <vector>

namespace assay::jit {
namespace {

using Set = std::vector<bool>;  // by virtual register

class Checker {
 public:
  Checker(const LirProgram& lir, const Allocation& allocation) : lir_(lir), allocation_(allocation) {}

  std::string run() {
    find_labels();
    find_liveness();
    std::string problem = check_places();
    if (problem.empty()) problem = check_entry();
    for (std::size_t i = 0; i < lir_.code.size() && problem.empty(); ++i) problem = check_definition(i);
    return problem;
  }

 private:
  void find_labels() {
    label_at_.assign(lir_.label_count, 0);
    for (std::size_t i = 0; i < lir_.code.size(); ++i) {
      if (lir_.code[i].op == LirOp::Label) label_at_[lir_.code[i].label] = i;
    }
  }

  static void add(Set& set, VReg reg) {
    if (reg.valid()) set[reg.value] = true;
  }

  static void unite(Set& set, const Set& other) {
    for (std::size_t i = 0; i < set.size(); ++i) set[i] = set[i] || other[i];
  }

  // What the way out stores to the frame; it needs the result too unless it is a trap.
  [[nodiscard]] Set used_at_exit(bool trap) const {
    Set set(lir_.vregs.size());
    for (std::size_t i = 0; i < lir_.vregs.size(); ++i) set[i] = lir_.vregs[i].stored_at_exit;
    if (!trap) add(set, lir_.stack_index);
    return set;
  }

  [[nodiscard]] Set live_out(std::size_t i) const {
    const Lir& one = lir_.code[i];
    if (one.op == LirOp::Leave) return used_at_exit(false);
    if (one.op == LirOp::Jump) return live_in_[label_at_[one.label]];
    Set set = live_in_[i + 1];
    if (one.op == LirOp::Branch) unite(set, live_in_[label_at_[one.label]]);
    if (one.op == LirOp::TrapIf) unite(set, used_at_exit(true));
    return set;
  }

  void find_liveness() {
    live_in_.assign(lir_.code.size() + 1, Set(lir_.vregs.size()));
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = lir_.code.size(); i-- > 0;) {
        const Lir& one = lir_.code[i];
        Set live = live_out(i);
        if (one.dst.valid()) live[one.dst.value] = false;
        add(live, one.a);
        add(live, one.b);
        add(live, one.c);
        add(live, one.d);
        if (one.op == LirOp::Push) {
          add(live, lir_.stack_base);
          add(live, lir_.stack_index);
        }
        changed |= live != live_in_[i];
        live_in_[i] = std::move(live);
      }
    }
  }

  [[nodiscard]] const Location& location(std::size_t reg) const { return allocation_.locations[reg]; }

  [[nodiscard]] std::string check_places() const {
    for (std::size_t i = 0; i < lir_.vregs.size(); ++i) {
      const Location& place = location(i);
      if (place.place == Place::Frame && lir_.vregs[i].slot != static_cast<std::int32_t>(place.index))
        return "v" + std::to_string(i) + " is in a cell of the frame that is not its own";
      if (place.place == Place::Spill && place.index >= allocation_.spill_slots)
        return "v" + std::to_string(i) + " is in a spill slot that does not exist";
      for (const Set& live : live_in_) {
        if (live[i] && place.place == Place::Nowhere) return "v" + std::to_string(i) + " is alive and has no place";
      }
    }
    return {};
  }

  // What is alive at entry must be something that entry provides, each in a place of its own.
  [[nodiscard]] std::string check_entry() const {
    for (std::size_t i = 0; i < lir_.vregs.size(); ++i) {
      if (!live_in_[0][i]) continue;
      const bool provided = lir_.vregs[i].loaded_at_entry || i == lir_.stack_base.value || i == lir_.stack_index.value;
      if (!provided) return "v" + std::to_string(i) + " is used before it is set";
      for (std::size_t j = 0; j < i; ++j) {
        if (live_in_[0][j] && location(i) == location(j)) return conflict(i, j, 0);
      }
    }
    return {};
  }

  [[nodiscard]] std::string check_definition(std::size_t i) const {
    const VReg dst = lir_.code[i].dst;
    if (!dst.valid()) return {};
    const Set live = live_out(i);
    for (std::size_t j = 0; j < live.size(); ++j) {
      if (live[j] && j != dst.value && location(j) == location(dst.value)) return conflict(dst.value, j, i);
    }
    return {};
  }

  static std::string conflict(std::size_t a, std::size_t b, std::size_t at) {
    return "v" + std::to_string(a) + " and v" + std::to_string(b) + " share a place at instruction " +
           std::to_string(at);
  }

  const LirProgram& lir_;
  const Allocation& allocation_;
  std::vector<std::size_t> label_at_;
  std::vector<Set> live_in_;  // by instruction, and one past the last
};

}  // namespace

std::string check_allocation(const LirProgram& lir, const Allocation& allocation) {
  return Checker(lir, allocation).run();
}

}  // namespace assay::jit
