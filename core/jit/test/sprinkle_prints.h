// Prints in places that the generator of scalar programs never thinks of. Tested by core/jit/test/tiered_test.cc.
#pragma once

#include <cstdint>

#include "core/ast/builder.h"
#include "core/ast/program.h"
#include "core/base/rng.h"

namespace assay::jit::test {

// Inserts a print behind one statement in four, at every level. What is printed is a slot, which is visible everywhere.
inline void sprinkle_prints(base::Rng& rng, ast::Program& program) {
  ast::Builder builder(program);
  const std::uint32_t count = program.node_count();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (ast::is_expression(program.node({i}).kind) || !rng.chance(1, 4)) continue;
    const ast::NodeId print = builder.print(builder.load({rng.below(program.slot_count())}));
    program.node(print).next = program.node({i}).next;
    program.node({i}).next = print;
  }
}

}  // namespace assay::jit::test
