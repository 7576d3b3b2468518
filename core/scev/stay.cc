// Trip counts by arcs; see stay.h. Tested by core/scev/test/stay_test.cc.
#include "core/scev/stay.h"

#include <bit>
#include <utility>

#include "core/opt/comparisons.h"

namespace assay::scev {
namespace {

using ast::Op;

// From `first` upwards to `last`, both included.
struct Arc {
  Polynomial first;
  Polynomial last;
};

Polynomial plus(const Polynomial& value, std::uint64_t constant_bits) {
  return add(value, constant(value.type, constant_bits));
}

Arc arc_of(Op op, const Polynomial& bound) {
  const ast::Type type = bound.type;
  const std::uint64_t lowest = is_signed_order(op) ? sign_bit(type) : 0;
  const std::uint64_t highest = lowest - 1;
  const std::uint64_t minus_one = all_ones(type);
  switch (op) {
    case Op::LtS:
    case Op::LtU:
      return {constant(type, lowest), plus(bound, minus_one)};
    case Op::LeS:
    case Op::LeU:
      return {constant(type, lowest), bound};
    case Op::GtS:
    case Op::GtU:
      return {plus(bound, 1), constant(type, highest)};
    case Op::GeS:
    case Op::GeU:
      return {bound, constant(type, highest)};
    case Op::Eq:
      return {bound, bound};
    default:
      return {plus(bound, 1), plus(bound, minus_one)};
  }
}

struct Way {
  Polynomial distance;  // to the end of the arc
  Polynomial stride;    // per iteration; never 0
};

Way way_out(Atoms& atoms, const Arc& arc, const AddRecurrence& operand) {
  const Polynomial& value = operand.start();
  const Polynomial& step = operand.coefficients[1];
  const ast::Type type = value.type;
  Polynomial distance;
  Polynomial stride;
  if (step.is_constant()) {
    const bool rising = as_signed(type, step.constant_term()) > 0;
    distance = rising ? subtract(arc.last, value) : subtract(value, arc.first);
    stride = rising ? step : scale(step, ~std::uint64_t{0});
  } else {
    const Polynomial zero = constant(type, 0);
    const Polynomial rising = atoms.operation(Op::GtS, step, zero);
    distance = atoms.select(rising, subtract(arc.last, value), subtract(value, arc.first));
    // A step of zero stays for ever; any count will do then, and 1 keeps the division from trapping.
    stride = add(atoms.operation(Op::Abs, step), atoms.truth(atoms.operation(Op::Eq, step, zero), type));
  }
  return {std::move(distance), std::move(stride)};
}

// Iterations from the start to beyond the end of the arc it is in.
Polynomial leave(Atoms& atoms, const Way& way) {
  const Polynomial quotient = way.stride.is(1) ? way.distance : atoms.operation(Op::DivU, way.distance, way.stride);
  return plus(quotient, 1);
}

// Whether a step of `stride` (constant, by magnitude) cannot jump over the values outside the arc.
bool cannot_jump(Op op, const Polynomial& bound, std::uint64_t stride) {
  const ast::Type type = bound.type;
  if (op == Op::Eq) return true;
  if (bound.is_constant()) {
    const Arc arc = arc_of(op, bound);
    const std::uint64_t gap = (arc.first.constant_term() - arc.last.constant_term() - 1) & all_ones(type);
    return stride <= gap;
  }
  // The gap of a strict order or of != is at least the bound itself; that of <= and >= may be empty.
  const bool never_empty = op == Op::Ne || op == Op::LtS || op == Op::LtU || op == Op::GtS || op == Op::GtU;
  return never_empty && stride == 1;
}

// Whether the condition is a strict order and the constant step leads to its bound one by one.
bool reaches_bound(Op op, std::uint64_t step, ast::Type type) {
  const bool rising = op == Op::LtS || op == Op::LtU;
  const bool falling = op == Op::GtS || op == Op::GtU;
  return (rising && step == 1) || (falling && step == all_ones(type));
}

Op or_equal_to(Op op) {
  switch (op) {
    case Op::LtS:
      return Op::LeS;
    case Op::LtU:
      return Op::LeU;
    case Op::GtS:
      return Op::GeS;
    default:
      return Op::GeU;
  }
}

Stay counted(Atoms& atoms, Polynomial count, bool exact, std::uint64_t few) {
  Polynomial many = is_many(atoms, count, few);
  return {std::move(count), exact, std::move(many)};
}

// x != b with a step 2^k * odd: the values meet after (b - x) / step iterations modulo 2^(w-k), if they ever do.
Stay meet(Atoms& atoms, const AddRecurrence& operand, const Polynomial& bound, std::uint64_t step, std::uint64_t few) {
  const ast::Type type = bound.type;
  const unsigned twos = static_cast<unsigned>(std::countr_zero(step));
  const Polynomial distance = subtract(bound, operand.start());
  if (twos == 0) return counted(atoms, scale(distance, inverse_of_odd(step)), true, few);
  const Polynomial shifted = atoms.operation(Op::ShrU, distance, constant(type, twos));
  const std::uint64_t odd = static_cast<std::uint64_t>(as_signed(type, step) >> twos);
  const Polynomial mask = constant(type, all_ones(type) >> twos);
  return counted(atoms, atoms.operation(Op::And, scale(shifted, inverse_of_odd(odd)), mask), false, few);
}

}  // namespace

bool is_signed_order(Op op) { return opt::unsigned_comparison(op) != op; }
bool is_ordered(Op op) { return op != Op::Eq && op != Op::Ne; }

std::vector<Comparison> conjunction(const Atoms& atoms, const Polynomial& truth) {
  std::vector<Comparison> result;
  if (truth.poisoned || truth.terms.size() != 1 || truth.terms[0].coefficient != 1) return {};
  const Monomial& product = truth.terms[0].monomial;
  for (std::size_t i = 0; i < product.degree; ++i) {
    const Atom* atom = atoms.comparison(AtomId{product.atoms[i]});
    if (atom == nullptr) return {};
    Comparison comparison{atom->op, atom->arguments[0], atom->arguments[1]};
    if (!atoms.varying(comparison.varying) && atoms.varying(comparison.bound)) {
      std::swap(comparison.varying, comparison.bound);
      comparison.op = opt::mirrored_comparison(comparison.op);
    }
    if (!is_ordered(comparison.op) && atoms.varying(comparison.bound)) {
      comparison.varying = subtract(comparison.varying, comparison.bound);
      comparison.bound = constant(comparison.bound.type, 0);
    }
    result.push_back(std::move(comparison));
  }
  return result;
}

Stay stay_while(Atoms& atoms, Op op, const AddRecurrence& operand, const Polynomial& bound, std::uint64_t few,
                bool zero_at_bound) {
  const ast::Type type = bound.type;
  const Polynomial holds = atoms.truth(atoms.operation(op, operand.start(), bound), type);
  if (operand.degree() == 0) return counted(atoms, multiply(holds, constant(type, all_ones(type))), false, few);
  const Polynomial& step = operand.coefficients[1];
  const bool known = step.is_constant();
  const std::uint64_t step_bits = step.constant_term();
  const std::uint64_t stride = !known                           ? 0
                               : as_signed(type, step_bits) > 0 ? step_bits
                                                                : (0 - step_bits) & all_ones(type);
  if (op == Op::Ne && known) {
    if (stride != 1) return meet(atoms, operand, bound, step_bits, few);
    // 0 where the values are equal already, without asking.
    const Polynomial distance = subtract(bound, operand.start());
    return counted(atoms, step.is(1) ? distance : scale(distance, ~std::uint64_t{0}), true, few);
  }
  if (op == Op::Eq && known) return counted(atoms, holds, true, few);
  const Way way = way_out(atoms, arc_of(op, bound), operand);
  if (zero_at_bound && known && reaches_bound(op, step_bits, type)) {
    const Polynomial or_equal = atoms.truth(atoms.operation(or_equal_to(op), operand.start(), bound), type);
    return counted(atoms, multiply(or_equal, leave(atoms, way)), true, few);
  }
  const Polynomial short_way = scale(way.stride, few);
  return {multiply(holds, leave(atoms, way)), known && cannot_jump(op, bound, stride),
          atoms.operation(Op::And, natural(atoms, holds, ast::Type::I32),
                          atoms.operation(Op::GtU, way.distance, short_way))};
}

Polynomial is_many(Atoms& atoms, const Polynomial& count, std::uint64_t few) {
  return atoms.operation(Op::GtU, count, constant(count.type, few));
}

Polynomial stay_from_inside(Atoms& atoms, Op op, const AddRecurrence& operand, const Polynomial& bound) {
  if (operand.degree() == 0) return constant(bound.type, all_ones(bound.type));
  return leave(atoms, way_out(atoms, arc_of(op, bound), operand));
}

Polynomial stay_unwrapped(Atoms& atoms, const AddRecurrence& operand, bool is_signed) {
  const ast::Type type = operand.type();
  const std::uint64_t lowest = is_signed ? sign_bit(type) : 0;
  if (operand.degree() == 0) return constant(type, all_ones(type));
  // The last step before the border may be the one that reaches 2^w iterations, which does not fit: one less is safe.
  const Polynomial count = leave(atoms, way_out(atoms, {constant(type, lowest), constant(type, lowest - 1)}, operand));
  return subtract(count, constant(type, 1));
}

}  // namespace assay::scev
