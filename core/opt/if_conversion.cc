#include "core/opt/passes.h"

namespace assay::opt {

PassResult convert_branches(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
