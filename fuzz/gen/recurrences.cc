// Generation of loops that SCEV-Lite solves, and of loops that only look like it; see writer.h. Tested by
// fuzz/gen/test/generator_test.cc.
//
// All starts, steps and exits of the solver's classes, constant and symbolic, in bodies made of its updates
// (recurrence_updates.h). Where nothing else is sure to end a loop, a counted loop around the body does.
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

constexpr std::uint32_t kMostTrips = 60;
constexpr std::uint32_t kLongRun = 1'000'000;
constexpr std::size_t index_of(Type type) { return static_cast<std::size_t>(type); }

}  // namespace

void Writer::recurrence_loop(const Context& context) {
  Builder build(*program_);
  const Type type = draw_type();
  const std::uint32_t budget = kMostTrips / (context.repeats < kMostTrips ? context.repeats : kMostTrips) + 1;

  LoopVariables variables;
  variables.type = type;
  variables.accumulators = draw_accumulators(type, 3);
  const auto leaf_or_small = [&] { return rng_->chance(1, 3) ? build.constant(type, rng_->below(20)) : leaf(type); };
  variables.invariant = bind(leaf_or_small());
  variables.other_invariant = bind(leaf_or_small());
  // Around zero, where remainders change their sign, or anywhere.
  const NodeId start =
      rng_->chance(1, 2) ? build.constant(type, fit(type, std::uint64_t{rng_->below(12)} - 8)) : leaf(type);
  variables.counter = bind(start);

  // A step of one most often; as a local it is symbolic to whoever does not look back.
  static constexpr std::array<std::uint64_t, 10> kSteps = {1, 1, 1, ~0ULL, ~0ULL, 2, 3, ~4ULL, 8, 1ULL << 31};
  const std::uint64_t step_bits = fit(type, kSteps[rng_->below(kSteps.size())]);
  const bool symbolic_step = rng_->chance(1, 4);
  const VarId step =
      symbolic_step ? bind(build.binary(Op::Or, build.constant(type, step_bits), leaf(type))) : VarId::none();
  const auto step_value = [&] { return symbolic_step ? build.load(step) : build.constant(type, step_bits); };

  // The bound lies so many steps from the start as there are to be trips.
  // Now and then more than the interpreter can afford; the CPU compares what it is solved to.
  const bool long_run = context.loop_depth == 0 && rng_->chance(1, 200);
  const std::uint32_t trips = long_run ? rng_->between(20'000, kLongRun) : rng_->below(budget);
  const NodeId far = long_run || rng_->chance(1, 2)
                         ? build.constant(type, trips)
                         : build.binary(Op::RemU, leaf(type), build.constant(type, trips + 1));
  const NodeId distance = build.binary(Op::Mul, step_value(), far);
  // Beside it, an exit by != is never met unless the step is one: the loops of larger steps have another exit.
  const NodeId beside = rng_->chance(1, 8) ? build.binary(Op::Add, distance, build.constant(type, 1)) : distance;
  const VarId bound = bind(build.binary(Op::Add, build.load(variables.counter), beside));

  const bool unit = !symbolic_step && (step_bits == 1 || step_bits == fit(type, ~0ULL));
  UpdateWriter updates(*program_, *rng_, variables, names_);
  const auto stays = [&] {
    if (rng_->chance(1, 3)) return build.compare(Op::Ne, build.load(variables.counter), build.load(bound));
    const bool rising = step_bits >> (ast::bit_width(type) - 1) == 0;
    const bool natural = unit || rng_->chance(3, 4);
    const Op op = !natural ? updates.ordered_comparison() : rising ? Op::LtS : Op::GtS;
    return build.compare(op, build.load(variables.counter), build.load(bound));
  };
  const auto take_step = [&] {
    return build.store(variables.counter, build.binary(Op::Add, build.load(variables.counter), step_value()));
  };
  const auto leave = [&] {
    std::vector<NodeId> last;
    if (rng_->chance(1, 4)) updates.append(last);
    last.push_back(build.break_loop());
    return build.if_else(build.unary(Op::Eqz, stays()), build.block(last));
  };

  const std::uint32_t form = rng_->below(6);  // 0 counted, 1 to 3 by condition, 4 break in the middle, 5 break last
  const bool step_first = rng_->chance(1, 3);
  // Whatever declares locals is written in the order of the text.
  const bool by_condition = form >= 1 && form <= 3;
  const bool plain_while = by_condition && unit && rng_->chance(3, 4);
  const NodeId first = by_condition && !plain_while ? leave() : NodeId::none();
  std::vector<NodeId> body;
  if (step_first) body.push_back(take_step());
  const std::uint32_t count = rng_->between(1, 3);
  const std::uint32_t break_at = form == 4 ? rng_->below(count + 1) : count + 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i == break_at) body.push_back(leave());
    updates.append(body);
  }
  if (rng_->chance(1, 5)) updates.append_near_miss(body, config_->trap_percent != 0);
  if (break_at == count) body.push_back(leave());
  if (context.loop_depth < 2 && budget > 4 && rng_->chance(1, 5)) {
    // let j = 0; while (j < m) ...: rectangular, or triangular where the counter is the bound and is known to stay
    // small.
    const VarId inner = new_local(type);
    const bool triangular = rng_->chance(1, 2);
    body.push_back(build.let(inner, build.constant(type, 0)));
    const NodeId inner_bound = triangular
                                   ? build.binary(Op::And, build.load(variables.counter), build.constant(type, 7))
                                   : build.constant(type, rng_->below(6));
    LoopVariables inner_variables = variables;
    inner_variables.counter = inner;
    UpdateWriter inner_updates(*program_, *rng_, inner_variables, names_);
    std::vector<NodeId> inner_body;
    inner_updates.append(inner_body);
    inner_body.push_back(build.store(inner, build.binary(Op::Add, build.load(inner), build.constant(type, 1))));
    body.push_back(build.while_loop(build.compare(Op::LtS, build.load(inner), inner_bound), build.block(inner_body)));
  }
  if (!step_first) body.push_back(take_step());
  if (form == 5) body.push_back(leave());

  const NodeId block = build.block(body);
  if (plain_while) {
    append(build.while_loop(stays(), block));
  } else if (form == 0) {
    const NodeId counted = rng_->chance(1, 2) ? build.constant(type, trips)
                                              : build.binary(Op::RemU, leaf(type), build.constant(type, trips + 1));
    append(build.loop(counted, block));
  } else {
    // The counted loop is the safety net; its own exit is one more for the solver.
    if (first.valid()) program_->node(first).next = block;
    append(build.loop(build.constant(type, trips + rng_->below(8)), first.valid() ? first : block));
  }
  variables_[index_of(type)].push_back(variables.counter);
}

}  // namespace assay::fuzz
