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

enum class Idiom : std::uint8_t { AndNot, Scaled, Extremum, Rotation, LowBits };
constexpr std::array kIdioms = {Idiom::AndNot, Idiom::Scaled, Idiom::Extremum, Idiom::Rotation, Idiom::LowBits};

// The operators that all have to be allowed.
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
  }
  return {Op::And, Op::And, Op::And};
}

}  // namespace

NodeId Writer::idiom(Type type) {
  const Idiom chosen = kIdioms[rng_->below(kIdioms.size())];
  for (const Op op : operators_of(chosen)) {
    if (!config_->ops[static_cast<std::size_t>(op)]) return NodeId::none();
  }
  if (chosen == Idiom::Extremum && !config_->selects) return NodeId::none();
  Builder build(*program_);
  const std::uint32_t width = ast::bit_width(type);
  const NodeId x = leaf(type);
  switch (chosen) {
    case Idiom::AndNot: {
      const NodeId y = leaf(type);
      return build.binary(Op::And, x, build.unary(Op::Not, y));
    }
    case Idiom::Scaled: {  // as in an address: x + (y << 3)
      const NodeId y = leaf(type);
      const NodeId scale = build.constant(type, rng_->between(1, 4));
      return build.binary(Op::Add, x, build.binary(Op::Shl, y, scale));
    }
    case Idiom::Extremum: {
      const NodeId y = leaf(type);
      const NodeId less = build.compare(rng_->chance(1, 2) ? Op::LtS : Op::LtU, x, y);
      const NodeId first = copy_of_leaf(x);
      const NodeId second = copy_of_leaf(y);
      return rng_->chance(1, 2) ? build.select(less, first, second) : build.select(less, second, first);
    }
    case Idiom::Rotation: {
      const std::uint32_t count = rng_->between(1, width - 1);
      const NodeId left = build.binary(Op::Shl, x, build.constant(type, count));
      const NodeId right = build.binary(Op::ShrU, copy_of_leaf(x), build.constant(type, width - count));
      return build.binary(Op::Or, left, right);
    }
    case Idiom::LowBits:
      break;
  }
  // The low bits, or all but them.
  const std::uint64_t low = (std::uint64_t{1} << rng_->below(width)) - 1;
  return build.binary(Op::And, x, build.constant(type, fit(type, rng_->chance(1, 2) ? low : ~low)));
}

NodeId Writer::copy_of_leaf(NodeId leaf) {
  Builder build(*program_);
  const ast::Node& node = program_->node(leaf);
  return node.kind == ast::NodeKind::Load ? build.load(node.variable()) : build.constant(node.type, node.bits());
}

}  // namespace assay::fuzz
