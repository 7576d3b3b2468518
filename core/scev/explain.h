// Explanations: what SCEV-Lite knows of each loop of a program, in words.
//
// Tested by core/scev/test/explain_test.cc.
#pragma once

#include <string>
#include <vector>

#include "core/ast/program.h"
#include "core/scev/atoms.h"
#include "core/scev/loop_report.h"

namespace assay::scev {

struct LoopExplanation {
  LoopReport report;
  unsigned depth = 0;                    // loops around it
  std::vector<std::string> recurrences;  // "sum = {sum, +, i, +, 1}"; of solved loops
  std::vector<std::string> trip_counts;  // the least of these; of solved loops
  std::string shape;                     // how it is replaced, in a sentence; of solved loops
};

// In the order of the text; the loops inside of a solved one are part of its solution and not listed.
[[nodiscard]] std::vector<LoopExplanation> explain_loops(const ast::Program& program);

}  // namespace assay::scev
