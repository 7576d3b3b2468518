// Explain: a conviction as lines for people.
//
// Who says what, on which input, every difference, and where it is known the guilty instruction with its bytes, its
// disassembly and the source it was made from.
//
// Tested by oracles/test/faults_test.cc.
#pragma once

#include <string>
#include <vector>

#include "core/ast/program.h"
#include "oracles/judge.h"

namespace assay::oracles {

// `inputs` are the subject's.
[[nodiscard]] std::vector<std::string> explain(const Conviction& conviction, const ast::Program& program,
                                               std::span<const Frame> inputs);

}  // namespace assay::oracles
