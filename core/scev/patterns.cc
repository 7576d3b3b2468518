// Matching equations; see patterns.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/patterns.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "core/opt/comparisons.h"

namespace assay::scev {
namespace {

using ast::Op;

bool is_power_of_two_step(const AddRecurrence& recurrence) {
  if (recurrence.degree() != 1 || !recurrence.coefficients[1].is_constant()) return false;
  const std::int64_t step = as_signed(recurrence.type(), recurrence.coefficients[1].constant_term());
  const std::uint64_t stride = step < 0 ? 0 - static_cast<std::uint64_t>(step) : static_cast<std::uint64_t>(step);
  return std::has_single_bit(stride) && stride <= 1U << 16;
}

class Matcher {
 public:
  Matcher(const Polynomial& self, const Polynomial& equation, const std::vector<ast::VarId>& variables, Atoms& atoms,
          RecurrenceFinder& finder)
      : self_(self), equation_(equation), variables_(variables), atoms_(atoms), finder_(finder) {}

  Sequence match() {
    if (!atoms_.mentions(equation_, self_.single_atom())) return follower();
    if (Sequence found = bitwise(); found.kind != SequenceKind::Unsolved) return found;
    if (Sequence found = idempotent(); found.kind != SequenceKind::Unsolved) return found;
    return extremum();
  }

 private:
  // v' = f(others): the last iteration decides.
  Sequence follower() {
    for (std::size_t i = 0; i < variables_.size(); ++i) {
      if (finder_.knows(i)) continue;
      for (const ast::Type type : {ast::Type::I32, ast::Type::I64}) {
        if (atoms_.mentions(equation_, atoms_.variable(variables_[i], type).single_atom())) return {};
      }
    }
    Sequence result;
    result.kind = SequenceKind::Last;
    result.operand = equation_;
    return result;
  }

  // v' = v op x
  Sequence bitwise() {
    const AtomId id = equation_.single_atom();
    if (!id.valid()) return {};
    const Atom& atom = atoms_[id];
    if (atom.kind != AtomKind::Operation || (atom.op != Op::And && atom.op != Op::Or && atom.op != Op::Xor)) return {};
    const bool left = atom.arguments[0] == self_;
    if (!left && !(atom.arguments[1] == self_)) return {};
    Sequence result;
    result.op = atom.op;
    result.operand = atom.arguments[left ? 1 : 0];
    std::optional<AddRecurrence> operand = finder_.of(result.operand);
    if (!operand) return {};
    result.recurrence = std::move(*operand);
    if (result.recurrence.degree() == 0) {
      result.kind = atom.op == Op::Xor ? SequenceKind::Toggle : SequenceKind::Absorbing;
      result.operand = result.recurrence.start();
    } else if (is_power_of_two_step(result.recurrence)) {
      result.kind = SequenceKind::BitRange;
    }
    return result;
  }

  // v' = f(v) where f(f(v)) is f(v) and nothing else moves: v stays or becomes x, by a condition that is always the
  // same.
  Sequence idempotent() {
    const AtomId self = self_.single_atom();
    Substitution begin(atoms_);
    begin.set(self, atoms_.initial(atoms_[self].variable, self_.type));
    Sequence result;
    result.operand = begin.apply(equation_);
    if (result.operand.poisoned || atoms_.varying(result.operand)) return {};
    Substitution again(atoms_);
    again.set(self, equation_);
    if (again.apply(equation_) == equation_) result.kind = SequenceKind::Idempotent;
    return result;
  }

  // v' = v + c * (x - v) where c compares x with v
  Sequence extremum() {
    for (const Term& term : equation_.terms) {
      for (std::size_t i = 0; i < term.monomial.degree; ++i) {
        const AtomId id{term.monomial.atoms[i]};
        const Atom* condition = atoms_.comparison(id);
        if (condition == nullptr || condition->arguments[0].type != self_.type) continue;
        if (Sequence found = extremum_under(id, *condition); found.kind != SequenceKind::Unsolved) return found;
      }
    }
    return {};
  }

  Sequence extremum_under(AtomId id, const Atom& condition) {
    if (condition.op == Op::Eq || condition.op == Op::Ne) return {};
    const bool self_right = condition.arguments[1] == self_;
    if (!self_right && !(condition.arguments[0] == self_)) return {};
    const Polynomial& other = condition.arguments[self_right ? 0 : 1];
    Op op = self_right ? condition.op : opt::mirrored_comparison(condition.op);
    const Polynomial factor = of_atom(self_.type, id);
    const Polynomial replaced = add(self_, multiply(factor, subtract(other, self_)));
    if (!(replaced == equation_)) {
      // select(v op x, v, x) is the same with the comparison inverted.
      const Polynomial kept = add(other, multiply(factor, subtract(self_, other)));
      if (!(kept == equation_)) return {};
      op = opt::inverse_comparison(op);
    }
    std::optional<AddRecurrence> operand = finder_.of(other);
    if (!operand || operand->degree() > 1) return {};
    Sequence result;
    result.kind = SequenceKind::Extremum;
    result.op = op;
    result.operand = other;
    result.recurrence = std::move(*operand);
    return result;
  }

  const Polynomial& self_;
  const Polynomial& equation_;
  const std::vector<ast::VarId>& variables_;
  Atoms& atoms_;
  RecurrenceFinder& finder_;
};

}  // namespace

Sequence match_pattern(std::size_t variable, const Polynomial& equation, const std::vector<ast::VarId>& variables,
                       Atoms& atoms, RecurrenceFinder& finder) {
  const Polynomial self = atoms.variable(variables[variable], equation.type);
  return Matcher(self, equation, variables, atoms, finder).match();
}

}  // namespace assay::scev
