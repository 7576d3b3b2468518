// Closed forms; see closed_form.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/closed_form.h"

#include <bit>
#include <optional>

#include "core/scev/power_sums.h"

namespace assay::scev {
namespace {

using ast::Op;
using ast::Type;

class Forms {
 public:
  Forms(const Body& body, const System& system, const Polynomial& count, Atoms& atoms, ValuesFor use)
      : body_(body), system_(system), count_(count), atoms_(atoms), use_(use) {
    last_ = subtract(count, constant(count.type, 1));
  }

  Polynomial of(std::size_t variable) {
    const Sequence& sequence = system_.sequences[variable];
    const Polynomial initial = atoms_.initial(body_.variables[variable], system_.equations[variable].type);
    switch (sequence.kind) {
      case SequenceKind::AddRecurrence:
        return recurrence_after(sequence.recurrence, count_);
      case SequenceKind::Last:
        return atoms_.select(count_, in_last_iteration(sequence.operand), initial);
      case SequenceKind::Absorbing:
        return atoms_.select(count_, atoms_.operation(sequence.op, initial, sequence.operand), initial);
      case SequenceKind::Idempotent:
        return atoms_.select(count_, sequence.operand, initial);
      case SequenceKind::Toggle:
        return atoms_.operation(Op::Xor, initial, multiply(sequence.operand, odd_count(initial.type)));
      case SequenceKind::BitRange:
        return sequence.op == Op::Xor ? xor_range(sequence, initial) : mask_range(sequence, initial);
      case SequenceKind::Extremum:
        return extremum(sequence, initial);
      default:
        return poison(initial.type);
    }
  }

 private:
  Polynomial recurrence_after(const AddRecurrence& recurrence, const Polynomial& count) {
    if (use_ == ValuesFor::Emission) {
      if (std::optional<Polynomial> value = power_sum_after(atoms_, recurrence, count)) return *std::move(value);
    }
    return value_after(atoms_, recurrence, count);
  }

  Polynomial number(Type type, std::uint64_t bits) const { return constant(type, bits); }

  Polynomial odd_count(Type type) {
    return natural(atoms_, atoms_.operation(Op::And, count_, number(count_.type, 1)), type);
  }

  Polynomial in_last_iteration(const Polynomial& value) {
    Substitution last(atoms_);
    for (std::size_t i = 0; i < body_.variables.size(); ++i) {
      if (system_.sequences[i].kind != SequenceKind::AddRecurrence) continue;
      const Type type = system_.equations[i].type;
      last.set(atoms_.variable(body_.variables[i], type).single_atom(),
               value_after(atoms_, system_.sequences[i].recurrence, last_));
    }
    return last.apply(value);
  }

  struct Ends {
    Polynomial low;  // the value with the smallest number of steps of 2^twos behind it
    Polynomial high;
    unsigned twos = 0;
  };

  Ends ends(const AddRecurrence& recurrence) {
    const std::int64_t step = as_signed(recurrence.type(), recurrence.coefficients[1].constant_term());
    const Polynomial last = value_after(atoms_, recurrence, last_);
    const unsigned twos = static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(step)));
    return step > 0 ? Ends{recurrence.start(), last, twos} : Ends{last, recurrence.start(), twos};
  }

  // The xor of 0, 1, ..., m - 1.
  Polynomial xor_below(const Polynomial& m) {
    const Polynomial one = number(m.type, 1);
    const Polynomial odd = atoms_.operation(Op::And, m, one);
    const Polynomial second = atoms_.operation(Op::And, atoms_.operation(Op::ShrU, m, one), one);
    return add(multiply(odd, subtract(m, one)), second);
  }

  // The bits below the step are the same every time; those above count up by one.
  Polynomial xor_range(const Sequence& sequence, const Polynomial& initial) {
    const Type type = initial.type;
    const Ends range = ends(sequence.recurrence);
    const Polynomial twos = number(type, range.twos);
    const Polynomial first = atoms_.operation(Op::ShrU, range.low, twos);
    const Polynomial behind = add(first, natural(atoms_, count_, type));
    const Polynomial above =
        atoms_.operation(Op::Shl, atoms_.operation(Op::Xor, xor_below(behind), xor_below(first)), twos);
    const Polynomial low_mask = number(type, (std::uint64_t{1} << range.twos) - 1);
    const Polynomial below = multiply(odd_count(type), atoms_.operation(Op::And, range.low, low_mask));
    return atoms_.operation(Op::Xor, initial, add(above, below));
  }

  // Without wraparound between them, all bits from the step up to the highest in which the ends differ take both
  // values.
  Polynomial mask_range(const Sequence& sequence, const Polynomial& initial) {
    const Type type = initial.type;
    const Ends range = ends(sequence.recurrence);
    const Polynomial difference = atoms_.operation(Op::Xor, range.low, range.high);
    const Polynomial ones = number(type, all_ones(type));
    const Polynomial below_highest = atoms_.operation(Op::ShrU, ones, atoms_.operation(Op::Clz, difference));
    const Polynomial above_step = number(type, all_ones(type) << range.twos);
    const Polynomial mixed =
        multiply(atoms_.truth(difference, type), atoms_.operation(Op::And, below_highest, above_step));
    const Polynomial folded = sequence.op == Op::And
                                  ? atoms_.operation(Op::And, range.low, atoms_.operation(Op::Not, mixed))
                                  : atoms_.operation(Op::Or, range.low, mixed);
    return atoms_.select(count_, atoms_.operation(sequence.op, initial, folded), initial);
  }

  Polynomial extremum(const Sequence& sequence, const Polynomial& initial) {
    const AddRecurrence& moving = sequence.recurrence;
    Polynomial best = moving.start();
    if (moving.degree() == 1) {
      const Polynomial last = value_after(atoms_, moving, last_);
      const Polynomial rising = atoms_.operation(Op::GtS, moving.coefficients[1], number(moving.type(), 0));
      const bool least =
          sequence.op == Op::LtS || sequence.op == Op::LeS || sequence.op == Op::LtU || sequence.op == Op::LeU;
      best = least ? atoms_.select(rising, moving.start(), last) : atoms_.select(rising, last, moving.start());
    }
    const Polynomial any = atoms_.truth(count_, ast::Type::I32);
    const Polynomial replaces = multiply(any, atoms_.operation(sequence.op, best, initial));
    return atoms_.select(replaces, best, initial);
  }

  const Body& body_;
  const System& system_;
  const Polynomial& count_;
  Atoms& atoms_;
  ValuesFor use_;
  Polynomial last_;
};

}  // namespace

std::vector<Polynomial> final_values(const Body& body, const System& system, const Polynomial& count, Atoms& atoms,
                                     ValuesFor use) {
  Forms forms(body, system, count, atoms, use);
  std::vector<Polynomial> values;
  values.reserve(body.variables.size());
  for (std::size_t i = 0; i < body.variables.size(); ++i) values.push_back(forms.of(i));
  return values;
}

}  // namespace assay::scev
