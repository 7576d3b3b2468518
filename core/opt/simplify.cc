// Algebraic simplification and strength reduction.
//
// Preserves: every rule is an identity of Z/2^32 or Z/2^64 (or of the bits of such numbers), so the value is the same
// for all operands, wraparound included. What is dropped or evaluated more than once cannot trap; what can trap stays,
// once, and in its place among others that can. Where only the truth of a value is asked, it may become another value
// with the same truth.
//
// Tested by core/opt/test/simplify_test.cc and divide_by_constant_test.cc.
#include <utility>

#include "core/ast/compact.h"
#include "core/ast/limits.h"
#include "core/opt/divisibility.h"
#include "core/opt/divisions.h"
#include "core/opt/identities.h"
#include "core/opt/passes.h"
#include "core/opt/rewriter.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;

// A node is rewritten until no rule fits: each rule makes it smaller or more canonical. What is left of a longer tower
// is rewritten in the next round.
constexpr unsigned kMaxRewrites = 16;
// A division by a constant becomes an expression of some levels and some fifty nodes.
constexpr unsigned kDeepestDivision = ast::kMaxDepth - 24;
constexpr std::uint32_t kMostNodes = ast::kMaxNodes / 2;

class Simplifier {
 public:
  explicit Simplifier(const ast::Program& program) : program_(program), rewriter_(program_) {}

  PassResult run() {
    block(program_.body(), 1);
    if (changes_ == 0) return {std::move(program_)};
    PassResult result;
    ast::compact(program_, result.program);
    result.changes = changes_;
    return result;
  }

 private:
  void block(NodeId first, unsigned depth) {
    for (NodeId id = first; id.valid(); id = program_.node(id).next) statement(id, depth);
  }

  void statement(NodeId id, unsigned depth) {
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Let:
      case NodeKind::Store:
        expression(node.child_b(), depth + 1);
        break;
      case NodeKind::Return:
        if (node.child_a().valid()) expression(node.child_a(), depth + 1);
        break;
      case NodeKind::Push:
      case NodeKind::Print:
        expression(node.child_a(), depth + 1);
        break;
      case NodeKind::If:
        condition(node.child_a(), depth + 1);
        block(node.child_b(), depth + 1);
        block(node.child_c(), depth + 1);
        break;
      case NodeKind::Loop:
        expression(node.child_a(), depth + 1);
        block(node.child_b(), depth + 1);
        break;
      case NodeKind::While:
        condition(node.child_a(), depth + 1);
        block(node.child_b(), depth + 1);
        break;
      default:
        break;
    }
  }

  void condition(NodeId id, unsigned depth) {
    if (room() && reduce_indivisibility(rewriter_, id, ast::kMaxDepth - depth)) ++changes_;
    expression(id, depth);
    for (unsigned i = 0; i < kMaxRewrites && apply_condition_identity(rewriter_, id); ++i) ++changes_;
  }

  // Operands first; a rewritten node is looked at again.
  void expression(NodeId id, unsigned depth) {
    // Before the remainder is computed in another way.
    if (room() && reduce_divisibility(rewriter_, id, ast::kMaxDepth - depth)) ++changes_;
    const Node node = program_.node(id);
    switch (node.kind) {
      case NodeKind::Unary:
      case NodeKind::Convert:
        expression(node.child_a(), depth + 1);
        break;
      case NodeKind::Binary:
      case NodeKind::Compare:
        expression(node.child_a(), depth + 1);
        expression(node.child_b(), depth + 1);
        break;
      case NodeKind::Select:
        condition(node.child_a(), depth + 1);
        expression(node.child_b(), depth + 1);
        expression(node.child_c(), depth + 1);
        break;
      default:
        return;
    }
    for (unsigned i = 0; i < kMaxRewrites && apply_identity(rewriter_, id); ++i) ++changes_;
    const Node& now = program_.node(id);
    if (now.kind == NodeKind::Binary && ast::op_info(now.op).traps && depth <= kDeepestDivision && room() &&
        reduce_division(rewriter_, id))
      ++changes_;
  }

  [[nodiscard]] bool room() const { return program_.node_count() <= kMostNodes; }

  ast::Program program_;
  Rewriter rewriter_;
  std::uint32_t changes_ = 0;
};

}  // namespace

PassResult simplify(const ast::Program& program) { return Simplifier(program).run(); }

}  // namespace assay::opt
