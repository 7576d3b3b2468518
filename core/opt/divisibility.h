// Whether a number is a multiple of a constant, without a division.
//
// Tested by core/opt/test/divide_by_constant_test.cc.
#pragma once

#include "core/opt/rewriter.h"

namespace assay::opt {

// Rewrites the comparison `id` of a remainder with 0, of which the divisor is a constant that cannot trap. The dividend
// is evaluated once, as before. `most_height`: levels that the expression may have. False if it stays.
bool reduce_divisibility(Rewriter& rewriter, ast::NodeId id, unsigned most_height);

// The same for a remainder of which only the truth is asked.
bool reduce_indivisibility(Rewriter& rewriter, ast::NodeId id, unsigned most_height);

}  // namespace assay::opt
