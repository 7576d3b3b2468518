// The scalar detector: which parts of a statement list can run natively.
//
// A statement is for the JIT when nothing below it prints, and when no `break` or `continue` in it leads out of it: a
// compiled run has one way in and one way out. Neighbouring such statements make one run.
//
// Tested by core/jit/test/scalar_runs_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"

namespace assay::jit {

// Consecutive statements of one list: from `first` up to but not including `end` (none: to the end of the list).
struct StatementRun {
  ast::NodeId first;
  ast::NodeId end;
  bool scalar = false;  // false: exactly one statement, which is not for the JIT
};

// Cuts the list starting at `first` into maximal runs; every statement is in exactly one of them, in order.
[[nodiscard]] std::vector<StatementRun> find_scalar_runs(const ast::Program& program, ast::NodeId first);

// The scalar runs of the body and of the blocks of its other statements: all that an executor may compile, in the order
// of the text.
[[nodiscard]] std::vector<StatementRun> all_scalar_runs(const ast::Program& program);

}  // namespace assay::jit
