// Strength reduction of divisions; see divisions.h. Tested by core/opt/test/divide_by_constant_test.cc.
//
// Powers of two are shifts: of unsigned numbers plainly, of signed ones after 2^k - 1 has been added to negative
// dividends, because a shift rounds down and a division towards zero. All other divisors go through a reciprocal
// (divide_by_constant.h).
#include "core/opt/divisions.h"

#include <bit>

#include "core/opt/divide_by_constant.h"

namespace assay::opt {
namespace {

using ast::NodeId;
using ast::NodeKind;
using ast::Op;
using ast::Type;

class Reduction {
 public:
  Reduction(Rewriter& rewriter, NodeId id)
      : rewriter_(rewriter),
        id_(id),
        op_(rewriter.node(id).op),
        type_(rewriter.node(id).type),
        dividend_(rewriter.node(id).child_a()) {}

  bool run() {
    const NodeId divisor = rewriter_.node(id_).child_b();
    if (!rewriter_.is_constant(divisor)) return false;
    const std::uint64_t bits = rewriter_.node(divisor).bits();
    const NodeId reduced = op_ == Op::DivU || op_ == Op::RemU ? unsigned_one(bits) : signed_one(bits);
    if (!reduced.valid()) return false;
    rewriter_.replace(id_, reduced);
    return true;
  }

 private:
  [[nodiscard]] bool is_remainder() const { return op_ == Op::RemU || op_ == Op::RemS; }
  [[nodiscard]] bool readable() const { return rewriter_.node(dividend_).kind == NodeKind::Load; }
  NodeId dividend() { return rewriter_.load_again(dividend_); }

  NodeId unsigned_one(std::uint64_t divisor) {
    if (divisor == 0) return NodeId::none();
    if (std::has_single_bit(divisor)) {
      const auto shift = static_cast<std::uint64_t>(std::countr_zero(divisor));
      return is_remainder() ? rewriter_.binary(Op::And, dividend_, divisor - 1)
                            : rewriter_.binary(Op::ShrU, dividend_, shift);
    }
    if (!readable()) return NodeId::none();
    const UnsignedReciprocal reciprocal = unsigned_reciprocal(type_, divisor);
    const NodeId quotient = type_ == Type::I32 ? narrow_quotient(reciprocal) : wide_quotient(reciprocal);
    return finish(quotient, divisor);
  }

  // The quotient itself, or the remainder that it leaves.
  NodeId finish(NodeId quotient, std::uint64_t divisor) {
    if (!is_remainder()) return quotient;
    return rewriter_.binary(Op::Sub, dividend(), rewriter_.binary(Op::Mul, quotient, divisor));
  }

  // In 64 bits there is room for the whole product, and for the dividend that a multiplier of 33 bits adds.
  NodeId narrow_quotient(const UnsignedReciprocal& reciprocal) {
    const auto wide = [this] { return rewriter_.convert(Op::ExtendU, dividend()); };
    const NodeId product = rewriter_.binary(Op::Mul, wide(), reciprocal.multiplier);
    if (!reciprocal.carry) {
      return rewriter_.convert(Op::Wrap, rewriter_.binary(Op::ShrU, product, 32 + reciprocal.shift));
    }
    const NodeId high = rewriter_.binary(Op::ShrU, product, 32);
    return rewriter_.convert(Op::Wrap,
                             rewriter_.binary(Op::ShrU, rewriter_.binary(Op::Add, high, wide()), reciprocal.shift));
  }

  NodeId wide_quotient(const UnsignedReciprocal& reciprocal) {
    if (!reciprocal.carry) {
      return rewriter_.binary(Op::ShrU, high_product(reciprocal.multiplier), reciprocal.shift);
    }
    // (n + high) needs 65 bits: half of the difference is added instead.
    const NodeId half =
        rewriter_.binary(Op::ShrU, rewriter_.binary(Op::Sub, dividend(), high_product(reciprocal.multiplier)), 1);
    return rewriter_.binary(Op::ShrU, rewriter_.binary(Op::Add, half, high_product(reciprocal.multiplier)),
                            reciprocal.shift - 1);
  }

  // The high 64 bits of the unsigned product, from products of halves. Parts occur twice; `cse` computes them once.
  NodeId high_product(std::uint64_t multiplier) {
    const std::uint64_t low_half = multiplier & 0xFFFF'FFFFU;
    const std::uint64_t high_half = multiplier >> 32;
    const auto low = [this] { return rewriter_.binary(Op::And, dividend(), 0xFFFF'FFFFU); };
    const auto high = [this] { return rewriter_.binary(Op::ShrU, dividend(), 32); };
    const auto upper = [this](NodeId value) { return rewriter_.binary(Op::ShrU, value, 32); };
    const auto middle = [&] {
      return rewriter_.binary(Op::Add, rewriter_.binary(Op::Mul, high(), low_half),
                              upper(rewriter_.binary(Op::Mul, low(), low_half)));
    };
    const NodeId other = rewriter_.binary(Op::Add, rewriter_.binary(Op::Mul, low(), high_half),
                                          rewriter_.binary(Op::And, middle(), 0xFFFF'FFFFU));
    return rewriter_.binary(Op::Add,
                            rewriter_.binary(Op::Add, rewriter_.binary(Op::Mul, high(), high_half), upper(middle())),
                            upper(other));
  }

  NodeId signed_one(std::uint64_t bits) {
    const std::uint64_t sign = std::uint64_t{1} << (ast::bit_width(type_) - 1);
    const bool negative = (bits & sign) != 0;
    // Of MIN the magnitude is itself, as an unsigned number.
    const std::uint64_t magnitude = negative ? (0 - bits) & mask_of(type_) : bits;
    if (magnitude == 0 || (magnitude == 1 && negative) || !readable()) return NodeId::none();
    if (magnitude == 1) return is_remainder() ? rewriter_.constant(type_, 0) : dividend();
    const NodeId quotient = std::has_single_bit(magnitude) ? shifted_quotient(magnitude) : signed_quotient(magnitude);
    // n % -d is n % d, and n / -d is -(n / d).
    if (is_remainder()) return finish(quotient, magnitude);
    return negative ? rewriter_.unary(Op::Neg, quotient) : quotient;
  }

  // All ones where the dividend is negative, else 0.
  NodeId sign_mask() { return rewriter_.binary(Op::ShrS, dividend(), ast::bit_width(type_) - 1); }

  NodeId shifted_quotient(std::uint64_t magnitude) {
    const auto shift = static_cast<std::uint64_t>(std::countr_zero(magnitude));
    const NodeId bias = rewriter_.binary(Op::ShrU, sign_mask(), ast::bit_width(type_) - shift);
    return rewriter_.binary(Op::ShrS, rewriter_.binary(Op::Add, dividend(), bias), shift);
  }

  NodeId signed_quotient(std::uint64_t magnitude) {
    const SignedReciprocal reciprocal = signed_reciprocal(type_, magnitude);
    NodeId rounded_down;
    if (type_ == Type::I32) {
      const NodeId product =
          rewriter_.binary(Op::Mul, rewriter_.convert(Op::ExtendS, dividend()), reciprocal.multiplier);
      rounded_down = rewriter_.convert(Op::Wrap, rewriter_.binary(Op::ShrS, product, 32 + reciprocal.shift));
    } else {
      // The unsigned high half counts a negative dividend as 2^64 more.
      const NodeId excess = rewriter_.binary(Op::And, sign_mask(), reciprocal.multiplier);
      rounded_down = rewriter_.binary(Op::ShrS, rewriter_.binary(Op::Sub, high_product(reciprocal.multiplier), excess),
                                      reciprocal.shift);
    }
    return rewriter_.binary(Op::Sub, rounded_down, sign_mask());
  }

  Rewriter& rewriter_;
  NodeId id_;
  Op op_;
  Type type_;
  NodeId dividend_;
};

}  // namespace

bool reduce_division(Rewriter& rewriter, NodeId id) { return Reduction(rewriter, id).run(); }

}  // namespace assay::opt
