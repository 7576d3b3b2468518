// Extraction: a run of scalar statements as a program of its own.
//
// Its slots are the variables that the run shares with what is around it: those from outside that it uses, and those
// that it declares for what follows. Two more slots tell what the calling convention does not: whether it returned, and
// how many values it had pushed when it trapped.
//
// Tested by core/jit/test/extract_run_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"
#include "core/jit/scalar_runs.h"

namespace assay::jit {

struct ExtractedRun {
  ast::Program program;
  std::vector<ast::VarId> shared;  // slot i of `program` is this variable of the whole one
  ast::VarId returned;             // i32, 1 after a `return`
  ast::VarId pushed;               // i64, the values pushed by `push`
};

// Precondition: `run.scalar`, of a verified program. False when the result is over a limit of the language; such a run
// is left to the interpreter.
[[nodiscard]] bool extract_run(const ast::Program& program, const StatementRun& run, ExtractedRun& extracted);

}  // namespace assay::jit
