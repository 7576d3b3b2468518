// Generation of loops that nobody counted beforehand; see writer.h. Tested by fuzz/gen/test/generator_test.cc.
//
// Other loops are built backwards from their trip count, so they never show what happens at the ends of the range: a
// stride that jumps over the bound and comes round again, `<=` the largest number, `!=` with a step that does not
// divide, a step of zero. Here steps are so wide that a counter goes round in a few iterations, and bounds leave gaps
// that the stride meets now and then. Many of these loops end after hundreds of iterations, some never.
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

}  // namespace

// Anything; or so near to an end of the range that a stride may, or may not, jump over what is left.
NodeId Writer::wild_bound(Type type, std::uint64_t stride) {
  Builder build(*program_);
  if (rng_->chance(1, 3)) return leaf(type);
  if (rng_->chance(1, 3)) return build.constant(type, draw_constant(*rng_, type));
  const std::uint64_t sign = std::uint64_t{1} << (ast::bit_width(type) - 1);
  const std::uint64_t magnitude = stride < sign ? stride : fit(type, std::uint64_t{0} - stride);
  const std::uint32_t narrower = rng_->below(10);
  const std::uint64_t gap = (magnitude >> narrower) + rng_->below(3);
  const std::uint64_t end = rng_->chance(1, 2) ? sign : 0;  // MIN and MAX, or 0 and the largest unsigned number
  return build.constant(type, rng_->chance(1, 2) ? end - 1 - gap : end + gap);
}

void Writer::wild_loop() {
  Builder build(*program_);
  const Type type = draw_type();
  LoopVariables variables;
  variables.type = type;
  for (std::uint32_t count = rng_->between(1, 2); count > 0; --count) {
    if (!any_target(type).valid()) declare(type);
    variables.accumulators.push_back(any_target(type));
  }
  // A sum at the other width: of what the counter is, not of what it would be if it did not wrap.
  const Type other = type == Type::I32 ? Type::I64 : Type::I32;
  const bool crosses = rng_->chance(1, 3);
  if (crosses && !any_target(other).valid()) declare(other);
  const VarId crossing = crosses ? any_target(other) : VarId::none();
  const auto bind = [&](NodeId value) {
    const VarId local = new_local(type);
    append(build.let(local, value));
    return local;
  };
  variables.invariant = bind(leaf(type));
  variables.other_invariant = bind(build.constant(type, draw_constant(*rng_, type)));
  variables.counter = bind(rng_->chance(1, 2) ? leaf(type) : build.constant(type, draw_constant(*rng_, type)));

  const std::uint64_t step = draw_step(*rng_, type);
  // A variable may be a step of zero.
  const VarId symbolic = rng_->chance(1, 5) ? bind(leaf(type)) : VarId::none();
  const VarId bound = rng_->chance(1, 2) ? bind(wild_bound(type, step)) : VarId::none();
  const NodeId limit = bound.valid() ? build.load(bound) : wild_bound(type, step);
  UpdateWriter updates(*program_, *rng_, variables, names_);
  const Op op = rng_->chance(1, 4) ? Op::Ne : updates.ordered_comparison();

  const NodeId amount = symbolic.valid() ? build.load(symbolic) : build.constant(type, step);
  const NodeId take_step = build.store(variables.counter, build.binary(Op::Add, build.load(variables.counter), amount));
  const bool step_first = rng_->chance(1, 4);
  std::vector<NodeId> body;
  if (step_first) body.push_back(take_step);
  if (rng_->chance(3, 4)) updates.append(body);
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
    append(build.while_loop(build.compare(op, build.load(variables.counter), limit), block));
  }
  variables_[index_of(type)].push_back(variables.counter);
}

}  // namespace assay::fuzz
