// KnownValues: what a forward walk over a program knows of each variable: a constant, a copy of another one, or
// nothing.
//
// Copies are tied to a version of their source. Assigning to a variable that has copies gives it a new version, which
// ends all of them at once.
//
// Tested by core/opt/test/propagate_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/program.h"
#include "core/opt/branch_journal.h"

namespace assay::opt {

struct Known {
  enum class Kind : std::uint8_t { Nothing, Constant, Copy };

  Kind kind = Kind::Nothing;
  std::uint64_t bits = 0;  // of a Constant, zero-extended
  ast::VarId source;       // of a Copy

  [[nodiscard]] static Known constant(std::uint64_t bits) { return {Kind::Constant, bits, {}}; }
  [[nodiscard]] static Known copy(ast::VarId source) { return {Kind::Copy, 0, source}; }
};

class KnownValues {
 public:
  explicit KnownValues(const ast::Program& program);

  // What holds of the variable now.
  [[nodiscard]] Known of(ast::VarId variable) const;

  // The variable gets a new value. The source of a copy must be another variable of which nothing is known.
  void assign(ast::VarId variable, const Known& value);
  // It turns out that the variable holds this constant.
  void learn(ast::VarId variable, std::uint64_t bits);
  // A local comes into its scope, and leaves it.
  void declare(ast::VarId local, const Known& value);
  void leave_scope(ast::VarId local);

  // Branches, as in branch_journal.h. Behind a join is known what is known in both.
  using Mark = std::size_t;
  [[nodiscard]] Mark begin_branch() { return cells_.begin(); }
  [[nodiscard]] bool unchanged_since(Mark mark) const { return cells_.unchanged_since(mark); }
  void keep_branch(Mark mark) { cells_.keep(mark); }
  void undo_branch(Mark mark) { cells_.undo(mark); }
  void put_aside(Mark mark, std::uint32_t visible) { cells_.put_aside(mark, visible); }
  void take_aside() { cells_.take_aside(); }
  void join_aside();

 private:
  struct Cell {
    std::uint64_t bits = 0;
    ast::VarId source;
    std::uint32_t source_version = 0;
    std::uint32_t version = 0;  // 0: not in scope
    Known::Kind kind = Known::Kind::Nothing;
    bool copied = false;  // something may be a copy of this version
  };

  [[nodiscard]] static bool same_value(const Cell& left, const Cell& right);
  void set(ast::VarId variable, const Cell& cell);
  void set_value(Cell& cell, const Known& value);

  BranchJournal<Cell> cells_;
  std::uint32_t last_version_ = 1;  // the one of all slots at the start
};

}  // namespace assay::opt
