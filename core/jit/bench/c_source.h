// C source of a program: the loop kernels as other compilers get them.
//
// One C11 function with the signature of a compiled block (convention.h), which takes its arguments through the frame
// and so can be compiled apart from its callers. Only defined behaviour: arithmetic on unsigned types, which wraps,
// shift counts masked, signed comparisons through a cast, division behind the checks that the language asks for. What
// a statement says is printed as a C programmer would write it, so that the compilers see loops as they know them.
//
// Tested by core/jit/test/c_source_test.cc.
#pragma once

#include <string>

#include "core/ast/program.h"
#include "core/base/result.h"

namespace assay::jit::bench {

// A file that defines `KERNEL(NAME)`, NAME being the program's; the macro KERNEL is given on the compiler's command
// line and puts a prefix in front. The file includes core/jit/bench/c_operators.h.
// A loop without an end may be taken by a C compiler for one that has an end.
// Precondition: verified. An error when the program prints, for which the convention has no place.
[[nodiscard]] base::Result<std::string> c_source(const ast::Program& program);

}  // namespace assay::jit::bench
