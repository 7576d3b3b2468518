// RangeStep: one more iteration of what holds the bits up to the highest in which the two ends of a range differ.
//
// That is what the and, or the or, of all numbers of a range comes to. The order of the ends is shown in integers; what
// is left is a question about bits.
//
// Tested by smt/test/solved_classes_test.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "smt/proving.h"

namespace assay::smt {

struct RangeStep {
  std::string name;
  TermId behind;   // the form for k + 1
  TermId stepped;  // an iteration from the form for k
  TermId k;
  const std::vector<TermId>& weak;        // that there is a next iteration at all
  const std::vector<TermId>& hypotheses;  // all that is known
};

// Whether they are equal; nothing if there is no range in them.
[[nodiscard]] std::optional<bool> prove_range_step(Proving& proving, const RangeStep& step);

}  // namespace assay::smt
