// Divisions and remainders by constants without a division.
//
// Tested by core/opt/test/divide_by_constant_test.cc.
#pragma once

#include "core/opt/rewriter.h"

namespace assay::opt {

// Rewrites the division or remainder `id` if its divisor is a constant that cannot trap and the dividend can be read as
// often as is needed (it is a variable, or the divisor an unsigned power of two). False if it stays.
bool reduce_division(Rewriter& rewriter, ast::NodeId id);

}  // namespace assay::opt
