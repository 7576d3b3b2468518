// Constant arithmetic; see evaluate.h. Tested by core/opt/test/evaluate_test.cc.
#include "core/opt/evaluate.h"

#include <bit>
#include <limits>
#include <type_traits>

namespace assay::opt {
namespace {

using ast::Op;

template <class Unsigned>
std::optional<std::uint64_t> compute(Op op, Unsigned a, Unsigned b) {
  using Signed = std::make_signed_t<Unsigned>;
  constexpr int kBits = std::numeric_limits<Unsigned>::digits;
  constexpr Signed kMin = std::numeric_limits<Signed>::min();
  const Signed sa = static_cast<Signed>(a);
  const Signed sb = static_cast<Signed>(b);
  const int count = static_cast<int>(b & (kBits - 1));
  const auto unsigned_of = [](Signed value) { return std::uint64_t{static_cast<Unsigned>(value)}; };
  switch (op) {
    case Op::Clz:
      return static_cast<std::uint64_t>(std::countl_zero(a));
    case Op::Ctz:
      return static_cast<std::uint64_t>(std::countr_zero(a));
    case Op::Popcnt:
      return static_cast<std::uint64_t>(std::popcount(a));
    case Op::Neg:
      return static_cast<Unsigned>(Unsigned{0} - a);
    case Op::Not:
      return static_cast<Unsigned>(~a);
    case Op::Abs:
      return sa < 0 ? static_cast<Unsigned>(Unsigned{0} - a) : a;
    case Op::Eqz:
      return a == 0 ? 1U : 0U;
    case Op::Add:
      return static_cast<Unsigned>(a + b);
    case Op::Sub:
      return static_cast<Unsigned>(a - b);
    case Op::Mul:
      return static_cast<Unsigned>(a * b);
    case Op::DivS:
      if (b == 0 || (sa == kMin && sb == -1)) return std::nullopt;
      return unsigned_of(static_cast<Signed>(sa / sb));
    case Op::DivU:
      if (b == 0) return std::nullopt;
      return static_cast<Unsigned>(a / b);
    case Op::RemS:
      if (b == 0) return std::nullopt;
      return sb == -1 ? 0 : unsigned_of(static_cast<Signed>(sa % sb));
    case Op::RemU:
      if (b == 0) return std::nullopt;
      return static_cast<Unsigned>(a % b);
    case Op::And:
      return static_cast<Unsigned>(a & b);
    case Op::Or:
      return static_cast<Unsigned>(a | b);
    case Op::Xor:
      return static_cast<Unsigned>(a ^ b);
    case Op::Shl:
      return static_cast<Unsigned>(a << count);
    case Op::ShrS:
      return unsigned_of(static_cast<Signed>(sa >> count));
    case Op::ShrU:
      return static_cast<Unsigned>(a >> count);
    case Op::Rotl:
      return std::rotl(a, count);
    case Op::Rotr:
      return std::rotr(a, count);
    case Op::Eq:
      return a == b ? 1U : 0U;
    case Op::Ne:
      return a != b ? 1U : 0U;
    case Op::LtS:
      return sa < sb ? 1U : 0U;
    case Op::LtU:
      return a < b ? 1U : 0U;
    case Op::GtS:
      return sa > sb ? 1U : 0U;
    case Op::GtU:
      return a > b ? 1U : 0U;
    case Op::LeS:
      return sa <= sb ? 1U : 0U;
    case Op::LeU:
      return a <= b ? 1U : 0U;
    case Op::GeS:
      return sa >= sb ? 1U : 0U;
    case Op::GeU:
      return a >= b ? 1U : 0U;
    case Op::Wrap:
      return static_cast<std::uint32_t>(a);
    case Op::ExtendU:
      return a;
    case Op::ExtendS:
    case Op::Extend32S:
      return static_cast<std::uint64_t>(
          static_cast<std::int64_t>(static_cast<std::int32_t>(static_cast<std::uint32_t>(a))));
    case Op::Extend8S:
      return unsigned_of(static_cast<std::int8_t>(static_cast<std::uint8_t>(a)));
    case Op::Extend16S:
      return unsigned_of(static_cast<std::int16_t>(static_cast<std::uint16_t>(a)));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> evaluate(Op op, ast::Type type, std::uint64_t a, std::uint64_t b) {
  return type == ast::Type::I32 ? compute(op, static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b))
                                : compute(op, a, b);
}

}  // namespace assay::opt
