// Idioms: forms that compilers look for and turn into something else; see writer.h.
//
// Drawn operator by operator they would hardly ever appear: `x & ~y` with two values that both live in memory was one
// program in five hundred, and the instruction selected for it went untested under register pressure. Operands are
// leaves, so that what surrounds them decides where they live.
//
// Tested by fuzz/gen/test/generator_test.cc.
#include "fuzz/gen/constants.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;

namespace {

enum class Idiom : std::uint8_t {
  AndNot,
  Scaled,
  Extremum,
  Rotation,
  LowBits,
  Multiple,
  Equation,
  NegatedChoice,
  DroppedTrap,
  EdgeRemainder
};
constexpr std::array kIdioms = {Idiom::AndNot,      Idiom::Scaled,       Idiom::Extremum, Idiom::Rotation,
                                Idiom::LowBits,     Idiom::Multiple,     Idiom::Equation, Idiom::NegatedChoice,
                                Idiom::DroppedTrap, Idiom::EdgeRemainder};

// The operators that all have to be allowed. What only prepares an operand is not asked for, as in a divisor.
std::array<Op, 3> operators_of(Idiom idiom) {
  switch (idiom) {
    case Idiom::AndNot:
      return {Op::And, Op::Not, Op::Not};
    case Idiom::Scaled:
      return {Op::Add, Op::Shl, Op::Shl};
    case Idiom::Extremum:
      return {Op::LtS, Op::LtU, Op::LtU};
    case Idiom::Rotation:
      return {Op::Or, Op::Shl, Op::ShrU};
    case Idiom::LowBits:
      break;
    case Idiom::Multiple:
      return {Op::Eq, Op::RemS, Op::RemU};
    case Idiom::Equation:
      return {Op::Eq, Op::Add, Op::Xor};
    case Idiom::NegatedChoice:
      return {Op::Eqz, Op::DivS, Op::DivS};
    case Idiom::DroppedTrap:
      return {Op::Mul, Op::And, Op::DivS};
    case Idiom::EdgeRemainder:
      return {Op::RemS, Op::RemS, Op::RemS};
  }
  return {Op::And, Op::And, Op::And};
}

}  // namespace

NodeId Writer::idiom(Type type) {
  const Idiom chosen = kIdioms[rng_->below(kIdioms.size())];
  for (const Op op : operators_of(chosen)) {
    if (!config_->ops[static_cast<std::size_t>(op)]) return NodeId::none();
  }
  if ((chosen == Idiom::Extremum || chosen == Idiom::NegatedChoice) && !config_->selects) return NodeId::none();
  if ((chosen == Idiom::NegatedChoice || chosen == Idiom::DroppedTrap) && config_->trap_percent == 0) {
    return NodeId::none();
  }
  Builder build(*program_);
  const std::uint32_t width = ast::bit_width(type);
  switch (chosen) {
    case Idiom::AndNot: {
      const NodeId x = leaf(type);
      const NodeId y = leaf(type);
      return build.binary(Op::And, x, build.unary(Op::Not, y));
    }
    case Idiom::Scaled: {  // as in an address: x + (y << 3)
      const NodeId x = leaf(type);
      const NodeId y = leaf(type);
      const NodeId scale = build.constant(type, rng_->between(1, 4));
      return build.binary(Op::Add, x, build.binary(Op::Shl, y, scale));
    }
    case Idiom::Extremum: {
      const NodeId x = leaf(type);
      const NodeId y = leaf(type);
      const NodeId less = build.compare(rng_->chance(1, 2) ? Op::LtS : Op::LtU, x, y);
      const NodeId first = copy_of_leaf(x);
      const NodeId second = copy_of_leaf(y);
      return rng_->chance(1, 2) ? build.select(less, first, second) : build.select(less, second, first);
    }
    case Idiom::Rotation: {
      const NodeId x = leaf(type);
      const std::uint32_t count = rng_->between(1, width - 1);
      const NodeId left = build.binary(Op::Shl, x, build.constant(type, count));
      const NodeId right = build.binary(Op::ShrU, copy_of_leaf(x), build.constant(type, width - count));
      return build.binary(Op::Or, left, right);
    }
    case Idiom::LowBits: {  // the low bits, or all but them
      const NodeId x = leaf(type);
      const std::uint64_t low = (std::uint64_t{1} << rng_->below(width)) - 1;
      return build.binary(Op::And, x, build.constant(type, fit(type, rng_->chance(1, 2) ? low : ~low)));
    }
    case Idiom::Multiple:
      return convert_to(type, test_for_multiple());
    case Idiom::Equation:
      return convert_to(type, equation());
    case Idiom::NegatedChoice: {  // select(!x, a, b), of which the arms trap in different ways
      const NodeId negated = build.unary(Op::Eqz, leaf(draw_type()));
      const bool overflow_first = rng_->chance(1, 2);
      const NodeId first = half_trapping_division(type, overflow_first);
      const NodeId second = half_trapping_division(type, !overflow_first);
      return build.select(negated, first, second);
    }
    case Idiom::DroppedTrap: {  // a value that does not matter, and a trap that does
      const NodeId trapping = half_trapping_division(type, rng_->chance(1, 2));
      return build.binary(rng_->chance(1, 2) ? Op::Mul : Op::And, trapping, build.constant(type, 0));
    }
    case Idiom::EdgeRemainder: {  // the one remainder for which the CPU has no answer: MIN rem -1
      const NodeId least = build.constant(type, std::uint64_t{1} << (width - 1));
      return build.binary(Op::RemS, least, build.constant(type, fit(type, ~std::uint64_t{0})));
    }
  }
  return NodeId::none();
}

// x % c == 0: of any number, and of the greatest multiple and the number below it.
NodeId Writer::test_for_multiple() {
  Builder build(*program_);
  const Type type = draw_type();
  const std::uint64_t drawn = rng_->chance(2, 3) ? rng_->between(2, 12) : draw_constant(*rng_, type);
  const std::uint64_t all_ones = fit(type, ~std::uint64_t{0});
  const std::uint64_t divisor = drawn == 0 || drawn == all_ones ? 6 : drawn;
  const Op rem = rng_->chance(1, 2) ? Op::RemS : Op::RemU;
  NodeId dividend = leaf(type);
  const std::uint64_t most = rem == Op::RemS ? all_ones >> 1 : all_ones;
  if (divisor <= most && rng_->chance(1, 3)) {
    dividend = build.binary(Op::And, dividend, build.constant(type, 1));
    dividend = build.binary(Op::Sub, build.constant(type, most - most % divisor), dividend);
  }
  const NodeId remainder = build.binary(rem, dividend, build.constant(type, divisor));
  return build.compare(rng_->chance(1, 2) ? Op::Eq : Op::Ne, remainder, build.constant(type, 0));
}

// x + c == d, where x may well be a small number.
NodeId Writer::equation() {
  Builder build(*program_);
  const Type type = draw_type();
  const NodeId x = leaf(type);
  const std::uint64_t moved = draw_constant(*rng_, type);
  const NodeId left = build.binary(rng_->chance(1, 2) ? Op::Add : Op::Xor, x, build.constant(type, moved));
  const std::uint64_t distance = rng_->below(8);
  const NodeId right = build.constant(type, fit(type, moved + distance - 4));
  return build.compare(rng_->chance(1, 2) ? Op::Eq : Op::Ne, left, right);
}

// Traps for about half of all values: by overflow, or else because it divides by zero.
NodeId Writer::half_trapping_division(Type type, bool by_overflow) {
  Builder build(*program_);
  const NodeId value = leaf(type);
  if (by_overflow) {
    const NodeId least = build.constant(type, std::uint64_t{1} << (ast::bit_width(type) - 1));
    const NodeId divisor = build.binary(Op::Or, value, build.constant(type, fit(type, ~std::uint64_t{1})));
    return build.binary(Op::DivS, least, divisor);
  }
  const NodeId divisor = build.binary(Op::And, value, build.constant(type, 1));
  return build.binary(Op::DivS, leaf(type), divisor);
}

NodeId Writer::copy_of_leaf(NodeId leaf) {
  Builder build(*program_);
  const ast::Node& node = program_->node(leaf);
  return node.kind == ast::NodeKind::Load ? build.load(node.variable()) : build.constant(node.type, node.bits());
}

}  // namespace assay::fuzz
