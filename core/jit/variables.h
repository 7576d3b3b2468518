// pre_register_variables: a virtual register for every slot and every local of every nested scope, before anything is
// selected.
//
// A variable that is first met inside a branch, after the prologue has been decided, is the classic way to write
// garbage back to the frame: its register was never loaded on the other path. Here the whole program is read first.
//
// Tested by core/jit/test/variables_test.cc.
#pragma once

#include <vector>

#include "core/ast/program.h"
#include "core/jit/lir.h"

namespace assay::jit {

// Appends to `lir.vregs`; `registers` gets the virtual register of each variable that is used at all, none for the
// others.
void pre_register_variables(const ast::Program& program, LirProgram& lir, std::vector<VReg>& registers);

// What one use counts at that depth: 8 to the power of the depth, capped.
[[nodiscard]] std::uint32_t loop_weight(std::uint32_t loop_depth);

}  // namespace assay::jit
