// Generation of loops; see writer.h. Tested by fuzz/gen/test/generator_test.cc.
//
// Loops are drawn as (start, step, comparison, trip count) and built backwards from the trip count, so that nearly all
// of them end after few iterations although starts, steps and bounds are edge cases.
#include "fuzz/gen/constants.h"
#include "fuzz/gen/writer.h"

namespace assay::fuzz {

using ast::Builder;
using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

namespace {

// Statements of the innermost loop run at most about this often.
constexpr std::uint32_t kMostRepeats = 400;
constexpr std::uint32_t kDeepestLoop = 3;
// The interpreter gives up on many of them, and then most oracles are silent.
constexpr std::uint32_t kOneWildLoopIn = 24;
// A fault of one kind of widening is met by a few of these loops only.
constexpr std::uint32_t kOneWidenedLoopIn = 6;

constexpr std::size_t index_of(Type type) { return static_cast<std::size_t>(type); }

struct Exit {
  Op op;        // the loop goes on while induction variable `op` bound
  bool rising;  // the step's sign that makes sense with it
  bool is_signed;
  bool strict;
};
constexpr std::array kExits = {
    Exit{Op::LtS, true, true, true},   Exit{Op::LeS, true, true, false},   Exit{Op::GtS, false, true, true},
    Exit{Op::GeS, false, true, false}, Exit{Op::LtU, true, false, true},   Exit{Op::LeU, true, false, false},
    Exit{Op::GtU, false, false, true}, Exit{Op::GeU, false, false, false},
};

// The value as a number of the given signedness.
__extension__ using Wide = __int128;

Wide number_of(std::uint64_t bits, Type type, bool is_signed) {
  if (!is_signed) return static_cast<Wide>(bits);
  return type == Type::I32 ? Wide{static_cast<std::int32_t>(static_cast<std::uint32_t>(bits))}
                           : Wide{static_cast<std::int64_t>(bits)};
}

// Whether it is a value of the type.
bool holds(Wide value, Type type, bool is_signed) {
  const Wide one = 1;
  const auto width = static_cast<int>(ast::bit_width(type));
  if (is_signed) return value >= -(one << (width - 1)) && value < (one << (width - 1));
  return value >= 0 && value < (one << width);
}

}  // namespace

std::uint32_t Writer::draw_trip_count(const Context& context) {
  std::uint32_t count = 0;
  switch (rng_->below(8)) {
    case 0:
      count = 0;
      break;
    case 1:
      count = 1;
      break;
    case 2:
      count = 2;
      break;
    case 3:
      count = rng_->chance(1, 6) ? rng_->between(50, 300) : rng_->between(3, 20);
      break;
    default:
      count = rng_->between(2, 10);
      break;
  }
  const std::uint32_t most = kMostRepeats / context.repeats;
  return count < most ? count : most;
}

void Writer::loop(const Context& context) {
  if (context.loop_depth == kDeepestLoop) {
    assign();
    return;
  }
  if (rng_->chance(config_->recurrence_percent, 100)) {
    if (context.loop_depth == 0 && rng_->chance(1, kOneWildLoopIn)) {
      wild_loop();
    } else if (context.loop_depth == 0 && rng_->chance(1, kOneWidenedLoopIn)) {
      widened_loop();
    } else {
      recurrence_loop(context);
    }
    return;
  }
  switch (rng_->below(8)) {
    case 0:
      shifting_loop(context);
      break;
    case 1:
    case 2:
    case 3:
      counted_loop(context);
      break;
    default:
      induction_loop(context);
      break;
  }
}

// loop (n) { ... } with a constant count, or a small one computed from a variable.
void Writer::counted_loop(const Context& context) {
  Builder build(*program_);
  const Type type = draw_type();
  const std::uint32_t trips = draw_trip_count(context);
  NodeId count;
  const VarId variable = any_variable(type);
  if (variable.valid() && trips > 1 && rng_->chance(1, 2)) {
    count = build.binary(Op::RemU, build.load(variable), build.constant(type, trips));
  } else {
    count = build.constant(type, trips);
  }
  Context inner = context;
  ++inner.depth;
  ++inner.loop_depth;
  inner.repeats = context.repeats * (trips == 0 ? 1 : trips);
  inner.may_continue = true;
  open_block();
  block_of(rng_->between(1, 4), inner);
  append(build.loop(count, close_block()));
}

// let i = start; while (i < bound) { ...; i = i + step; }
void Writer::induction_loop(const Context& context) {
  Builder build(*program_);
  const Type type = draw_type();
  const std::uint32_t trips = draw_trip_count(context);
  const Exit& exit = kExits[rng_->below(kExits.size())];
  const std::uint64_t magnitude = rng_->chance(1, 3) ? rng_->between(1, 1000) : rng_->between(1, 4);
  const std::uint64_t start = draw_constant(*rng_, type);
  const Wide distance = static_cast<Wide>(magnitude) * trips;
  const Wide first = number_of(start, type, exit.is_signed);
  // Where the induction variable is when the loop ends, and a bound between it and the value before. Ordered exits need
  // all of them, and one step more, to be values of the type; where they are not, the exit is by != and wraps around.
  const Wide last = exit.rising ? first + distance : first - distance;
  const std::uint32_t slack = exit.strict ? rng_->below(static_cast<std::uint32_t>(magnitude)) : 0;
  Wide bound = exit.rising ? last - slack : last + slack;
  if (!exit.strict) bound = exit.rising ? last - 1 : last + 1;
  const bool ordered =
      holds(last, type, exit.is_signed) && holds(bound, type, exit.is_signed) && trips != 0 && !rng_->chance(1, 4);

  const std::uint64_t step = fit(type, exit.rising ? magnitude : std::uint64_t{0} - magnitude);
  const std::uint64_t end = fit(type, start + step * trips);
  const NodeId start_node = build.constant(type, start);
  const VarId induction = new_local(type);
  append(build.let(induction, start_node));
  variables_[index_of(type)].push_back(induction);  // may be read, must not be assigned
  const NodeId bound_node = build.constant(type, ordered ? fit(type, static_cast<std::uint64_t>(bound)) : end);
  const Op op = ordered ? exit.op : Op::Ne;
  const bool mirrored = rng_->chance(1, 8) && op == Op::Ne;
  const NodeId going_on = mirrored ? build.compare(op, bound_node, build.load(induction))
                                   : build.compare(op, build.load(induction), bound_node);

  Context inner = context;
  ++inner.depth;
  ++inner.loop_depth;
  inner.repeats = context.repeats * (trips == 0 ? 1 : trips);
  // With the step first, `continue` cannot skip it.
  const bool step_first = rng_->chance(1, 3);
  inner.may_continue = step_first;
  const auto take_step = [&] {
    const bool subtract = rng_->chance(1, 4);
    const NodeId amount = build.constant(type, subtract ? fit(type, std::uint64_t{0} - step) : step);
    append(build.store(induction, build.binary(subtract ? Op::Sub : Op::Add, build.load(induction), amount)));
  };
  open_block();
  if (step_first) take_step();
  block_of(rng_->between(1, 4), inner);
  if (!step_first) take_step();
  append(build.while_loop(going_on, close_block()));
}

// let x = value; while (x) { ...; x = x >> k; }: at most as many iterations as there are bits.
void Writer::shifting_loop(const Context& context) {
  constexpr std::uint32_t kFewestBits = 4;
  Builder build(*program_);
  const Type type = draw_type();
  const std::uint32_t bits = rng_->between(kFewestBits, ast::bit_width(type) / 4);
  if (context.repeats * (ast::bit_width(type) / bits) > kMostRepeats) {
    assign();
    return;
  }
  const NodeId value = expression(type, 1);
  const VarId shifted = new_local(type);
  append(build.let(shifted, value));
  variables_[index_of(type)].push_back(shifted);
  Context inner = context;
  ++inner.depth;
  ++inner.loop_depth;
  inner.repeats = context.repeats * (ast::bit_width(type) / bits);
  inner.may_continue = false;
  open_block();
  block_of(rng_->between(1, 3), inner);
  append(build.store(shifted, build.binary(Op::ShrU, build.load(shifted), build.constant(type, bits))));
  append(build.while_loop(build.load(shifted), close_block()));
}

}  // namespace assay::fuzz
