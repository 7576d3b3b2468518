// Generation of loops whose counter is narrower than what is computed with it; see writer.h. Tested by
// fuzz/gen/test/generator_test.cc.
//
// The counter wraps in 32 bits while the body, its conditions and the exits see it extended to 64. Whoever solves such
// a loop in the wide type as if the counter went on there is wrong from the wraparound on. So the counter starts a few
// strides before an end of its range, and most numbers it is compared with are ones it has. Half of these are not known
// while compiling: a comparison with a known number can be made in the narrow type.
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

constexpr Type kNarrow = Type::I32;
constexpr Type kWide = Type::I64;
constexpr std::uint32_t kMostTrips = 40;

// A number of 32 bits as the conversion makes it one of 64.
std::uint64_t widen(Op conversion, std::uint64_t bits) {
  const std::uint64_t sign = std::uint64_t{1} << 31;
  return conversion == Op::ExtendS ? (bits ^ sign) - sign : bits;
}

// A few strides before the end at which the extended counter jumps, which is not always met exactly.
std::uint64_t draw_start_before_the_jump(base::Rng& rng, Op conversion, std::uint64_t step) {
  const std::uint64_t first_behind = conversion == Op::ExtendS ? std::uint64_t{1} << 31 : 0;
  const bool rising = step >> 31 == 0;
  const std::uint64_t last = rising ? first_behind - 1 : first_behind;
  const std::uint64_t strides = step * rng.below(6);
  const std::uint64_t off = rng.below(3);
  return fit(kNarrow, rising ? last - strides - off : last - strides + off);
}

}  // namespace

// A wide number: one the counter has within a few steps of `near`, or may have, or any.
NodeId Writer::widened_bound(Op conversion, std::uint64_t near, std::uint64_t step) {
  Builder build(*program_);
  if (rng_->chance(1, 8)) return leaf(kWide);
  const std::uint64_t bits =
      rng_->chance(4, 5) ? fit(kNarrow, near + step * rng_->below(8)) : draw_bound_near_an_end(*rng_, kNarrow, step);
  const NodeId known = build.constant(kWide, widen(conversion, bits));
  if (rng_->chance(1, 2)) return known;
  // Not known while compiling: a little more or less.
  const NodeId little = build.binary(Op::And, leaf(kWide), build.constant(kWide, 7));
  return build.binary(rng_->chance(1, 2) ? Op::Add : Op::Sub, known, little);
}

void Writer::widened_loop() {
  Builder build(*program_);
  LoopVariables variables;
  variables.type = kWide;
  const Op conversion = rng_->chance(1, 2) ? Op::ExtendS : Op::ExtendU;
  variables.widened = conversion;
  variables.accumulators = draw_accumulators(kWide, 3);
  const std::uint64_t step = draw_step(*rng_, kNarrow);
  const std::uint64_t start = draw_start_before_the_jump(*rng_, conversion, step);
  variables.invariant = bind(leaf(kWide));
  variables.other_invariant = bind(widened_bound(conversion, start, step));
  NodeId first = rng_->chance(1, 3) ? leaf(kNarrow) : build.constant(kNarrow, start);
  if (rng_->chance(1, 2)) {
    const NodeId little = build.binary(Op::And, leaf(kNarrow), build.constant(kNarrow, 3));
    first = build.binary(Op::Add, first, little);
  }
  variables.counter = bind(first);
  const VarId bound = bind(widened_bound(conversion, start, step));

  UpdateWriter updates(*program_, *rng_, variables, names_);
  const auto stays = [&] {
    const Op op = rng_->chance(1, 4) ? Op::Ne : updates.ordered_comparison();
    const NodeId counter = updates.counter();
    return build.compare(op, counter, build.load(bound));
  };
  const NodeId amount = build.constant(kNarrow, step);
  const NodeId take_step = build.store(variables.counter, build.binary(Op::Add, build.load(variables.counter), amount));
  const bool step_first = rng_->chance(1, 4);
  std::vector<NodeId> body;
  if (step_first) body.push_back(take_step);
  // Where only a condition sees the counter, nothing else asks for its not wrapping.
  const bool only_condition = rng_->chance(1, 4);
  if (only_condition) {
    updates.append_counting(body);
  } else {
    if (rng_->chance(1, 3)) updates.append_conditional(body);
    if (rng_->chance(1, 2)) updates.append_delayed(body);
    for (std::uint32_t count = rng_->below(3); count > 0; --count) updates.append(body);
  }
  // A few turns for certain, in which the counter wraps, left before that or not; or as many as the condition asks for.
  const bool counted = only_condition || rng_->chance(1, 2);
  if (counted && !only_condition && rng_->chance(1, 2)) {
    const NodeId leaves = build.unary(Op::Eqz, stays());
    body.push_back(build.if_else(leaves, build.block({build.break_loop()})));
  }
  if (!step_first) body.push_back(take_step);
  const NodeId block = build.block(body);
  if (counted) {
    append(build.loop(build.constant(kNarrow, rng_->between(1, kMostTrips)), block));
  } else {
    append(build.while_loop(stays(), block));
  }
  variables_[static_cast<std::size_t>(kNarrow)].push_back(variables.counter);
}

}  // namespace assay::fuzz
