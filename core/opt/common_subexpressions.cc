#include "core/opt/passes.h"

namespace assay::opt {

PassResult eliminate_common_subexpressions(const ast::Program& program) { return {program}; }

}  // namespace assay::opt
