// Meaning: what every row of ops.def computes, as terms.
//
// Written from the definitions of WebAssembly's integer operators, not from the interpreter: agreement of the two is
// checked (verify --ops) and is evidence only because neither was copied from the other.
//
// Tested by smt/test/meaning_test.cc.
#pragma once

#include "core/ast/op.h"
#include "smt/terms.h"

namespace assay::smt {

struct Meaning {
  TermId value;
  // When the operation traps: division by zero, then overflow of a signed division. False where it never does.
  TermId divides_by_zero;
  TermId overflows;
};

// `left` and `right` have the operand's width, which need not be 32 or 64 where the operator allows any width; `right`
// is ignored by unary operators and conversions.
[[nodiscard]] Meaning meaning(Terms& terms, ast::Op op, TermId left, TermId right);

}  // namespace assay::smt
