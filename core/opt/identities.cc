// The rules; see identities.h. Tested by core/opt/test/simplify_test.cc.
#include "core/opt/identities.h"

#include <bit>

#include "core/opt/comparisons.h"
#include "core/opt/evaluate.h"
#include "core/opt/expressions.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Type;

class Rules {
 public:
  Rules(Rewriter& rewriter, NodeId id)
      : rewriter_(rewriter), id_(id), node_(rewriter.node(id)), a_(node_.child_a()), b_(node_.child_b()) {}

  bool apply() {
    switch (node_.kind) {
      case NodeKind::Unary:
        return unary();
      case NodeKind::Binary:
        return binary();
      case NodeKind::Compare:
        return compare();
      case NodeKind::Convert:
        return convert();
      case NodeKind::Select:
        return select();
      default:
        return false;
    }
  }

 private:
  bool becomes(NodeId replacement) {
    rewriter_.replace(id_, replacement);
    return true;
  }
  bool becomes_constant(std::uint64_t bits) {
    rewriter_.replace_by_constant(id_, bits);
    return true;
  }

  [[nodiscard]] bool discardable(NodeId id) const { return !can_trap(rewriter_.program(), id); }
  [[nodiscard]] bool same(NodeId left, NodeId right) const {
    return same_expression(rewriter_.program(), left, right) && discardable(left);
  }

  bool unary() {
    if ((node_.op == Op::Neg || node_.op == Op::Not) && rewriter_.is_operation(a_, node_.op)) {
      return becomes(rewriter_.node(a_).child_a());
    }
    if (node_.op == Op::Neg && rewriter_.is_operation(a_, Op::Sub)) {
      return rebuild_reversed();
    }
    if (node_.op == Op::Abs && rewriter_.is_operation(a_, Op::Abs)) return becomes(a_);
    if (node_.op == Op::Eqz && rewriter_.node(a_).kind == NodeKind::Compare) {
      const Node inner = rewriter_.node(a_);
      return becomes(rewriter_.compare(inverse_comparison(inner.op), inner.child_a(), inner.child_b()));
    }
    return false;
  }

  // -(a - b) is b - a, where no order of evaluation is at stake.
  bool rebuild_reversed() {
    const Node inner = rewriter_.node(a_);
    if (!discardable(inner.child_a()) || !discardable(inner.child_b())) return false;
    return becomes(rewriter_.binary(Op::Sub, inner.child_b(), inner.child_a()));
  }

  bool binary() {
    const Type type = node_.type;
    if (is_commutative(node_.op) && rewriter_.is_constant(a_) && !rewriter_.is_constant(b_)) {
      return becomes(rewriter_.binary(node_.op, b_, a_));
    }
    if (rewriter_.is_constant(b_)) return with_constant(type, rewriter_.node(b_).bits());
    switch (node_.op) {
      case Op::Add:
        if (rewriter_.is_operation(b_, Op::Neg)) {
          return becomes(rewriter_.binary(Op::Sub, a_, rewriter_.node(b_).child_a()));
        }
        return false;
      case Op::Sub:
        if (same(a_, b_)) return becomes_constant(0);
        if (rewriter_.is_operation(b_, Op::Neg)) {
          return becomes(rewriter_.binary(Op::Add, a_, rewriter_.node(b_).child_a()));
        }
        if (rewriter_.is_constant(a_, 0)) return becomes(rewriter_.unary(Op::Neg, b_));
        return false;
      case Op::Xor:
        return same(a_, b_) && becomes_constant(0);
      case Op::And:
      case Op::Or:
        return same(a_, b_) && becomes(a_);
      default:
        return false;
    }
  }

  bool with_constant(Type type, std::uint64_t bits) {
    const std::uint64_t ones = mask_of(type);
    const unsigned width = ast::bit_width(type);
    switch (node_.op) {
      case Op::Add:
        if (bits == 0) return becomes(a_);
        break;
      case Op::Sub:
        if (bits == 0) return becomes(a_);
        return becomes(rewriter_.binary(Op::Add, a_, (0 - bits) & ones));
      case Op::Mul:
        if (bits == 1) return becomes(a_);
        if (bits == 0 && discardable(a_)) return becomes_constant(0);
        if (bits == ones) return becomes(rewriter_.unary(Op::Neg, a_));
        if (std::has_single_bit(bits)) {
          return becomes(rewriter_.binary(Op::Shl, a_, static_cast<std::uint64_t>(std::countr_zero(bits))));
        }
        break;
      case Op::And:
        if (bits == ones) return becomes(a_);
        if (bits == 0 && discardable(a_)) return becomes_constant(0);
        break;
      case Op::Or:
        if (bits == 0) return becomes(a_);
        if (bits == ones && discardable(a_)) return becomes_constant(ones);
        break;
      case Op::Xor:
        if (bits == 0) return becomes(a_);
        if (bits == ones) return becomes(rewriter_.unary(Op::Not, a_));
        break;
      case Op::Shl:
      case Op::ShrS:
      case Op::ShrU:
      case Op::Rotl:
      case Op::Rotr:
        // The count is taken modulo the width, and is written that way.
        if (bits % width == 0) return becomes(a_);
        if (bits >= width) return becomes(rewriter_.binary(node_.op, a_, bits % width));
        break;
      case Op::DivU:
      case Op::DivS:
        return bits == 1 && becomes(a_);
      case Op::RemU:
        return bits == 1 && discardable(a_) && becomes_constant(0);
      case Op::RemS:
        return (bits == 1 || bits == ones) && discardable(a_) && becomes_constant(0);
      default:
        return false;
    }
    return gather(type, bits);
  }

  // (x op c) op d is x op (c op d) for operators that associate, and shifts add up while they stay below the width.
  bool gather(Type type, std::uint64_t bits) {
    if (!rewriter_.is_operation(a_, node_.op)) return false;
    const Node inner = rewriter_.node(a_);
    if (!rewriter_.is_constant(inner.child_b())) return false;
    const std::uint64_t other = rewriter_.node(inner.child_b()).bits();
    switch (node_.op) {
      case Op::Add:
      case Op::Mul:
      case Op::And:
      case Op::Or:
      case Op::Xor: {
        const auto gathered = evaluate(node_.op, type, other, bits);
        return becomes(rewriter_.binary(node_.op, inner.child_a(), *gathered));
      }
      case Op::Shl:
      case Op::ShrU: {
        const unsigned width = ast::bit_width(type);
        const std::uint64_t total = other % width + bits % width;
        if (total < width) return becomes(rewriter_.binary(node_.op, inner.child_a(), total));
        return discardable(inner.child_a()) && becomes_constant(0);
      }
      default:
        return false;
    }
  }

  bool compare() {
    if (rewriter_.is_constant(a_) && !rewriter_.is_constant(b_)) {
      return becomes(rewriter_.compare(mirrored_comparison(node_.op), b_, a_));
    }
    if (same(a_, b_)) return becomes_constant(holds_for_equal(node_.op) ? 1 : 0);
    if (!rewriter_.is_constant(b_)) return false;
    const Type type = rewriter_.node(b_).type;
    const std::uint64_t bits = rewriter_.node(b_).bits();
    if (const auto always = decided(type, bits); always && discardable(a_)) return becomes_constant(*always);
    if (bits == 0) {
      if (node_.op == Op::Eq) return becomes(rewriter_.unary(Op::Eqz, a_));
      if (node_.op == Op::GtU) return becomes(rewriter_.compare(Op::Ne, a_, b_));
      if (node_.op == Op::LeU) return becomes(rewriter_.unary(Op::Eqz, a_));
      if (node_.op == Op::Ne && rewriter_.node(a_).kind == NodeKind::Compare) return becomes(a_);
    }
    return (node_.op == Op::Eq || node_.op == Op::Ne) && shift_equation(type, bits);
  }

  // x + c == d is x == d - c, and x ^ c == d is x == c ^ d.
  bool shift_equation(Type type, std::uint64_t bits) {
    const bool sum = rewriter_.is_operation(a_, Op::Add);
    if (!sum && !rewriter_.is_operation(a_, Op::Xor)) return false;
    const Node inner = rewriter_.node(a_);
    if (!rewriter_.is_constant(inner.child_b())) return false;
    const std::uint64_t other = rewriter_.node(inner.child_b()).bits();
    const std::uint64_t moved = sum ? (bits - other) & mask_of(type) : bits ^ other;
    return becomes(rewriter_.compare(node_.op, inner.child_a(), rewriter_.constant(type, moved)));
  }

  // Comparisons with the end of the range that hold always or never.
  [[nodiscard]] std::optional<std::uint64_t> decided(Type type, std::uint64_t bits) const {
    const std::uint64_t least = std::uint64_t{1} << (ast::bit_width(type) - 1);
    switch (node_.op) {
      case Op::LtU:
        return bits == 0 ? std::optional<std::uint64_t>(0) : std::nullopt;
      case Op::GeU:
        return bits == 0 ? std::optional<std::uint64_t>(1) : std::nullopt;
      case Op::GtU:
        return bits == mask_of(type) ? std::optional<std::uint64_t>(0) : std::nullopt;
      case Op::LeU:
        return bits == mask_of(type) ? std::optional<std::uint64_t>(1) : std::nullopt;
      case Op::LtS:
        return bits == least ? std::optional<std::uint64_t>(0) : std::nullopt;
      case Op::GeS:
        return bits == least ? std::optional<std::uint64_t>(1) : std::nullopt;
      case Op::GtS:
        return bits == least - 1 ? std::optional<std::uint64_t>(0) : std::nullopt;
      case Op::LeS:
        return bits == least - 1 ? std::optional<std::uint64_t>(1) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  bool convert() {
    const Node inner = rewriter_.node(a_);
    if (inner.kind != NodeKind::Convert) return false;
    switch (node_.op) {
      case Op::Wrap:
        if (inner.op == Op::ExtendS || inner.op == Op::ExtendU) return becomes(inner.child_a());
        if (inner.op == Op::Extend32S) return becomes(rewriter_.convert(Op::Wrap, inner.child_a()));
        return false;
      case Op::Extend8S:
        return (inner.op == Op::Extend8S) ? becomes(a_)
               : inner.op == Op::Extend16S || inner.op == Op::Extend32S
                   ? becomes(rewriter_.convert(Op::Extend8S, inner.child_a()))
                   : false;
      case Op::Extend16S:
        return (inner.op == Op::Extend8S || inner.op == Op::Extend16S) ? becomes(a_)
               : inner.op == Op::Extend32S ? becomes(rewriter_.convert(Op::Extend16S, inner.child_a()))
                                           : false;
      case Op::Extend32S:
        return (inner.op == Op::ExtendS || inner.op == Op::Extend8S || inner.op == Op::Extend16S ||
                inner.op == Op::Extend32S) &&
               becomes(a_);
      default:
        return false;
    }
  }

  bool select() {
    const NodeId if_false = node_.child_c();
    if (same_expression(rewriter_.program(), b_, if_false) && discardable(a_)) return becomes(b_);
    // select(c, 1, 0) is c where c is 0 or 1.
    if (node_.type == Type::I32 && rewriter_.is_constant(b_, 1) && rewriter_.is_constant(if_false, 0) &&
        is_truth_value(a_)) {
      return becomes(a_);
    }
    // select(!c, x, y) is select(c, y, x), where it is not at stake which of them traps first.
    if (rewriter_.is_operation(a_, Op::Eqz) && (discardable(b_) || discardable(if_false))) {
      return becomes(rewriter_.select(rewriter_.node(a_).child_a(), if_false, b_));
    }
    return sign_bit_by_sign();
  }

  // select(x < 0, MIN, 0) is the sign bit of x, select(x >= 0, MIN, 0) that of ~x.
  bool sign_bit_by_sign() {
    const Node condition = rewriter_.node(a_);
    const std::uint64_t sign_bit = std::uint64_t{1} << (ast::bit_width(node_.type) - 1);
    if (condition.kind != NodeKind::Compare || !rewriter_.is_constant(condition.child_b(), 0) ||
        rewriter_.node(condition.child_b()).type != node_.type || !rewriter_.is_constant(b_, sign_bit) ||
        !rewriter_.is_constant(node_.child_c(), 0)) {
      return false;
    }
    const NodeId tested = condition.child_a();
    if (condition.op == Op::LtS) return becomes(rewriter_.binary(Op::And, tested, sign_bit));
    if (condition.op != Op::GeS) return false;
    return becomes(rewriter_.binary(Op::And, rewriter_.unary(Op::Not, tested), sign_bit));
  }

  [[nodiscard]] bool is_truth_value(NodeId id) const {
    return rewriter_.node(id).kind == NodeKind::Compare || rewriter_.is_operation(id, Op::Eqz);
  }

  Rewriter& rewriter_;
  NodeId id_;
  Node node_;
  NodeId a_;
  NodeId b_;
};

}  // namespace

bool apply_identity(Rewriter& rewriter, NodeId id) { return Rules(rewriter, id).apply(); }

bool apply_condition_identity(Rewriter& rewriter, NodeId id) {
  if (rewriter.is_operation(id, Op::Ne)) {
    const Node node = rewriter.node(id);
    if (rewriter.is_constant(node.child_b(), 0)) {
      rewriter.replace(id, node.child_a());
      return true;
    }
  }
  if (rewriter.is_operation(id, Op::Eqz) && rewriter.is_operation(rewriter.node(id).child_a(), Op::Eqz)) {
    rewriter.replace(id, rewriter.node(rewriter.node(id).child_a()).child_a());
    return true;
  }
  if (rewriter.is_operation(id, Op::Neg) || rewriter.is_operation(id, Op::Abs) ||
      rewriter.is_operation(id, Op::ExtendS) || rewriter.is_operation(id, Op::ExtendU)) {
    rewriter.replace(id, rewriter.node(id).child_a());
    return true;
  }
  return false;
}

}  // namespace assay::opt
