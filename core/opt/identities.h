// Identities of the operators under wraparound: the rules of `simplify` for one node.
//
// Canonical forms: constants on the right, x - c as x + (-c), nested constants gathered in one.
//
// Tested by core/opt/test/simplify_test.cc.
#pragma once

#include "core/opt/rewriter.h"

namespace assay::opt {

// Rewrites the operation `id`, whose operands are simplified already. False if no rule fits.
bool apply_identity(Rewriter& rewriter, ast::NodeId id);

// The same for an expression of which only matters whether it is 0.
bool apply_condition_identity(Rewriter& rewriter, ast::NodeId id);

}  // namespace assay::opt
