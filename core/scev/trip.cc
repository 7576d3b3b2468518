// Trip counts; see trip.h. Tested by core/scev/test/trip_test.cc.
#include "core/scev/trip.h"

#include <optional>
#include <utility>
#include <vector>

namespace assay::scev {
namespace {

using ast::Op;
using ast::Type;

class Finder {
 public:
  Finder(const Body& body, const System& system, Atoms& atoms) : body_(body), system_(system), atoms_(atoms) {}

  Trip find(const Polynomial& left) {
    trip_.exact = true;
    if (body_.counted) {
      add_class(LoopClass::Counted);
      limit(left, true);
    }
    for (const Exit& exit : body_.exits) {
      add_exit(exit);
      if (trip_.failure != Decline::None) return trip_;
    }
    if (counts_.empty() || (!body_.counted && !any_moving_exit_)) {
      trip_.failure = Decline::Endless;
      return trip_;
    }
    for (const PhaseLimit& phase_limit : system_.limits) {
      trip_.phases = true;
      counts_.push_back(stay_of(phase_limit));
    }
    if (trip_.phases) trip_.exact = false;
    trip_.count = least();
    if (trip_.count.poisoned) trip_.failure = Decline::TooLarge;
    return trip_;
  }

 private:
  void add_class(LoopClass one) { trip_.classes |= 1U << static_cast<unsigned>(one); }

  void limit(Polynomial count, bool exact) {
    counts_.push_back(std::move(count));
    trip_.exact = trip_.exact && exact;
  }

  void add_exit(const Exit& exit) {
    if (exit.stays.is(1)) return;
    if (exit.statement.valid()) {
      add_class(LoopClass::MiddleExit);
    }
    if (exit.stays.is(0)) {
      limit(constant(Type::I32, 0), true);
      any_moving_exit_ = true;
      return;
    }
    const std::vector<Comparison> comparisons = conjunction(atoms_, exit.stays);
    if (comparisons.empty()) trip_.failure = Decline::ExitCondition;
    for (const Comparison& comparison : comparisons) {
      const std::optional<AddRecurrence> operand = recurrence_of(comparison.varying, body_, system_, atoms_);
      if (!operand || operand->degree() > 1 || atoms_.varying(comparison.bound)) {
        trip_.failure = Decline::ExitCondition;
        return;
      }
      add_class(is_ordered(comparison.op) ? LoopClass::OrderedExit : LoopClass::EqualityExit);
      Stay stay = stay_while(atoms_, comparison.op, *operand, comparison.bound);
      any_moving_exit_ = any_moving_exit_ || operand->degree() == 1;
      limit(std::move(stay.count), stay.exact);
    }
  }

  Polynomial stay_of(const PhaseLimit& phase_limit) {
    if (phase_limit.kind != PhaseLimit::Kind::Truth) {
      return stay_unwrapped(atoms_, phase_limit.operand, phase_limit.kind == PhaseLimit::Kind::SignedWrap);
    }
    const Polynomial holds = atoms_.operation(phase_limit.op, phase_limit.operand.start(), phase_limit.bound);
    const Polynomial while_true = stay_from_inside(atoms_, phase_limit.op, phase_limit.operand, phase_limit.bound);
    const Polynomial while_false = stay_from_inside(atoms_, inverse_comparison(phase_limit.op), phase_limit.operand,
                                                    phase_limit.bound);
    return atoms_.select(holds, while_true, while_false);
  }

  Polynomial least() {
    Type type = Type::I32;
    for (const Polynomial& count : counts_) {
      if (count.type == Type::I64) type = Type::I64;
    }
    Polynomial result = natural(atoms_, counts_[0], type);
    for (std::size_t i = 1; i < counts_.size(); ++i) {
      const Polynomial other = natural(atoms_, counts_[i], type);
      result = atoms_.select(atoms_.operation(Op::LtU, other, result), other, result);
    }
    return result;
  }

  const Body& body_;
  const System& system_;
  Atoms& atoms_;
  Trip trip_;
  std::vector<Polynomial> counts_;
  bool any_moving_exit_ = false;
};

}  // namespace

Trip find_trip(const Body& body, const System& system, const Polynomial& left, Atoms& atoms) {
  return Finder(body, system, atoms).find(left);
}

}  // namespace assay::scev
