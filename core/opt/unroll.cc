#include "core/opt/passes.h"

namespace assay::opt {

PassResult unroll(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
