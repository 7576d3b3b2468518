// Solving one loop; see solution.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/solution.h"

#include <algorithm>
#include <utility>

#include "core/scev/closed_form.h"

namespace assay::scev {
namespace {

std::uint32_t bit(LoopClass one) { return 1U << static_cast<unsigned>(one); }

std::uint32_t classes_of_sequences(const System& system) {
  std::uint32_t classes = 0;
  for (const Sequence& sequence : system.sequences) {
    if (sequence.kind != SequenceKind::AddRecurrence || sequence.recurrence.degree() == 0) continue;
    classes |= bit(sequence.recurrence.degree() == 1 ? LoopClass::Linear : LoopClass::Polynomial);
  }
  return classes;
}

bool has_invariant_condition(const Body& body, const Atoms& atoms) {
  return std::any_of(body.next.begin(), body.next.end(), [&](const Polynomial& equation) {
    for (const Term& term : equation.terms) {
      for (std::size_t i = 0; i < term.monomial.degree; ++i) {
        const AtomId id{term.monomial.atoms[i]};
        if (Atoms::is_boolean(id) && !atoms[id].varying) return true;
      }
    }
    return false;
  });
}

// Whether the closed form takes more than a few instructions, so that a short run is better off with the loop.
bool is_costly(const Solution& solution, const Atoms& atoms) {
  const System& system = solution.system;
  if (!solution.linear.empty() || system.period > 1 || solution.trip.phases) return true;
  if (std::any_of(solution.trip.counts.begin(), solution.trip.counts.end(),
                  [&](const Polynomial& count) { return atoms.divides_slowly(count); })) {
    return true;
  }
  return std::any_of(system.sequences.begin(), system.sequences.end(), [](const Sequence& sequence) {
    return sequence.kind == SequenceKind::AddRecurrence && sequence.recurrence.degree() > 3;
  });
}

}  // namespace

Solution solve(const ast::Program& program, ast::NodeId loop, Atoms& atoms, const SolveOptions& options) {
  Solution result;
  const auto declined = [&result](Decline reason) {
    result.failure = reason;
    return std::move(result);
  };
  result.body = read_body(program, loop, atoms);
  result.classes = result.body.classes;
  if (result.body.nested) result.classes |= bit(LoopClass::Nested);
  if (result.body.failed()) return declined(result.body.failure);
  if (has_invariant_condition(result.body, atoms)) result.classes |= bit(LoopClass::InvariantCondition);
  result.system = solve_system(result.body, atoms);
  result.classes |= result.system.classes;
  if (result.system.failed()) return declined(result.system.failure);
  result.classes |= classes_of_sequences(result.system);
  result.trip = find_trip(result.body, result.system, result.body.count, atoms, options.constant_starts);
  result.classes |= result.trip.classes;
  if (result.trip.failure != Decline::None) return declined(result.trip.failure);
  if (result.system.has_linear_part()) {
    if (!find_linear_systems(result.body, result.system, atoms, result.linear))
      return declined(Decline::NotARecurrence);
    for (const LinearSystem& one : result.linear) {
      result.classes |= bit(one.triangular ? LoopClass::Affine : LoopClass::Recurrence);
    }
  }
  if (!options.spare_short_runs) result.trip.many = constant(ast::Type::I32, 1);
  // A known count decides here what others ask for at run time.
  const bool costs = is_costly(result, atoms);
  if (!costs) result.trip.many = constant(ast::Type::I32, 1);
  if (costs && result.trip.many.is_zero()) {
    return declined(result.trip.short_phases ? Decline::ShortPhases : Decline::NotWorth);
  }
  const Shape exact_shape = costs && !result.trip.many.is_constant() ? Shape::Choice : Shape::Straight;
  result.shape = result.trip.phases ? Shape::Phased : result.trip.exact ? exact_shape : Shape::Guarded;
  return result;
}

}  // namespace assay::scev
