#include "core/opt/passes.h"

namespace assay::opt {

PassResult hoist_invariants(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
