// The operators, one function each; see operators.h. Tested by core/interp/test/operators_test.cc.
#include "core/interp/operators.h"

#include <bit>
#include <limits>
#include <type_traits>

namespace assay::interp {
namespace {

using ast::TrapKind;

// U is the unsigned type of the operands' width. Arithmetic on it wraps; the signed reading is spelled out where it
// matters.
template <class U>
using Signed = std::make_signed_t<U>;
template <class U>
constexpr unsigned kWidth = std::numeric_limits<U>::digits;

template <class U>
Signed<U> as_signed(U x) {
  return static_cast<Signed<U>>(x);
}

template <class U>
constexpr U kMin = U{1} << (kWidth<U> - 1);

Value trap(TrapKind kind) { return {0, kind}; }

// Unary.
template <class U>
Value eval_Clz(U x, U) {
  return {static_cast<std::uint64_t>(std::countl_zero(x))};
}
template <class U>
Value eval_Ctz(U x, U) {
  return {static_cast<std::uint64_t>(std::countr_zero(x))};
}
template <class U>
Value eval_Popcnt(U x, U) {
  return {static_cast<std::uint64_t>(std::popcount(x))};
}
template <class U>
Value eval_Neg(U x, U) {
  return {static_cast<U>(U{0} - x)};
}
template <class U>
Value eval_Not(U x, U) {
  return {static_cast<U>(x ^ static_cast<U>(-1))};
}
template <class U>
Value eval_Abs(U x, U) {
  return {as_signed(x) < 0 ? static_cast<U>(U{0} - x) : x};
}
template <class U>
Value eval_Eqz(U x, U) {
  return {x == 0 ? 1U : 0U};
}

// Binary.
template <class U>
Value eval_Add(U a, U b) {
  return {static_cast<U>(a + b)};
}
template <class U>
Value eval_Sub(U a, U b) {
  return {static_cast<U>(a - b)};
}
template <class U>
Value eval_Mul(U a, U b) {
  return {static_cast<U>(a * b)};
}
template <class U>
Value eval_DivS(U a, U b) {
  if (b == 0) return trap(TrapKind::DivideByZero);
  if (a == kMin<U> && as_signed(b) == -1) return trap(TrapKind::IntegerOverflow);
  return {static_cast<U>(as_signed(a) / as_signed(b))};
}
template <class U>
Value eval_DivU(U a, U b) {
  if (b == 0) return trap(TrapKind::DivideByZero);
  return {static_cast<U>(a / b)};
}
template <class U>
Value eval_RemS(U a, U b) {
  if (b == 0) return trap(TrapKind::DivideByZero);
  if (as_signed(b) == -1) return {0};
  return {static_cast<U>(as_signed(a) % as_signed(b))};
}
template <class U>
Value eval_RemU(U a, U b) {
  if (b == 0) return trap(TrapKind::DivideByZero);
  return {static_cast<U>(a % b)};
}
template <class U>
Value eval_And(U a, U b) {
  return {static_cast<U>(a & b)};
}
template <class U>
Value eval_Or(U a, U b) {
  return {static_cast<U>(a | b)};
}
template <class U>
Value eval_Xor(U a, U b) {
  return {static_cast<U>(a ^ b)};
}
template <class U>
Value eval_Shl(U a, U b) {
  return {static_cast<U>(a << (b % kWidth<U>))};
}
template <class U>
Value eval_ShrS(U a, U b) {
  return {static_cast<U>(as_signed(a) >> (b % kWidth<U>))};
}
template <class U>
Value eval_ShrU(U a, U b) {
  return {static_cast<U>(a >> (b % kWidth<U>))};
}
template <class U>
Value eval_Rotl(U a, U b) {
  const U count = b % kWidth<U>;
  if (count == 0) return {a};
  return {static_cast<U>((a << count) | (a >> (kWidth<U> - count)))};
}
template <class U>
Value eval_Rotr(U a, U b) {
  const U count = b % kWidth<U>;
  if (count == 0) return {a};
  return {static_cast<U>((a >> count) | (a << (kWidth<U> - count)))};
}

// Comparisons.
Value truth(bool holds) { return {holds ? 1U : 0U}; }
template <class U>
Value eval_Eq(U a, U b) {
  return truth(a == b);
}
template <class U>
Value eval_Ne(U a, U b) {
  return truth(a != b);
}
template <class U>
Value eval_LtS(U a, U b) {
  return truth(as_signed(a) < as_signed(b));
}
template <class U>
Value eval_LtU(U a, U b) {
  return truth(a < b);
}
template <class U>
Value eval_GtS(U a, U b) {
  return truth(as_signed(a) > as_signed(b));
}
template <class U>
Value eval_GtU(U a, U b) {
  return truth(a > b);
}
template <class U>
Value eval_LeS(U a, U b) {
  return truth(as_signed(a) <= as_signed(b));
}
template <class U>
Value eval_LeU(U a, U b) {
  return truth(a <= b);
}
template <class U>
Value eval_GeS(U a, U b) {
  return truth(as_signed(a) >= as_signed(b));
}
template <class U>
Value eval_GeU(U a, U b) {
  return truth(a >= b);
}

// Conversions.
template <class U>
Value eval_Wrap(U x, U) {
  return {static_cast<std::uint32_t>(x)};
}
template <class U>
Value eval_ExtendS(U x, U) {
  return {static_cast<std::uint64_t>(std::int64_t{as_signed(static_cast<std::uint32_t>(x))})};
}
template <class U>
Value eval_ExtendU(U x, U) {
  return {static_cast<std::uint32_t>(x)};
}
template <class U>
Value eval_Extend8S(U x, U) {
  const Signed<U> extended = static_cast<std::int8_t>(x);
  return {static_cast<U>(extended)};
}
template <class U>
Value eval_Extend16S(U x, U) {
  const Signed<U> extended = static_cast<std::int16_t>(x);
  return {static_cast<U>(extended)};
}
template <class U>
Value eval_Extend32S(U x, U) {
  return {static_cast<U>(static_cast<std::int64_t>(static_cast<std::int32_t>(x)))};
}

template <class U>
Value apply_at(ast::Op op, U a, U b) {
  switch (op) {
#define ASSAY_UNARY(Id, name, prefix, result) \
  case ast::Op::Id:                           \
    return eval_##Id<U>(a, b);
#define ASSAY_BINARY(Id, name, infix, level, traps) \
  case ast::Op::Id:                                 \
    return eval_##Id<U>(a, b);
#define ASSAY_COMPARE(Id, name, infix, level) \
  case ast::Op::Id:                           \
    return eval_##Id<U>(a, b);
#define ASSAY_CONVERT(Id, name, from, to) \
  case ast::Op::Id:                       \
    return eval_##Id<U>(a, b);
#include "core/ast/ops.def"
  }
  return {};
}

}  // namespace

Value apply(ast::Op op, ast::Type type, std::uint64_t a, std::uint64_t b) {
  if (type == ast::Type::I32) return apply_at(op, static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b));
  return apply_at(op, a, b);
}

}  // namespace assay::interp
