// Multiples of a constant; see divisibility.h. Tested by core/opt/test/divide_by_constant_test.cc.
//
// Of a divisor d * 2^k with odd d, the multiples are the numbers whose product with the inverse of d modulo 2^w is a
// small multiple of 2^k: the product with an odd number is a bijection, and takes (d * 2^k) * m to m * 2^k. Signed m
// lie between -M and M, so M * 2^k is added first. Rotated by k, multiples of 2^k are below 2^(w-k) and others are not,
// so one comparison decides (Warren, "Hacker's Delight", 2nd edition, section 10-17).
#include "core/opt/divisibility.h"

#include <bit>
#include <cstdint>
#include <utility>

#include "core/opt/expressions.h"
#include "core/scev/recurrence.h"

namespace assay::opt {
namespace {

using ast::Node;
using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Type;

// Levels that the tests below have above the dividend.
constexpr unsigned kLevels = 4;

class Test {
 public:
  Test(Rewriter& rewriter, NodeId remainder)
      : rewriter_(rewriter),
        op_(rewriter.node(remainder).op),
        type_(rewriter.node(remainder).type),
        dividend_(rewriter.node(remainder).child_a()),
        divisor_(rewriter.node(remainder).child_b()) {}

  [[nodiscard]] bool possible(unsigned most_height) const {
    if ((op_ != Op::RemU && op_ != Op::RemS) || !rewriter_.is_constant(divisor_) || magnitude() < 2) return false;
    return expression_height(rewriter_.program(), dividend_) + kLevels <= most_height;
  }

  // True where the dividend is a multiple, or where it is none.
  NodeId build(bool multiple) {
    const std::uint64_t divisor = magnitude();
    if (std::has_single_bit(divisor)) {
      return rewriter_.compare(multiple ? Op::Eq : Op::Ne, rewriter_.binary(Op::And, dividend_, divisor - 1),
                               rewriter_.constant(type_, 0));
    }
    const auto shift = static_cast<unsigned>(std::countr_zero(divisor));
    const std::uint64_t mask = mask_of(type_);
    NodeId product = rewriter_.binary(Op::Mul, dividend_, scev::inverse_of_odd(divisor >> shift) & mask);
    std::uint64_t most = mask / divisor;
    if (op_ == Op::RemS) {
      const std::uint64_t most_signed = (mask / 2) / divisor;
      product = rewriter_.binary(Op::Add, product, most_signed << shift);
      most = 2 * most_signed;
    }
    if (shift != 0) product = rewriter_.binary(Op::Rotr, product, shift);
    return rewriter_.compare(multiple ? Op::LeU : Op::GtU, product, rewriter_.constant(type_, most));
  }

 private:
  // The sign of a divisor is nothing to its multiples. Of MIN the magnitude is itself, as an unsigned number.
  [[nodiscard]] std::uint64_t magnitude() const {
    const std::uint64_t bits = rewriter_.node(divisor_).bits();
    const std::uint64_t sign = std::uint64_t{1} << (ast::bit_width(type_) - 1);
    return op_ == Op::RemS && (bits & sign) != 0 ? (0 - bits) & mask_of(type_) : bits;
  }

  Rewriter& rewriter_;
  Op op_;
  Type type_;
  NodeId dividend_;
  NodeId divisor_;
};

// The remainder that is compared with 0, and whether for being 0.
std::pair<NodeId, bool> compared_remainder(const Rewriter& rewriter, NodeId id) {
  const Node& node = rewriter.node(id);
  if (node.kind == NodeKind::Unary && node.op == Op::Eqz) return {node.child_a(), true};
  if (node.kind != NodeKind::Compare || (node.op != Op::Eq && node.op != Op::Ne)) return {};
  if (rewriter.is_constant(node.child_b(), 0)) return {node.child_a(), node.op == Op::Eq};
  if (rewriter.is_constant(node.child_a(), 0)) return {node.child_b(), node.op == Op::Eq};
  return {};
}

bool reduce(Rewriter& rewriter, NodeId id, NodeId remainder, bool multiple, unsigned most_height) {
  if (!remainder.valid() || rewriter.node(remainder).kind != NodeKind::Binary) return false;
  Test test(rewriter, remainder);
  if (!test.possible(most_height)) return false;
  rewriter.replace(id, test.build(multiple));
  return true;
}

}  // namespace

bool reduce_divisibility(Rewriter& rewriter, NodeId id, unsigned most_height) {
  const auto [remainder, multiple] = compared_remainder(rewriter, id);
  return reduce(rewriter, id, remainder, multiple, most_height);
}

bool reduce_indivisibility(Rewriter& rewriter, NodeId id, unsigned most_height) {
  return reduce(rewriter, id, id, false, most_height);
}

}  // namespace assay::opt
