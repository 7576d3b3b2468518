// Trip counts; see trip.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/trip.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/opt/comparisons.h"

namespace assay::scev {
namespace {

using ast::Op;
using ast::Type;

// With no more iterations than these a loop is as fast as a costly closed form of logarithmic or of constant time. One
// with loops inside never is, unless it runs once.
constexpr std::uint64_t kFewForLogarithmic = 12;
constexpr std::uint64_t kFewForConstant = 4;
constexpr std::uint64_t kFewWithLoops = 1;
// With a larger step a value is around all of Z/2^w within 2^7 iterations.
constexpr unsigned kBitsOfShortWay = 7;

class Finder {
 public:
  Finder(const Body& body, const System& system, Atoms& atoms, const std::vector<ast::VarId>& constant_starts)
      : body_(body),
        system_(system),
        atoms_(atoms),
        constant_starts_(constant_starts),
        finder_(finder_of_values(body, system, atoms)),
        few_(system.has_linear_part() ? kFewForLogarithmic
             : body.nested            ? kFewWithLoops
                                      : kFewForConstant) {}

  Trip find(const Polynomial& left) {
    trip_.exact = true;
    trip_.many = constant(Type::I32, 1);
    if (body_.counted) {
      add_class(LoopClass::Counted);
      limit({left, true, is_many(atoms_, left, few_)});
    }
    for (const Exit& exit : body_.exits) {
      add_exit(exit);
      if (trip_.failure != Decline::None) return trip_;
    }
    if (trip_.counts.empty() || (!body_.counted && !any_moving_exit_)) {
      trip_.failure = Decline::Endless;
      return trip_;
    }
    // An exit that is always taken leaves no full iteration, whatever else there is.
    if (leaves_at_once_) {
      trip_.counts = {constant(Type::I32, 0)};
      trip_.exact = true;
      return trip_;
    }
    for (const PhaseLimit& phase_limit : system_.limits) limit_phase(phase_limit);
    // An exit on an extended value counts in numbers the value itself does not have: until it wraps.
    for (const RecurrenceFinder::Unwrapped& unwrapped : finder_.unwrapped()) {
      const PhaseLimit phase_limit = limit_of(unwrapped);
      if (!is_limited_by(phase_limit)) limit_phase(phase_limit);
    }
    if (trip_.phases) trip_.exact = false;
    for (const Polynomial& count : trip_.counts) {
      if (count.poisoned) trip_.failure = Decline::TooLarge;
    }
    return trip_;
  }

 private:
  void add_class(LoopClass one) { trip_.classes |= 1U << static_cast<unsigned>(one); }

  void limit(Stay stay) {
    trip_.counts.push_back(std::move(stay.count));
    trip_.exact = trip_.exact && stay.exact;
    trip_.many = atoms_.operation(Op::And, trip_.many, stay.many);
  }

  void limit_phase(const PhaseLimit& phase_limit) {
    trip_.phases = true;
    trip_.counts.push_back(stay_of(phase_limit));
    if (phase_limit.operand.degree() == 0) return;
    // No phase is longer than a way around the circle. Where that is short, finding the end of each costs more than
    // running through it.
    const Polynomial& step = phase_limit.operand.coefficients[1];
    const Polynomial longest = constant(step.type, std::uint64_t{1} << (width(step.type) - kBitsOfShortWay));
    const Polynomial small_step = atoms_.operation(Op::LeU, add(step, longest), scale(longest, 2));
    trip_.short_phases = trip_.short_phases || small_step.is_zero();
    trip_.many = atoms_.operation(Op::And, trip_.many, small_step);
  }

  void add_exit(const Exit& exit) {
    if (exit.stays.is(1)) return;
    if (exit.statement.valid()) {
      add_class(LoopClass::MiddleExit);
    }
    if (exit.stays.is(0)) {
      limit({constant(Type::I32, 0), true, constant(Type::I32, 0)});
      any_moving_exit_ = true;
      leaves_at_once_ = true;
      return;
    }
    const std::vector<Comparison> comparisons = conjunction(atoms_, exit.stays);
    if (comparisons.empty()) trip_.failure = Decline::ExitCondition;
    for (const Comparison& comparison : comparisons) {
      const std::optional<AddRecurrence> operand = finder_.of(comparison.varying);
      if (!operand || operand->degree() > 1 || atoms_.varying(comparison.bound)) {
        trip_.failure = Decline::ExitCondition;
        return;
      }
      add_class(is_ordered(comparison.op) ? LoopClass::OrderedExit : LoopClass::EqualityExit);
      any_moving_exit_ = any_moving_exit_ || operand->degree() == 1;
      limit(stay_while(atoms_, comparison.op, *operand, comparison.bound, few_, starts_constant(*operand)));
    }
  }

  [[nodiscard]] bool starts_constant(const AddRecurrence& operand) const {
    const AtomId start = operand.start().single_atom();
    return start.valid() && atoms_[start].kind == AtomKind::Initial &&
           std::find(constant_starts_.begin(), constant_starts_.end(), atoms_[start].variable) !=
               constant_starts_.end();
  }

  // Whether the variables need the same.
  [[nodiscard]] bool is_limited_by(const PhaseLimit& wanted) const {
    return std::any_of(system_.limits.begin(), system_.limits.end(), [&wanted](const PhaseLimit& one) {
      return one.kind == wanted.kind && one.operand.coefficients == wanted.operand.coefficients;
    });
  }

  Polynomial stay_of(const PhaseLimit& phase_limit) {
    if (phase_limit.kind != PhaseLimit::Kind::Truth) {
      return stay_unwrapped(atoms_, phase_limit.operand, phase_limit.kind == PhaseLimit::Kind::SignedWrap);
    }
    const Polynomial holds = atoms_.operation(phase_limit.op, phase_limit.operand.start(), phase_limit.bound);
    const Polynomial while_true = stay_from_inside(atoms_, phase_limit.op, phase_limit.operand, phase_limit.bound);
    const Polynomial while_false =
        stay_from_inside(atoms_, opt::inverse_comparison(phase_limit.op), phase_limit.operand, phase_limit.bound);
    return atoms_.select(holds, while_true, while_false);
  }

  const Body& body_;
  const System& system_;
  Atoms& atoms_;
  const std::vector<ast::VarId>& constant_starts_;
  RecurrenceFinder finder_;
  std::uint64_t few_;
  Trip trip_;
  bool any_moving_exit_ = false;
  bool leaves_at_once_ = false;
};

}  // namespace

Polynomial least(const Polynomial& left, const Polynomial& right, Atoms& atoms) {
  const Type type = left.type == Type::I64 ? Type::I64 : right.type;
  const Polynomial a = natural(atoms, left, type);
  const Polynomial b = natural(atoms, right, type);
  return atoms.select(atoms.operation(Op::LtU, b, a), b, a);
}

Trip find_trip(const Body& body, const System& system, const Polynomial& left, Atoms& atoms,
               const std::vector<ast::VarId>& constant_starts) {
  return Finder(body, system, atoms, constant_starts).find(left);
}

}  // namespace assay::scev
