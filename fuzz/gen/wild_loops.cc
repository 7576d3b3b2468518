// Generation of loops that nobody counted beforehand; see writer.h. Tested by fuzz/gen/test/generator_test.cc.
//
// Other loops are built backwards from their trip count, so they never show what happens at the ends of the range: a
// stride that jumps over the bound and comes round again, `<=` the largest number, `!=` with a step that does not
// divide, a step of zero. Here steps are so wide that a counter goes round in a few iterations, and bounds leave gaps
// that the stride meets now and then. Many of these loops end after hundreds of iterations, some never. A counter may
// be narrower than what is computed with it, and wraps in its own width then.
#include <array>
#include <vector>

#include "fuzz/gen/constants.h"
#include "fuzz/gen/recurrence_updates.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

namespace {

constexpr std::size_t index_of(Type type) { return static_cast<std::size_t>(type); }

// Steps that go round the type's range in 2 to 4096 iterations, exactly or nearly; and everyday ones.
std::uint64_t draw_step(base::Rng& rng, Type type) {
  static constexpr std::array<std::uint64_t, 8> kSmall = {1, ~0ULL, 2, 3, 6, ~1ULL, ~2ULL, 4};
  if (rng.chance(1, 3)) return fit(type, kSmall[rng.below(kSmall.size())]);
  const std::uint64_t whole_turn = std::uint64_t{1} << (ast::bit_width(type) - rng.between(1, 12));
  const std::uint64_t off = rng.chance(1, 2) ? 0 : rng.between(1, 1000);
  const std::uint64_t step = whole_turn + off;
  return fit(type, rng.chance(1, 2) ? step : std::uint64_t{0} - step);
}

// So near to an end of the range that a stride may, or may not, jump over what is left.
std::uint64_t draw_bound_near_an_end(base::Rng& rng, Type type, std::uint64_t stride) {
  const std::uint64_t sign = std::uint64_t{1} << (ast::bit_width(type) - 1);
  const std::uint64_t magnitude = stride < sign ? stride : fit(type, std::uint64_t{0} - stride);
  const std::uint32_t narrower = rng.below(10);
  const std::uint64_t gap = (magnitude >> narrower) + rng.below(3);
  const std::uint64_t end = rng.chance(1, 2) ? sign : 0;  // MIN and MAX, or 0 and the largest unsigned number
  return fit(type, rng.chance(1, 2) ? end - 1 - gap : end + gap);
}

// A number of 32 bits as the conversion makes it one of 64.
std::uint64_t widen(Op conversion, std::uint64_t bits) {
  const std::uint64_t sign = std::uint64_t{1} << 31;
  return conversion == Op::ExtendS ? (bits ^ sign) - sign : bits;
}

}  // namespace

// Anything; or near to an end of the range.
NodeId Writer::wild_bound(Type type, std::uint64_t stride) {
  Builder build(*program_);
  if (rng_->chance(1, 3)) return leaf(type);
  if (rng_->chance(1, 3)) return build.constant(type, draw_constant(*rng_, type));
  return build.constant(type, draw_bound_near_an_end(*rng_, type, stride));
}

// The same for a narrow counter that is compared in the wide type: to numbers it has, and to some it never reaches.
NodeId Writer::widened_bound(Op conversion, std::uint64_t stride) {
  Builder build(*program_);
  if (rng_->chance(1, 4)) return leaf(Type::I64);
  const bool near = rng_->chance(1, 2);
  const std::uint64_t bits = near ? draw_bound_near_an_end(*rng_, Type::I32, stride) : draw_constant(*rng_, Type::I32);
  return build.constant(Type::I64, widen(conversion, bits));
}

void Writer::wild_loop() {
  Builder build(*program_);
  LoopVariables variables;
  if (rng_->chance(1, 3)) variables.widened = rng_->chance(1, 2) ? Op::ExtendS : Op::ExtendU;
  const Type type = variables.widened ? Type::I64 : draw_type();
  const Type counter_type = variables.widened ? Type::I32 : type;
  variables.type = type;
  for (std::uint32_t count = rng_->between(1, 2); count > 0; --count) {
    if (!any_target(type).valid()) declare(type);
    variables.accumulators.push_back(any_target(type));
  }
  // A sum at the other width: of what the counter is, not of what it would be if it did not wrap.
  const Type other = type == Type::I32 ? Type::I64 : Type::I32;
  const bool crosses = !variables.widened && rng_->chance(1, 3);
  if (crosses && !any_target(other).valid()) declare(other);
  const VarId crossing = crosses ? any_target(other) : VarId::none();
  const auto bind = [&](NodeId value) {
    const VarId local = new_local(program_->node(value).type);
    append(build.let(local, value));
    return local;
  };
  variables.invariant = bind(leaf(type));
  variables.other_invariant = bind(build.constant(type, draw_constant(*rng_, type)));
  variables.counter =
      bind(rng_->chance(1, 2) ? leaf(counter_type) : build.constant(counter_type, draw_constant(*rng_, counter_type)));

  const std::uint64_t step = draw_step(*rng_, counter_type);
  // A variable may be a step of zero.
  const VarId symbolic = rng_->chance(1, 5) ? bind(leaf(counter_type)) : VarId::none();
  const auto draw_limit = [&] {
    return variables.widened ? widened_bound(*variables.widened, step) : wild_bound(type, step);
  };
  const VarId bound = rng_->chance(1, 2) ? bind(draw_limit()) : VarId::none();
  const NodeId limit = bound.valid() ? build.load(bound) : draw_limit();
  UpdateWriter updates(*program_, *rng_, variables, names_);
  const Op op = rng_->chance(1, 4) ? Op::Ne : updates.ordered_comparison();

  const NodeId amount = symbolic.valid() ? build.load(symbolic) : build.constant(counter_type, step);
  const NodeId take_step = build.store(variables.counter, build.binary(Op::Add, build.load(variables.counter), amount));
  const bool step_first = rng_->chance(1, 4);
  std::vector<NodeId> body;
  if (step_first) body.push_back(take_step);
  if (rng_->chance(3, 4)) updates.append(body);
  if (variables.widened && rng_->chance(1, 2)) updates.append(body);
  if (crosses) {
    const Op widened = type == Type::I64 ? Op::Wrap : rng_->chance(1, 2) ? Op::ExtendS : Op::ExtendU;
    const NodeId value = build.convert(widened, build.load(variables.counter));
    body.push_back(build.store(crossing, build.binary(Op::Add, build.load(crossing), value)));
  }
  if (!step_first) body.push_back(take_step);
  const NodeId block = build.block(body);
  // A few turns for certain, in which the counter may wrap; or as many as the condition asks for.
  if (rng_->chance(1, 4)) {
    append(build.loop(build.constant(type, rng_->between(1, 40)), block));
  } else {
    append(build.while_loop(build.compare(op, updates.counter(), limit), block));
  }
  variables_[index_of(counter_type)].push_back(variables.counter);
}

}  // namespace assay::fuzz
