// Writing updates; see recurrence_updates.h. Tested by fuzz/gen/test/generator_test.cc.
#include "fuzz/gen/recurrence_updates.h"

#include <array>

namespace assay::fuzz {

using ast::NodeId;
using ast::Op;
using ast::VarId;

VarId UpdateWriter::accumulator() {
  return variables_.accumulators[rng_.below(static_cast<std::uint32_t>(variables_.accumulators.size()))];
}

VarId UpdateWriter::fresh_local() { return program_.add_local("t" + std::to_string(names_++), variables_.type); }

// A value that does not depend on accumulators.
NodeId UpdateWriter::operand() {
  switch (rng_.below(6)) {
    case 0:
      return load(variables_.invariant);
    case 1:
      return number(1 + rng_.below(9));
    case 2:
      return build_.binary(Op::Mul, counter(), load(variables_.invariant));
    case 3:
      return power();
    default:
      return counter();
  }
}

NodeId UpdateWriter::power() {
  NodeId product = counter();
  for (std::uint32_t factors = rng_.between(1, rng_.chance(1, 4) ? 6 : 2); factors > 0; --factors) {
    product = build_.binary(Op::Mul, product, counter());
  }
  return product;
}

NodeId UpdateWriter::accumulated(VarId target, NodeId value) {
  return build_.store(target, build_.binary(rng_.chance(1, 4) ? Op::Sub : Op::Add, load(target), value));
}

NodeId UpdateWriter::accumulation() {
  const VarId target = accumulator();
  return accumulated(target, operand());
}

Op UpdateWriter::ordered_comparison() {
  static constexpr std::array kOrdered = {Op::LtS, Op::LtU, Op::GtS, Op::GtU, Op::LeS, Op::LeU, Op::GeS, Op::GeU};
  return kOrdered[rng_.below(kOrdered.size())];
}

NodeId UpdateWriter::condition() {
  switch (rng_.below(6)) {
    case 0:
      return build_.binary(Op::And, counter(), number(1U << rng_.below(3)));
    case 1: {
      // One draw a statement: compilers evaluate arguments in orders of their own.
      const std::uint32_t modulus = 2 + rng_.below(4);
      const std::uint32_t residue = rng_.below(2);
      return build_.compare(Op::Eq, build_.binary(Op::RemU, counter(), number(modulus)), number(residue));
    }
    case 2:
      return build_.compare(Op::Ne, build_.binary(Op::RemS, counter(), number(3)), number(1));
    case 3:
      return build_.compare(ordered_comparison(), load(variables_.invariant), load(variables_.other_invariant));
    case 4:
      return build_.compare(rng_.chance(1, 2) ? Op::Eq : Op::Ne, counter(), load(variables_.other_invariant));
    default:
      return build_.compare(ordered_comparison(), counter(), load(variables_.other_invariant));
  }
}

void UpdateWriter::chain(Statements& statements) {
  const VarId first = accumulator();
  const VarId second = accumulator();
  statements.push_back(accumulated(first, load(second)));
  if (rng_.chance(1, 2)) statements.push_back(accumulated(second, operand()));
}

void UpdateWriter::bits(Statements& statements) {
  static constexpr std::array kBitwise = {Op::Xor, Op::And, Op::Or};
  const VarId target = accumulator();
  const Op op = kBitwise[rng_.below(kBitwise.size())];
  const NodeId value = rng_.chance(1, 2) ? counter() : load(variables_.invariant);
  statements.push_back(build_.store(target, build_.binary(op, load(target), value)));
}

void UpdateWriter::extremum(Statements& statements) {
  const VarId target = accumulator();
  const Op op = ordered_comparison();
  const NodeId better = build_.compare(op, counter(), load(target));
  if (rng_.chance(1, 2)) {
    statements.push_back(build_.store(target, build_.select(better, counter(), load(target))));
  } else {
    statements.push_back(build_.if_else(better, build_.block({build_.store(target, counter())})));
  }
}

void UpdateWriter::exchange(Statements& statements) {
  const VarId kept = fresh_local();
  const std::vector<VarId>& all = variables_.accumulators;
  statements.push_back(build_.let(kept, load(all.front())));
  for (std::size_t i = 0; i + 1 < all.size(); ++i) statements.push_back(build_.store(all[i], load(all[i + 1])));
  statements.push_back(build_.store(all.back(), load(kept)));
}

void UpdateWriter::recurrence(Statements& statements) {
  const VarId next = fresh_local();
  const std::vector<VarId>& all = variables_.accumulators;
  NodeId value = load(all.front());
  for (std::size_t i = 1; i < all.size(); ++i) {
    const NodeId term =
        rng_.chance(1, 3) ? build_.binary(Op::Mul, load(all[i]), load(variables_.invariant)) : load(all[i]);
    value = build_.binary(rng_.chance(1, 3) ? Op::Sub : Op::Add, value, term);
  }
  statements.push_back(build_.let(next, value));
  for (std::size_t i = 0; i + 1 < all.size(); ++i) statements.push_back(build_.store(all[i], load(all[i + 1])));
  statements.push_back(build_.store(all.back(), load(next)));
}

void UpdateWriter::append_conditional(Statements& statements) {
  const NodeId when = condition();
  const NodeId then_block = build_.block({accumulation()});
  const NodeId else_block = rng_.chance(1, 3) ? build_.block({accumulation()}) : NodeId::none();
  statements.push_back(build_.if_else(when, then_block, else_block));
}

void UpdateWriter::append_delayed(Statements& statements) {
  const VarId sum = variables_.accumulators.front();
  const VarId late = variables_.accumulators.back();
  statements.push_back(accumulated(sum, load(late)));
  const bool settles = rng_.chance(1, 2);
  statements.push_back(build_.store(late, settles ? load(variables_.invariant) : operand()));
  if (rng_.chance(2, 3)) {
    statements.push_back(accumulated(sum, build_.binary(Op::Mul, counter(), load(variables_.invariant))));
  }
}

void UpdateWriter::append_periods(Statements& statements) {
  const VarId target = accumulator();
  const std::uint32_t first = rng_.between(2, 3);
  for (const std::uint32_t modulus : {first, 5 - first}) {
    const Op rem = rng_.chance(1, 2) ? Op::RemS : Op::RemU;
    const std::uint32_t residue = rng_.below(2);
    const NodeId when = build_.compare(Op::Eq, build_.binary(rem, counter(), number(modulus)), number(residue));
    const NodeId value = rng_.chance(1, 2) ? load(variables_.invariant) : number(1 + rng_.below(9));
    statements.push_back(build_.if_else(when, build_.block({accumulated(target, value)})));
  }
}

void UpdateWriter::append_counting(Statements& statements) {
  const Op op = rng_.chance(1, 6) ? Op::Ne : ordered_comparison();
  const NodeId when = build_.compare(op, counter(), load(variables_.other_invariant));
  const VarId target = accumulator();
  const NodeId value = rng_.chance(1, 2) ? load(variables_.invariant) : number(1 + rng_.below(9));
  statements.push_back(build_.if_else(when, build_.block({accumulated(target, value)})));
}

void UpdateWriter::append(Statements& statements) {
  switch (rng_.below(21)) {
    case 0:
    case 1:
      chain(statements);
      break;
    case 2:
      bits(statements);
      break;
    case 3:
    case 14:
      extremum(statements);
      break;
    case 4:
      exchange(statements);
      break;
    case 5:
    case 13:
      recurrence(statements);
      break;
    case 6:
    case 7:
      append_conditional(statements);
      break;
    case 8: {
      const VarId target = accumulator();
      const NodeId scaled = build_.binary(Op::Mul, load(target), load(variables_.invariant));
      statements.push_back(build_.store(target, build_.binary(Op::Add, scaled, operand())));
      break;
    }
    case 9: {
      const VarId target = accumulator();
      statements.push_back(build_.store(target, build_.unary(rng_.chance(1, 3) ? Op::Not : Op::Neg, load(target))));
      break;
    }
    case 10: {
      const VarId target = accumulator();
      statements.push_back(build_.store(target, operand()));
    }

    break;
    case 11: {
      const VarId value = fresh_local();
      statements.push_back(build_.let(value, operand()));
      statements.push_back(accumulated(accumulator(), load(value)));
      break;
    }
    case 12: {
      const VarId target = accumulator();
      statements.push_back(accumulated(target, power()));
    }

    break;
    case 18:
    case 20:
      append_delayed(statements);
      break;
    case 19:
      append_periods(statements);
      break;
    default:
      statements.push_back(accumulation());
      break;
  }
}

void UpdateWriter::append_near_miss(Statements& statements, bool may_trap) {
  const VarId target = accumulator();
  switch (rng_.below(may_trap ? 7 : 6)) {
    case 0:
      statements.push_back(build_.store(target, build_.binary(Op::Mul, load(target), load(target))));
      break;
    case 1:
      statements.push_back(
          build_.store(target, build_.binary(Op::Xor, load(target), build_.binary(Op::ShrU, load(target), number(3)))));
      break;
    case 2:
      statements.push_back(build_.store(target, build_.binary(Op::Mul, load(target), counter())));
      break;
    case 3: {
      const NodeId when = build_.compare(ordered_comparison(), load(target), load(variables_.other_invariant));
      statements.push_back(build_.if_else(when, build_.block({accumulation()})));
    } break;
    case 4:
      // The step of something that is taken for invariant.
      statements.push_back(accumulated(variables_.other_invariant, number(1)));
      break;
    case 5:
      statements.push_back(build_.if_else(build_.compare(Op::Eq, load(target), load(variables_.other_invariant)),
                                          build_.block({build_.break_loop()})));
      break;
    default:
      statements.push_back(build_.store(target, build_.binary(Op::DivS, load(target), load(variables_.invariant))));
      break;
  }
}

}  // namespace assay::fuzz
