// The definitions at 8 bits; see narrow_model.h. Tested by smt/operators/test/narrow_model_test.cc.
#include "smt/operators/narrow_model.h"

#include <cstdio>
#include <optional>

namespace assay::smt {
namespace {

using ast::Op;
using Unsigned = std::uint8_t;
using Signed = std::int8_t;

enum class Trap : std::uint8_t { None, ByZero, Overflow };

struct Defined {
  std::uint64_t value = 0;
  Trap trap = Trap::None;
};

// Plain definitions. C++ computes in int, wide enough for all of these to be exact before they are cut to 8 bits.
Defined defined(Op op, Unsigned x, Unsigned y) {
  const auto sx = static_cast<Signed>(x);
  const auto sy = static_cast<Signed>(y);
  const int count = y % 8;
  const auto cut = [](int value) { return Defined{static_cast<Unsigned>(value)}; };
  const auto truth = [](bool value) { return Defined{value ? 1U : 0U}; };
  const Defined by_zero{0, Trap::ByZero};
  switch (op) {
    case Op::Clz: {
      int zeros = 0;
      while (zeros < 8 && (x & (0x80 >> zeros)) == 0) ++zeros;
      return cut(zeros);
    }
    case Op::Ctz: {
      int zeros = 0;
      while (zeros < 8 && (x & (1 << zeros)) == 0) ++zeros;
      return cut(zeros);
    }
    case Op::Popcnt: {
      int ones = 0;
      for (int rest = x; rest != 0; rest /= 2) ones += rest % 2;
      return cut(ones);
    }
    case Op::Neg:
      return cut(256 - x);
    case Op::Not:
      return cut(255 - x);
    case Op::Abs:
      return cut(sx < 0 ? -sx : sx);
    case Op::Eqz:
      return truth(x == 0);
    case Op::Add:
      return cut(x + y);
    case Op::Sub:
      return cut(x - y);
    case Op::Mul:
      return cut(x * y);
    case Op::DivS:
      if (y == 0) return by_zero;
      if (sx / sy == 128) return {0, Trap::Overflow};
      return cut(sx / sy);
    case Op::DivU:
      return y == 0 ? by_zero : cut(x / y);
    case Op::RemS:
      return y == 0 ? by_zero : cut(sx % sy);
    case Op::RemU:
      return y == 0 ? by_zero : cut(x % y);
    case Op::And:
      return cut(x & y);
    case Op::Or:
      return cut(x | y);
    case Op::Xor:
      return cut(x ^ y);
    case Op::Shl:
      return cut(x << count);
    case Op::ShrS:
      return cut(sx >> count);
    case Op::ShrU:
      return cut(x >> count);
    case Op::Rotl:
    case Op::Rotr: {
      // One step at a time.
      int turned = x;
      for (int i = 0; i < count; ++i) {
        turned = op == Op::Rotl ? (turned * 2) % 256 + turned / 128 : turned / 2 + (turned % 2) * 128;
      }
      return cut(turned);
    }
    case Op::Eq:
      return truth(x == y);
    case Op::Ne:
      return truth(x != y);
    case Op::LtS:
      return truth(sx < sy);
    case Op::LtU:
      return truth(x < y);
    case Op::GtS:
      return truth(sx > sy);
    case Op::GtU:
      return truth(x > y);
    case Op::LeS:
      return truth(sx <= sy);
    case Op::LeU:
      return truth(x <= y);
    case Op::GeS:
      return truth(sx >= sy);
    case Op::GeU:
      return truth(x >= y);
    default:
      return {};  // conversions: see below
  }
}

// Of a conversion: how many low bits it keeps, and what stands above them.
struct Conversion {
  unsigned from = 0;
  unsigned kept = 0;
  bool is_signed = false;
  unsigned to = 0;
};

std::optional<Conversion> conversion(Op op, unsigned width) {
  switch (op) {
    case Op::Wrap:
      return Conversion{64, 32, false, 32};
    case Op::ExtendS:
      return Conversion{32, 32, true, 64};
    case Op::ExtendU:
      return Conversion{32, 32, false, 64};
    case Op::Extend8S:
      return Conversion{width, 8, true, width};
    case Op::Extend16S:
      return Conversion{width, 16, true, width};
    case Op::Extend32S:
      return Conversion{64, 32, true, 64};
    default:
      return std::nullopt;
  }
}

std::uint64_t converted(const Conversion& how, std::uint64_t x) {
  const std::uint64_t limit = std::uint64_t{1} << how.kept;
  std::uint64_t value = x % limit;
  // Minus 2^kept where the highest bit kept says so.
  if (how.is_signed && value >= limit / 2) value -= limit;
  return how.to == 64 ? value : value % (std::uint64_t{1} << how.to);
}

std::string pair_text(std::uint64_t x, std::uint64_t y) {
  char text[64];
  std::snprintf(text, sizeof text, "0x%llx, 0x%llx", static_cast<unsigned long long>(x),
                static_cast<unsigned long long>(y));
  return text;
}

bool same(const Terms& terms, const Meaning& meant, const Defined& expected) {
  if (terms.is_constant(meant.divides_by_zero, 1)) return expected.trap == Trap::ByZero;
  if (terms.is_constant(meant.overflows, 1)) return expected.trap == Trap::Overflow;
  return expected.trap == Trap::None && terms.is_constant(meant.value, expected.value);
}

}  // namespace

NarrowResult check_narrow_model(Op op, ast::Type type, const MeaningFunction& meant) {
  NarrowResult result;
  Terms terms;
  const auto how = conversion(op, ast::bit_width(type));
  for (unsigned x = 0; x < 256; ++x) {
    for (unsigned y = 0; y < 256; ++y) {
      std::uint64_t left = x;
      Defined expected;
      TermId meant_left;
      TermId meant_right;
      if (how) {
        // x ends in the highest bit that is kept, y stands above it.
        left = (std::uint64_t{x} << (how->kept - 8)) | (how->kept < 64 ? std::uint64_t{y} << how->kept : 0);
        left &= mask_of(how->from);
        expected.value = converted(*how, left);
        meant_left = meant_right = terms.constant(how->from, left);
      } else {
        expected = defined(op, static_cast<Unsigned>(x), static_cast<Unsigned>(y));
        meant_left = terms.constant(8, x);
        meant_right = terms.constant(8, y);
      }
      const Meaning computed = meant(terms, op, meant_left, meant_right);
      ++result.pairs;
      if (same(terms, computed, expected)) continue;
      result.difference = pair_text(left, y);
      return result;
    }
  }
  return result;
}

}  // namespace assay::smt
