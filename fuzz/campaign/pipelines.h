// Pipelines: which passes a generated program goes through.
//
// Drawn per program, because passes that are each right alone may be wrong behind one another, and a fixed order would
// only ever show one of the orders.
//
// Tested by fuzz/campaign/test/pipelines_test.cc.
#pragma once

#include "core/base/rng.h"
#include "core/opt/pipeline.h"

namespace assay::fuzz {

// None in one of eight, the default pipeline in two of eight, otherwise 1 to 10 passes in any order, repeats included.
[[nodiscard]] opt::Pipeline draw_pipeline(base::Rng& rng);

}  // namespace assay::fuzz
