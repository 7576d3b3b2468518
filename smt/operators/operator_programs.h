// OperatorPrograms: every operator in every shape for which the JIT selects instructions of its own.
//
// `d = a op b` in registers, over its own operands, with operands in memory, with a constant on either side (edges of
// immediates and powers of two), and as the condition of a branch. Everything else in a program is a copy.
//
// Tested by smt/operators/test/operator_programs_test.cc.
#pragma once

#include <string>
#include <vector>

#include "core/ast/program.h"

namespace assay::smt {

struct OperatorProgram {
  std::string shape;  // "d = a op b", "b = 0x80"
  ast::Program program;
};

// Precondition: the operator accepts the type. All programs are verified by construction and free of loops.
[[nodiscard]] std::vector<OperatorProgram> operator_programs(ast::Op op, ast::Type type);

[[nodiscard]] bool has_two_operands(ast::Op op);

}  // namespace assay::smt
