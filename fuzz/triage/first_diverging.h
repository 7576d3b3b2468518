// FirstDiverging: the first expression of a small program that is wrong by itself.
//
// A branch that goes the wrong way, or a statement of several operators, hides which of them is to blame. So each
// operator's expression is taken out, in the order of evaluation, and becomes a program of its own that stores it (of a
// comparison, also one that branches on it); the first that the same oracle convicts is where the runs part.
//
// Tested by fuzz/triage/test/first_diverging_test.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "fuzz/findings/finding.h"
#include "fuzz/reduce/reduce.h"

namespace assay::fuzz {

struct LoneExpression {
  std::string label;  // its operator
  Finding finding;    // `result = expression` or `if (expression) { result = 1; }`, over the frame and one slot more
};

// Every operator's expression that reads slots only, operands before what is made of them.
[[nodiscard]] std::vector<LoneExpression> lone_expressions(const Finding& finding);

// The operator of the first one that the predicate convicts.
[[nodiscard]] base::Result<std::optional<std::string>> first_diverging(const Finding& finding,
                                                                       const Predicate& convicted);

// Whether the finding is still one without that operator, in one of two ways: everything with it is something else that
// gives the same value and is neither a constant nor a variable (of what is evaluated once only), or another operator
// of the same operands. Then it is not about the operator.
[[nodiscard]] base::Result<bool> any_value_does(const Finding& finding, std::string_view label,
                                                const Predicate& convicted);

}  // namespace assay::fuzz
