#include "core/opt/passes.h"

namespace assay::opt {

PassResult eliminate_dead_code(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
