// Comparing with the interpreter; see samples.h. Tested by smt/operators/test/narrow_model_test.cc.
#include "smt/operators/samples.h"

#include <array>
#include <cstdio>

#include "core/base/rng.h"
#include "core/interp/operators.h"

namespace assay::smt {
namespace {

constexpr std::array<std::uint64_t, 24> kEdges = {
    0,           1,           2,           3,           7,           31,          32,           33,
    63,          64,          65,          0x7F,        0x80,        0xFF,        0x7FFF,       0x8000,
    0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF, 1ULL << 32U, ~0ULL >> 1U, 1ULL << 63U, ~0ULL - 1ULL, ~0ULL};

bool same(const Terms& terms, const Meaning& meant, const interp::Value& expected) {
  if (terms.is_constant(meant.divides_by_zero, 1)) return expected.trap == ast::TrapKind::DivideByZero;
  if (terms.is_constant(meant.overflows, 1)) return expected.trap == ast::TrapKind::IntegerOverflow;
  return expected.trap == ast::TrapKind::None && terms.is_constant(meant.value, expected.bits);
}

}  // namespace

SampleResult check_samples(ast::Op op, ast::Type type, std::uint64_t seed, std::uint64_t random_pairs,
                           const MeaningFunction& meant) {
  SampleResult result;
  const unsigned width = ast::bit_width(type);
  const auto agrees = [&](std::uint64_t x, std::uint64_t y) {
    Terms terms;
    x &= mask_of(width);
    y &= mask_of(width);
    ++result.pairs;
    const Meaning computed = meant(terms, op, terms.constant(width, x), terms.constant(width, y));
    if (same(terms, computed, interp::apply(op, type, x, y))) return true;
    char text[64];
    std::snprintf(text, sizeof text, "0x%llx, 0x%llx", static_cast<unsigned long long>(x),
                  static_cast<unsigned long long>(y));
    result.difference = text;
    return false;
  };
  for (const std::uint64_t x : kEdges) {
    for (const std::uint64_t y : kEdges) {
      if (!agrees(x, y)) return result;
    }
  }
  base::Rng rng(base::derive_seed(seed, static_cast<std::uint64_t>(op)));
  for (std::uint64_t i = 0; i < random_pairs; ++i) {
    std::uint64_t x = rng.next();
    std::uint64_t y = rng.next();
    if (i % 2 == 1) {
      x >>= rng.below(64);
      y >>= rng.below(64);
    }
    if (!agrees(x, y)) return result;
  }
  return result;
}

}  // namespace assay::smt
