// BranchJournal: one cell of knowledge per variable, for walks that follow branches and join them again.
//
// A walk that copied its knowledge at each branch would take quadratic time on long programs. Here a journal holds what
// stood in a cell before it was changed, so a branch costs as much as it changes.
//
// Tested by core/opt/test/propagate_test.cc and dead_code_test.cc, which are its two walks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ast/program.h"

namespace assay::opt {

template <class Cell>
class BranchJournal {
 public:
  explicit BranchJournal(std::uint32_t variables) : cells_(variables), seen_(variables, 0), seen_at_(variables, 0) {}

  [[nodiscard]] const Cell& at(ast::VarId variable) const { return cells_[variable.value]; }
  // For what need not be taken back.
  [[nodiscard]] Cell& unjournaled(ast::VarId variable) { return cells_[variable.value]; }

  void set(ast::VarId variable, const Cell& cell) {
    if (open_branches_ > 0) journal_.push_back({variable, cells_[variable.value]});
    cells_[variable.value] = cell;
  }

  // A branch: everything from `begin` on can be taken back. Branches nest.
  using Mark = std::size_t;
  [[nodiscard]] Mark begin() {
    ++open_branches_;
    return journal_.size();
  }

  // Whether nothing has changed in the open branch.
  [[nodiscard]] bool unchanged_since(Mark mark) const { return journal_.size() == mark; }

  void keep(Mark mark) {
    if (--open_branches_ == 0) journal_.resize(mark);
  }

  void undo(Mark mark) {
    while (journal_.size() > mark) {
      cells_[journal_.back().variable.value] = journal_.back().cell;
      journal_.pop_back();
    }
    --open_branches_;
  }

  // Takes a branch back too, but puts aside how it left those of the first `visible` variables that it changed.
  void put_aside(Mark mark, std::uint32_t visible) {
    aside_begins_.push_back(aside_.size());
    ++collection_;
    for (std::size_t i = mark; i < journal_.size(); ++i) {
      const ast::VarId variable = journal_[i].variable;
      if (variable.value >= visible || seen_[variable.value] == collection_) continue;
      seen_[variable.value] = collection_;
      aside_.push_back({variable, cells_[variable.value]});
    }
    undo(mark);
  }

  // For the last branch that was put aside.
  void take_aside() {
    for (std::size_t i = aside_begins_.back(); i < aside_.size(); ++i) set(aside_[i].variable, aside_[i].cell);
    drop_aside();
  }

  // For the last two: calls `join(variable, first cell, second cell)` for each variable that one of them changed, once.
  template <class Join>
  void join_aside(Join join) {
    const std::size_t second = aside_begins_.back();
    const std::size_t first = aside_begins_[aside_begins_.size() - 2];
    ++collection_;
    for (std::size_t i = first; i < second; ++i) {
      seen_[aside_[i].variable.value] = collection_;
      seen_at_[aside_[i].variable.value] = i;
    }
    // A cell that one branch left alone is in it what it was before. All are passed by value: `join` will set them.
    for (std::size_t i = second; i < aside_.size(); ++i) {
      const ast::VarId variable = aside_[i].variable;
      const bool in_both = seen_[variable.value] == collection_;
      const Cell other = in_both ? aside_[seen_at_[variable.value]].cell : cells_[variable.value];
      if (in_both) seen_[variable.value] = 0;
      join(variable, other, Cell(aside_[i].cell));
    }
    for (std::size_t i = first; i < second; ++i) {
      const ast::VarId variable = aside_[i].variable;
      if (seen_[variable.value] == collection_) join(variable, Cell(aside_[i].cell), Cell(cells_[variable.value]));
    }
    drop_aside();
    drop_aside();
  }

 private:
  struct Entry {
    ast::VarId variable;
    Cell cell{};
  };

  void drop_aside() {
    aside_.resize(aside_begins_.back());
    aside_begins_.pop_back();
  }

  std::vector<Cell> cells_;
  std::vector<Entry> journal_;             // what stood in a cell before an open branch changed it
  std::vector<Entry> aside_;               // what branches left, one behind the other
  std::vector<std::size_t> aside_begins_;  // where in it each begins
  std::vector<std::uint32_t> seen_;        // per variable: the last collection that met it,
  std::vector<std::size_t> seen_at_;       // and where in aside_
  std::uint32_t collection_ = 0;
  std::uint32_t open_branches_ = 0;
};

}  // namespace assay::opt
