// Solving the recurrences of a loop; see system.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/system.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "core/scev/patterns.h"
#include "core/scev/phases.h"
#include "core/scev/recurrence_finder.h"

namespace assay::scev {
namespace {

constexpr unsigned kMaxPeriod = 12;
constexpr unsigned kMaxRepetition = 6;

class Solver {
 public:
  Solver(const Body& body, Atoms& atoms) : body_(body), atoms_(atoms) {}

  System solve() {
    RecurrenceFinder plain(atoms_, body_.variables);
    plain.find(body_.next);
    keep_single(plain);
    RecurrenceFinder conditions = finder_of_values(body_, system_, atoms_);
    PhaseChanges changes = find_phase_changes(body_, atoms_, conditions);
    needed_by_conditions_ = conditions.unwrapped();
    system_.limits = std::move(changes.limits);
    system_.classes = changes.classes;
    equations_ = freeze_changes(body_, atoms_, changes);
    if (changes.period > kMaxPeriod) return declined(Decline::Condition);

    // With nothing frozen the equations are the ones already searched.
    if (changes.frozen.empty()) {
      single_.emplace(std::move(plain));
    } else {
      single_.emplace(atoms_, body_.variables).find(equations_);
    }
    const RecurrenceFinder& single = *single_;
    if (!changes.frozen.empty()) keep_single(single);
    if (changes.period == 1 && finish(equations_, 1, false)) return std::move(system_);
    if (changes.period > 1) {
      system_.classes |= 1U << static_cast<unsigned>(LoopClass::Periodic);
      if (finish(compose(changes, changes.period), changes.period, false)) return std::move(system_);
      return declined(Decline::Condition);
    }
    // Swaps, rotations, alternating signs and toggles come back after a few iterations.
    const unsigned period = repetition(single);
    if (period > 1 && finish(compose(changes, period), period, false)) {
      system_.classes |= 1U << static_cast<unsigned>(LoopClass::Periodic);
      return std::move(system_);
    }
    if (finish(equations_, 1, true)) return std::move(system_);
    if (solve_linear()) return std::move(system_);
    return declined(has_conditions() ? Decline::Condition : Decline::NotARecurrence);
  }

 private:
  System declined(Decline reason) {
    system_.failure = reason;
    return std::move(system_);
  }

  // What is known stays known where conditions are frozen.
  void keep_single(const RecurrenceFinder& single) {
    system_.single.resize(body_.variables.size());
    for (std::size_t i = 0; i < body_.variables.size(); ++i) {
      if (single.knows(i)) system_.single[i] = single.known()[i];
    }
  }

  // Whether a comparison of values that vary is left in the equations.
  [[nodiscard]] bool has_conditions() const {
    return std::any_of(equations_.begin(), equations_.end(), [this](const Polynomial& equation) {
      for (const Term& term : equation.terms) {
        for (std::size_t i = 0; i < term.monomial.degree; ++i) {
          const AtomId id{term.monomial.atoms[i]};
          if (Atoms::is_boolean(id) && atoms_[id].varying) return true;
        }
      }
      return false;
    });
  }

  // `period` iterations in one.
  std::vector<Polynomial> compose(const PhaseChanges& changes, unsigned period) {
    std::vector<Polynomial> state;
    for (std::size_t i = 0; i < equations_.size(); ++i) {
      state.push_back(atoms_.variable(body_.variables[i], equations_[i].type));
    }
    for (unsigned phase = 0; phase < period; ++phase) {
      Substitution advance(atoms_);
      for (std::size_t i = 0; i < state.size(); ++i) {
        advance.set(atoms_.variable(body_.variables[i], state[i].type).single_atom(), state[i]);
      }
      // What repeats with the period is the same in every round: invariant, once it is known where the phase begins.
      for (const AtomId id : changes.periodic) {
        const Atom& atom = atoms_[id];
        const Polynomial argument = freeze(atoms_, advance.apply(atom.arguments[0]), body_.variables);
        advance.set(id, atoms_.operation(atom.op, argument, atom.arguments[1]));
      }
      std::vector<Polynomial> next;
      next.reserve(state.size());
      for (const Polynomial& equation : equations_) next.push_back(advance.apply(equation));
      state = std::move(next);
    }
    return state;
  }

  // After how many iterations the unsolved variables would be back in their places and signs, if that is all they
  // change; 1 where they do not seem to. Only a guess where to look: what is composed decides.
  [[nodiscard]] unsigned repetition(const RecurrenceFinder& single) const {
    std::vector<std::size_t> source(equations_.size());
    bool flips = false;
    for (std::size_t i = 0; i < equations_.size(); ++i) {
      source[i] = i;
      if (!single.knows(i)) source[i] = source_of(i, single, flips);
    }
    unsigned period = flips ? 2 : 1;
    for (std::size_t i = 0; i < source.size(); ++i) {
      std::size_t at = source[i];
      unsigned length = 1;
      for (; at != i && length <= kMaxRepetition; ++length) at = source[at];
      if (at == i) period = std::lcm(period, length);
    }
    return period <= kMaxRepetition ? period : 1;
  }

  // The variable whose value moves to number `i`: itself where its own value is part of the equation, or else the only
  // unsolved one.
  [[nodiscard]] std::size_t source_of(std::size_t i, const RecurrenceFinder& single, bool& flips) const {
    std::size_t source = i;
    for (const Term& term : equations_[i].terms) {
      if (term.monomial.degree != 1) continue;
      const Atom& atom = atoms_[AtomId{term.monomial.atoms[0]}];
      flips = flips || (atom.varying && atom.kind == AtomKind::Operation && atom.op == ast::Op::Xor);
      if (atom.kind != AtomKind::Variable || single.knows(place(atom.variable))) continue;
      flips = flips || term.coefficient == all_ones(equations_[i].type);
      if (place(atom.variable) == i) return i;
      source = place(atom.variable);
    }
    return source;
  }

  [[nodiscard]] std::size_t place(ast::VarId variable) const {
    return static_cast<std::size_t>(std::lower_bound(body_.variables.begin(), body_.variables.end(), variable) -
                                    body_.variables.begin());
  }

  // Solves the equations without linear systems; false when something is left.
  bool finish(const std::vector<Polynomial>& equations, unsigned period, bool peeled) {
    RecurrenceFinder finder = period == 1 ? *single_ : RecurrenceFinder(atoms_, body_.variables);
    if (period != 1) finder.find(equations);
    std::vector<Sequence> sequences(equations.size());
    if (peeled) {
      // After one iteration, followers step as what they follow did, and absorbed values stay.
      for (std::size_t i = 0; i < equations.size(); ++i) {
        if (finder.knows(i)) continue;
        if (auto recurrence = settled_recurrence(i, equations[i], finder)) finder.set(i, std::move(*recurrence));
      }
      finder.find(equations);
    }
    finder.require(needed_by_conditions_);
    std::vector<PhaseLimit> limits = system_.limits;
    std::uint32_t classes = system_.classes;
    for (std::size_t i = 0; i < equations.size(); ++i) {
      if (finder.knows(i)) {
        sequences[i].kind = SequenceKind::AddRecurrence;
        sequences[i].recurrence = finder[i];
        continue;
      }
      sequences[i] = match_pattern(i, equations[i], body_.variables, atoms_, finder);
      if (sequences[i].kind == SequenceKind::Unsolved) return false;
      add_limit(sequences[i], limits, classes);
    }
    limit_unwrapped(finder, limits);
    system_.sequences = std::move(sequences);
    system_.equations = equations;
    system_.limits = std::move(limits);
    system_.classes = classes;
    system_.period = period;
    system_.peeled = peeled;
    return true;
  }

  // `needs` learns what must not wrap for it.
  std::optional<AddRecurrence> settled_recurrence(std::size_t variable, const Polynomial& equation,
                                                  RecurrenceFinder& needs) {
    RecurrenceFinder finder = *single_;
    const Sequence sequence = match_pattern(variable, equation, body_.variables, atoms_, finder);
    const Polynomial start = atoms_.initial(body_.variables[variable], equation.type);
    const bool settles = sequence.kind == SequenceKind::Absorbing || sequence.kind == SequenceKind::Idempotent;
    if (settles) return invariant(start);
    if (sequence.kind != SequenceKind::Last) return std::nullopt;
    std::optional<AddRecurrence> followed = finder.of(sequence.operand);
    if (!followed) return std::nullopt;
    needs.require(finder.unwrapped());
    if (followed->degree() == 0) return invariant(start);
    // The iteration in front of the first was run by the loop itself, and gave what the coefficients do not.
    if (followed->forward_only) return std::nullopt;
    followed->coefficients.erase(followed->coefficients.begin());
    return sum(start, delay(*followed));
  }

  void limit_unwrapped(const RecurrenceFinder& finder, std::vector<PhaseLimit>& limits) {
    for (const RecurrenceFinder::Unwrapped& unwrapped : finder.unwrapped()) {
      if (kept_by_an_exit(unwrapped.value, unwrapped.is_signed)) continue;
      limits.push_back(limit_of(unwrapped));
    }
  }

  // An extremum of a moving value needs that value not to wrap in the order of the comparison, unless an exit sees to
  // it.
  void add_limit(const Sequence& sequence, std::vector<PhaseLimit>& limits, std::uint32_t& classes) {
    const auto add_class = [&classes](LoopClass one) { classes |= 1U << static_cast<unsigned>(one); };
    switch (sequence.kind) {
      case SequenceKind::Absorbing:
      case SequenceKind::Toggle:
        add_class(LoopClass::Bitwise);
        break;
      case SequenceKind::BitRange:
        add_class(LoopClass::Bitwise);
        if (sequence.op != ast::Op::Xor) {
          limits.push_back(limit_of({sequence.recurrence, false}));
        }
        break;
      case SequenceKind::Extremum: {
        add_class(LoopClass::MinMax);
        const bool is_signed = is_signed_order(sequence.op);
        if (sequence.recurrence.degree() == 1 && !kept_by_an_exit(sequence.recurrence, is_signed)) {
          limits.push_back(limit_of({sequence.recurrence, is_signed}));
        }
        break;
      }
      default:
        break;
    }
  }

  [[nodiscard]] bool kept_by_an_exit(const AddRecurrence& value, bool is_signed) {
    RecurrenceFinder finder = finder_of_values(body_, system_, atoms_);
    for (const Exit& exit : body_.exits) {
      for (const Comparison& comparison : conjunction(atoms_, exit.stays)) {
        if (!is_ordered(comparison.op) || is_signed_order(comparison.op) != is_signed) continue;
        const std::optional<AddRecurrence> operand = finder.of(comparison.varying);
        if (operand && operand->coefficients == value.coefficients) return true;
      }
    }
    return false;
  }

  // Everything that is left must be linear in what is left.
  bool solve_linear() {
    RecurrenceFinder finder = *single_;
    finder.require(needed_by_conditions_);
    std::vector<Sequence> sequences(equations_.size());
    std::vector<PhaseLimit> limits = system_.limits;
    std::uint32_t classes = system_.classes;
    for (std::size_t i = 0; i < equations_.size(); ++i) {
      if (finder.knows(i)) {
        sequences[i].kind = SequenceKind::AddRecurrence;
        sequences[i].recurrence = finder[i];
        continue;
      }
      sequences[i] = match_pattern(i, equations_[i], body_.variables, atoms_, finder);
      if (sequences[i].kind == SequenceKind::Unsolved) {
        sequences[i].kind = SequenceKind::Linear;
      } else {
        add_limit(sequences[i], limits, classes);
      }
    }
    for (std::size_t i = 0; i < equations_.size(); ++i) {
      if (sequences[i].kind == SequenceKind::Linear && !is_linear(equations_[i], sequences, finder)) return false;
    }
    limit_unwrapped(finder, limits);
    system_.sequences = std::move(sequences);
    system_.equations = equations_;
    system_.limits = std::move(limits);
    system_.classes = classes;
    return true;
  }

  [[nodiscard]] bool is_linear(const Polynomial& equation, const std::vector<Sequence>& sequences,
                               RecurrenceFinder& finder) {
    Polynomial rest = constant(equation.type, 0);
    for (const Term& term : equation.terms) {
      unsigned unsolved = 0;
      bool varies = false;
      for (std::size_t k = 0; k < term.monomial.degree; ++k) {
        const Atom& atom = atoms_[AtomId{term.monomial.atoms[k]}];
        const bool linear =
            atom.kind == AtomKind::Variable && sequences[place(atom.variable)].kind == SequenceKind::Linear;
        if (linear) {
          ++unsolved;
        } else {
          varies = varies || atom.varying;
        }
      }
      if (unsolved > 1 || (unsolved == 1 && varies)) return false;
      if (unsolved == 0) rest = add(rest, {equation.type, false, {term}});
    }
    const std::optional<AddRecurrence> inhomogeneous = finder.of(rest);
    return inhomogeneous && inhomogeneous->degree() <= 2;
  }

  const Body& body_;
  Atoms& atoms_;
  System system_;
  std::vector<Polynomial> equations_;       // of one iteration, with what is frozen in place
  std::optional<RecurrenceFinder> single_;  // of these
  std::vector<RecurrenceFinder::Unwrapped> needed_by_conditions_;
};

}  // namespace

PhaseLimit limit_of(const RecurrenceFinder::Unwrapped& unwrapped) {
  const PhaseLimit::Kind kind = unwrapped.is_signed ? PhaseLimit::Kind::SignedWrap : PhaseLimit::Kind::UnsignedWrap;
  return {kind, ast::Op::Ne, unwrapped.value, {}};
}

bool System::has_linear_part() const {
  return std::any_of(sequences.begin(), sequences.end(),
                     [](const Sequence& sequence) { return sequence.kind == SequenceKind::Linear; });
}

System solve_system(const Body& body, Atoms& atoms) { return Solver(body, atoms).solve(); }

RecurrenceFinder finder_of_values(const Body& body, const System& system, Atoms& atoms) {
  return {atoms, body.variables, system.single};
}

}  // namespace assay::scev
