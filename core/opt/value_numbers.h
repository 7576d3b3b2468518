// Value numbers: the same number for expressions that have the same value wherever both are evaluated.
//
// A number stands for an operator on numbers, for a constant, or for what a variable holds between two changes. A
// variable changes at an assignment, where the paths of a branch or of a loop that assigns it meet, and at the start of
// a loop that assigns it somewhere; the last two are found when the variable is read (assignments.h), so that no branch
// and no loop costs more than its statements.
//
// The user walks the program in the order of the text and tells what it meets.
//
// Tested by core/opt/test/value_numbers_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ast/program.h"
#include "core/opt/assignments.h"

namespace assay::opt {

class ValueNumbers {
 public:
  explicit ValueNumbers(const ast::Program& program);

  // Of an expression at the current place; the numbers of its parts can be asked for with `of` then.
  std::uint32_t number(const ast::Program& program, ast::NodeId id);
  [[nodiscard]] std::uint32_t of(ast::NodeId id) const { return of_node_[id.value]; }
  // Of the comparison `id`, which has a number, with another operator.
  std::uint32_t of_comparison(const ast::Program& program, ast::NodeId id, ast::Op op);
  // Of what the variable holds at the current place.
  [[nodiscard]] std::uint32_t of(ast::VarId variable);
  // `id` became a copy of `other`.
  void take(ast::NodeId id, ast::NodeId other) { of_node_[id.value] = of_node_[other.value]; }
  // All numbers so far are smaller.
  [[nodiscard]] std::uint32_t count() const { return count_; }

  // Behind the value of a `let` or store.
  void assign(ast::VarId variable, std::uint32_t number);

  void enter_then();
  void leave_then_enter_else();
  // At a `loop` behind its count, at a `while` before its condition.
  void enter_loop();
  // Behind an else-block (even an empty one) or a loop.
  void leave();

 private:
  // A block around the current place; a loop's holds its condition too.
  struct Region {
    std::uint32_t id = 0;
    std::uint32_t begin = 0;  // first assignment in it; of an else-block: in the then-block
  };
  struct OpenLoop {
    std::uint32_t region = 0;  // index into regions_
    std::uint32_t end = 0;     // first assignment behind it
  };
  // What a variable held when it was last asked for: valid as long as the last assignment before the place and the
  // region are the same.
  struct Held {
    std::uint32_t assignment = Assignments::kNone;
    std::uint32_t region = Assignments::kNone;
    std::uint32_t number = 0;
  };
  struct Entry {
    std::array<std::uint32_t, 4> key{};
    std::uint32_t number = Assignments::kNone;
  };

  [[nodiscard]] std::uint32_t find(const std::array<std::uint32_t, 4>& key);
  void grow();

  Assignments assignments_;
  std::vector<Region> regions_;
  std::vector<OpenLoop> loops_;
  std::uint32_t region_count_ = 0;
  std::vector<Held> held_;              // per variable
  std::vector<std::uint32_t> of_node_;  // per node
  std::vector<Entry> table_;            // open addressing; its size is a power of two
  std::size_t entries_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace assay::opt
