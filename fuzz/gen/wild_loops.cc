// Generation of loops that nobody counted beforehand; see writer.h. Tested by fuzz/gen/test/generator_test.cc.
//
// Other loops are built backwards from their trip count, so they never show what happens at the ends of the range: a
// stride that jumps over the bound and comes round again, `<=` the largest number, `!=` with a step that does not
// divide, a step of zero. Here steps are so wide that a counter goes round in a few iterations, and bounds leave gaps
// that the stride meets now and then (wild_numbers.h). Many of these loops end after hundreds of iterations, some
// never.
#include <vector>

#include "fuzz/gen/constants.h"
#include "fuzz/gen/recurrence_updates.h"
#include "fuzz/gen/wild_numbers.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

namespace {

constexpr std::size_t index_of(Type type) { return static_cast<std::size_t>(type); }

}  // namespace

// Anything; or near to an end of the range.
NodeId Writer::wild_bound(Type type, std::uint64_t stride) {
  Builder build(*program_);
  if (rng_->chance(1, 3)) return leaf(type);
  if (rng_->chance(1, 3)) return build.constant(type, draw_constant(*rng_, type));
  return build.constant(type, draw_bound_near_an_end(*rng_, type, stride));
}

void Writer::wild_loop() {
  Builder build(*program_);
  LoopVariables variables;
  const Type type = draw_type();
  variables.type = type;
  variables.accumulators = draw_accumulators(type, 2);
  // A sum at the other width: of what the counter is, not of what it would be if it did not wrap.
  const Type other = type == Type::I32 ? Type::I64 : Type::I32;
  const bool crosses = rng_->chance(1, 3);
  if (crosses && !any_target(other).valid()) declare(other);
  const VarId crossing = crosses ? any_target(other) : VarId::none();
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
