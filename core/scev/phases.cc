// Finding phases and periods; see phases.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/phases.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <vector>

#include "core/opt/comparisons.h"

namespace assay::scev {
namespace {

using ast::Op;

class Finder {
 public:
  Finder(const Body& body, Atoms& atoms, RecurrenceFinder& finder) : body_(body), atoms_(atoms), finder_(finder) {}

  PhaseChanges find() {
    for (const Polynomial& equation : body_.next) visit(equation);
    return std::move(changes_);
  }

 private:
  void visit(const Polynomial& polynomial) {
    for (const Term& term : polynomial.terms) {
      for (std::size_t i = 0; i < term.monomial.degree; ++i) visit(AtomId{term.monomial.atoms[i]});
    }
  }

  void visit(AtomId id) {
    if (!atoms_[id].varying || atoms_[id].kind == AtomKind::Variable || mark(id)) return;
    const Atom& atom = atoms_[id];
    for (std::size_t i = 0; i < atom.argument_count; ++i) visit(atom.arguments[i]);
    if (atom.kind != AtomKind::Operation) return;
    if (ast::op_info(atom.op).op_class == ast::OpClass::Compare) {
      visit_comparison(id, atom);
    } else if (atom.op == Op::And || atom.op == Op::RemU || atom.op == Op::RemS) {
      visit_periodic(id, atom);
    }
  }

  // Whether it was visited; it is from now on.
  bool mark(AtomId id) {
    const std::size_t index = Atoms::index(id);
    if (index >= visited_.size()) visited_.resize(std::max(index + 1, atoms_.size()), false);
    const bool before = visited_[index];
    visited_[index] = true;
    return before;
  }

  void visit_comparison(AtomId id, const Atom& atom) {
    Op op = atom.op;
    Polynomial varying = atom.arguments[0];
    Polynomial bound = atom.arguments[1];
    if (!atoms_.varying(varying)) {
      std::swap(varying, bound);
      op = opt::mirrored_comparison(op);
    }
    if (!is_ordered(op) && atoms_.varying(bound)) {
      varying = subtract(varying, bound);
      bound = constant(bound.type, 0);
    }
    if (atoms_.varying(bound)) return;
    std::optional<AddRecurrence> operand = finder_.of(varying);
    if (!operand || operand->degree() > 1) return;
    if (operand->degree() == 1 && !has_simple_step(atoms_, operand->coefficients[1])) return;
    changes_.frozen.push_back(id);
    changes_.limits.push_back({PhaseLimit::Kind::Truth, op, std::move(*operand), bound});
    changes_.classes |= 1U << static_cast<unsigned>(LoopClass::SplitRange);
  }

  void visit_periodic(AtomId id, const Atom& atom) {
    if (!atom.arguments[1].is_constant()) return;
    const std::uint64_t modulus_or_mask = atom.arguments[1].constant_term();
    std::optional<AddRecurrence> operand = finder_.of(atom.arguments[0]);
    if (!operand || operand->degree() != 1 || !operand->coefficients[1].is_constant()) return;
    const std::int64_t step = as_signed(atom.type, operand->coefficients[1].constant_term());
    const std::uint64_t stride = step < 0 ? 0 - static_cast<std::uint64_t>(step) : static_cast<std::uint64_t>(step);
    std::uint64_t modulus = modulus_or_mask;
    if (atom.op == Op::And) {
      // The bits up to the highest of the mask: a residue modulo a power of two, which wraparound respects.
      const auto bits = static_cast<unsigned>(std::bit_width(modulus_or_mask));
      if (bits > 4) return;
      modulus = std::uint64_t{1} << bits;
    } else if (atom.op == Op::RemS) {
      // The remainder follows the sign of the value, so that must stay.
      const std::int64_t divisor = as_signed(atom.type, modulus_or_mask);
      modulus = divisor < 0 ? 0 - static_cast<std::uint64_t>(divisor) : static_cast<std::uint64_t>(divisor);
    }
    if (modulus == 0 || modulus > 16) return;
    if (atom.op == Op::RemS) {
      changes_.limits.push_back({PhaseLimit::Kind::Truth, Op::GeS, *operand, constant(atom.type, 0)});
    } else if (atom.op == Op::RemU && !std::has_single_bit(modulus)) {
      changes_.limits.push_back({PhaseLimit::Kind::UnsignedWrap, Op::Ne, *operand, {}});
    }
    changes_.periodic.push_back(id);
    const unsigned own = static_cast<unsigned>(modulus / std::gcd(modulus, stride));
    changes_.period = std::lcm(changes_.period, own);
  }

  const Body& body_;
  Atoms& atoms_;
  RecurrenceFinder& finder_;
  PhaseChanges changes_;
  std::vector<bool> visited_;  // by index of the atom
};

}  // namespace

PhaseChanges find_phase_changes(const Body& body, Atoms& atoms, RecurrenceFinder& finder) {
  return Finder(body, atoms, finder).find();
}

std::vector<Polynomial> freeze_changes(const Body& body, Atoms& atoms, const PhaseChanges& changes) {
  if (changes.frozen.empty()) return body.next;
  Substitution frozen(atoms);
  for (const AtomId id : changes.frozen) frozen.set(id, freeze(atoms, of_atom(atoms[id].type, id), body.variables));
  std::vector<Polynomial> result;
  result.reserve(body.next.size());
  for (const Polynomial& equation : body.next) result.push_back(frozen.apply(equation));
  return result;
}

}  // namespace assay::scev
