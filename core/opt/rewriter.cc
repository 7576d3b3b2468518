// Writing over nodes; see rewriter.h. Tested by core/opt/test/simplify_test.cc.
#include "core/opt/rewriter.h"

namespace assay::opt {

bool Rewriter::is_operation(ast::NodeId id, ast::Op op) const {
  const ast::Node& one = node(id);
  switch (one.kind) {
    case ast::NodeKind::Unary:
    case ast::NodeKind::Binary:
    case ast::NodeKind::Compare:
    case ast::NodeKind::Convert:
      return one.op == op;
    default:
      return false;
  }
}

void Rewriter::replace(ast::NodeId id, ast::NodeId replacement) {
  const ast::NodeId next = node(id).next;
  program_.node(id) = node(replacement);
  program_.node(id).next = next;
}

void Rewriter::replace_by_constant(ast::NodeId id, std::uint64_t bits) { replace(id, constant(node(id).type, bits)); }

}  // namespace assay::opt
