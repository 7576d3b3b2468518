#include "core/opt/passes.h"

namespace assay::opt {

PassResult propagate(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
