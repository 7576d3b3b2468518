#include "core/opt/passes.h"

namespace assay::opt {

PassResult simplify(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
