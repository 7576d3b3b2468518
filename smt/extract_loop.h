// ExtractLoop: a loop of a program as a program of its own, for all values it could meet.
//
// Every variable that is declared outside becomes a slot, so a proof about the result holds wherever the loop stands.
//
// Tested by smt/test/extract_loop_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"

namespace assay::smt {

// The loops of a program in the order of its text, outer ones before the inner.
[[nodiscard]] std::vector<ast::NodeId> loops_of(const ast::Program& program);

[[nodiscard]] ast::Program extract_loop(const ast::Program& program, ast::NodeId loop);

// The same with variables numbered as they occur: copies of a loop that differ in the names of locals give one program.
struct ExtractedLoop {
  ast::Program program;
  std::vector<ast::VarId> slots;  // by slot: the variable it was
};

[[nodiscard]] ExtractedLoop extract_with_slots(const ast::Program& program, ast::NodeId loop);

}  // namespace assay::smt
