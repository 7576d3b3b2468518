// Which assignments of a variable lie around a place, and so in which loops around the place it changes.
//
// Passes that move or reuse values ask of a load: how far out in the tree does this value come from? Sets of assigned
// variables per loop would answer, but copied upwards through nested loops they cost the depth of the program for each
// statement. Instead the assignments (`let` and store) are numbered in the order of the text. A loop then is an
// interval of numbers, and of a variable only the last assignment before the place and the first one behind it count:
// the innermost loop around the place that holds any assignment of the variable holds one of these two.
//
// Tested by core/opt/test/assignments_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ast/program.h"

namespace assay::opt {

class Assignments {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  explicit Assignments(const ast::Program& program);

  // The walk: the same statements in the same order as the text, told as they are met. It starts at the top.
  void pass(ast::VarId variable);  // behind the value of a `let` or store
  // At a `loop` behind its count, at a `while` before its condition: the number of the first assignment that is no more
  // in the loop. To be called once for each loop.
  [[nodiscard]] std::uint32_t enter_loop() { return loop_ends_[loops_++]; }

  // The number that the next assignment has.
  [[nodiscard]] std::uint32_t position() const { return position_; }
  // Of the last assignment before here; kNone if there is none.
  [[nodiscard]] std::uint32_t before(ast::VarId variable) const { return last_[variable.value]; }
  // Of the first assignment behind here; kNone if there is none.
  [[nodiscard]] std::uint32_t behind(ast::VarId variable) const {
    const std::uint32_t last = last_[variable.value];
    return last == kNone ? first_[variable.value] : next_[last];
  }

 private:
  void collect(const ast::Program& program, ast::NodeId first, std::vector<std::uint32_t>& latest);

  std::vector<std::uint32_t> next_;       // per assignment: the following one of the same variable
  std::vector<std::uint32_t> first_;      // per variable
  std::vector<std::uint32_t> last_;       // per variable: the last one passed
  std::vector<std::uint32_t> loop_ends_;  // per loop, in the order of the text
  std::uint32_t position_ = 0;
  std::uint32_t loops_ = 0;
};

}  // namespace assay::opt
