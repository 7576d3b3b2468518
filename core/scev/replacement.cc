// Writing solved loops; see replacement.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/replacement.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/scev/body_copy.h"
#include "core/scev/closed_form.h"

namespace assay::scev {
namespace {

using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

// In a phase of so few iterations the body itself is cheaper than its closed form.
constexpr std::uint64_t kShortPhase = 3;

class Replacement {
 public:
  Replacement(Emitter& emitter, const Solution& solution)
      : emitter_(emitter),
        builder_(emitter.builder()),
        solution_(solution),
        body_(solution.body),
        copy_(emitter, body_) {}

  bool write() {
    switch (solution_.shape) {
      case Shape::Straight:
        return straight();
      case Shape::Choice:
        return choice();
      case Shape::Guarded:
        return guarded();
      case Shape::Phased:
        return phased();
    }
    return false;
  }

 private:
  [[nodiscard]] bool has_breaks() const {
    return std::any_of(body_.exits.begin(), body_.exits.end(),
                       [](const Exit& exit) { return exit.statement.valid() && !exit.stays.is(1); });
  }

  bool straight() {
    if (has_breaks() && !copy_.has_simple_exits()) return guarded();
    const Polynomial total = body_.counted && has_breaks() ? bound(body_.count) : Polynomial{};
    const Polynomial count = bound_least(solution_.trip.counts);
    if (!advance(count)) return false;
    if (!has_breaks()) return true;
    // The iteration in which the loop is left begins, unless the count or the head of a `while` ended it.
    emitter_.open_block();
    copy_.append_last_iteration();
    const NodeId last = emitter_.close_block();
    if (!last.valid()) return true;
    NodeId begins;
    if (body_.counted) {
      const Type type = count.type == Type::I64 ? Type::I64 : total.type;
      begins = builder_.compare(Op::Ne, emitter_.value(natural(emitter_.atoms(), count, type)),
                                emitter_.value(natural(emitter_.atoms(), total, type)));
    } else if (!body_.exits.front().statement.valid() && !body_.exits.front().stays.is(1)) {
      begins = copy_.expression(emitter_.program().node(body_.loop).child_a());
    }
    if (begins.valid()) {
      emitter_.append(builder_.if_else(begins, last));
    } else {
      for (NodeId id = last; id.valid();) {
        const NodeId next = emitter_.program().node(id).next;
        emitter_.program().node(id).next = NodeId::none();
        emitter_.append(id);
        id = next;
      }
    }
    return true;
  }

  // Few iterations are faster than a closed form of more than a few instructions.
  bool choice() {
    const Polynomial many = specialised(solution_.trip.many);
    emitter_.plan({many});
    const NodeId worth = emitter_.value(many);
    emitter_.open_block();
    const bool written = straight();
    const NodeId closed = emitter_.close_block();
    emitter_.open_block();
    emitter_.append(copy_.loop());
    const NodeId loop = emitter_.close_block();
    emitter_.append(builder_.if_else(worth, closed, loop));
    return written;
  }

  // What a part of the iterations leaves over is left to the loop itself, from where the closed form arrived.
  template <class Advance>
  bool with_rest(const Advance& advance_some) {
    const VarId left = body_.counted ? emitter_.bind(body_.count) : VarId::none();
    const Polynomial many = specialised(solution_.trip.many);
    bool written = true;
    if (many.is_constant()) {
      written = advance_some(left);
    } else {
      emitter_.plan({many});
      const NodeId worth = emitter_.value(many);
      emitter_.open_block();
      written = advance_some(left);
      const NodeId part = emitter_.close_block();
      emitter_.append(builder_.if_else(worth, part));
    }
    const NodeId loop = copy_.loop();
    if (left.valid()) emitter_.program().node(loop).a = builder_.load(left).value;
    emitter_.append(loop);
    return written;
  }

  bool guarded() {
    return with_rest([this](VarId left) {
      const Polynomial count = bound_least(solution_.trip.counts);
      if (!advance(count)) return false;
      if (left.valid()) {
        const Polynomial rest = emitter_.initial(left);
        emitter_.store(left, subtract(rest, natural(emitter_.atoms(), count, rest.type)));
      }
      return true;
    });
  }

  bool phased() {
    return with_rest([this](VarId left) {
      emitter_.open_loop_block();
      const bool written = phase(left, left.valid() ? body_.count.type : Type::I32);
      const NodeId body = emitter_.close_block();
      emitter_.append(builder_.while_loop(builder_.constant(Type::I32, 1), body));
      return written;
    });
  }

  void append_break_unless(const Polynomial& stays) {
    emitter_.open_block();
    emitter_.append(builder_.break_loop());
    const NodeId leave = emitter_.close_block();
    const Polynomial over = emitter_.atoms().operation(Op::Eqz, stays);
    emitter_.plan({over});
    emitter_.append(builder_.if_else(emitter_.value(over), leave));
  }

  // One round of a phased loop: leave it, or advance to the end of the phase.
  bool phase(VarId left, Type left_type) {
    Atoms& atoms = emitter_.atoms();
    const Polynomial left_value = left.valid() ? emitter_.initial(left) : Polynomial{};
    const Trip trip = find_trip(body_, solution_.system, left_value, atoms);
    if (trip.failure != Decline::None) return false;
    if (left.valid()) append_break_unless(left_value);
    for (const Exit& exit : body_.exits) {
      if (!exit.stays.is(1)) append_break_unless(freeze(atoms, exit.stays, body_.variables));
    }
    const Polynomial count = bound_least(trip.counts);
    emitter_.open_block();
    if (left.valid()) {
      emitter_.store(left, subtract(left_value, natural(atoms, count, left_type)));
    }
    const bool advanced = advance(count);
    const NodeId long_phase = emitter_.close_block();
    emitter_.open_block();
    if (left.valid()) emitter_.store(left, subtract(left_value, constant(left_type, 1)));
    copy_.append_iteration();
    const NodeId short_phase = emitter_.close_block();
    const NodeId is_long =
        builder_.compare(Op::GtU, emitter_.value(count), builder_.constant(count.type, short_phase_length()));
    emitter_.append(builder_.if_else(is_long, long_phase, short_phase));
    return advanced;
  }

  // An iteration with loops inside is never cheaper, but its closed form looks at inner counts as many iterations ahead
  // as its degree is above 1, and these are right only if there are so many.
  [[nodiscard]] std::uint64_t short_phase_length() const {
    if (!body_.nested) return kShortPhase;
    std::size_t degree = 2;
    for (const Sequence& sequence : solution_.system.sequences) {
      if (sequence.kind == SequenceKind::AddRecurrence) degree = std::max(degree, sequence.recurrence.degree());
    }
    return std::min<std::uint64_t>(degree - 1, kShortPhase);
  }

  // With what is known of the values before the loop. In phases, and behind a peeled iteration, nothing is.
  Polynomial specialised(const Polynomial& value) {
    if (solution_.known.empty() || solution_.shape == Shape::Phased) return value;
    Substitution known(emitter_.atoms());
    for (const auto& [variable, bits] : solution_.known) {
      const Polynomial initial = emitter_.initial(variable);
      known.set(initial.single_atom(), constant(initial.type, bits));
    }
    return known.apply(value);
  }

  // One at a time, because a minimum of minimums would repeat its parts.
  Polynomial bound_least(const std::vector<Polynomial>& counts) {
    Polynomial result = bound(specialised(counts[0]));
    for (std::size_t i = 1; i < counts.size(); ++i) {
      result = bound(least(result, bound(specialised(counts[i])), emitter_.atoms()));
    }
    return result;
  }

  Polynomial bound(const Polynomial& value) {
    emitter_.plan({value});
    // A count must survive the stores to what it was computed from.
    if (value.is_constant()) return value;
    const AtomId single = value.single_atom();
    const bool kept =
        single.valid() && emitter_.atoms()[single].kind == AtomKind::Initial &&
        !std::binary_search(body_.variables.begin(), body_.variables.end(), emitter_.atoms()[single].variable);
    return kept ? value : emitter_.initial(emitter_.bind(value));
  }

  // Moves all variables forward by `count` iterations, a constant or a value in a variable that the loop does not
  // assign.
  bool advance(const Polynomial& count) {
    Atoms& atoms = emitter_.atoms();
    const System& system = solution_.system;
    if (system.peeled) {
      if (count.is_constant()) {
        if (count.is_zero()) return true;
        append_single_iteration();
        return advance_rounds(subtract(count, constant(count.type, 1)));
      }
      emitter_.open_block();
      append_single_iteration();
      const bool advanced = advance_rounds(bound(subtract(count, constant(count.type, 1))));
      const NodeId body = emitter_.close_block();
      emitter_.append(builder_.if_else(emitter_.value(count), body));
      return advanced;
    }
    if (system.period == 1) return advance_rounds(count);
    const Polynomial period = constant(count.type, system.period);
    const Polynomial rounds = bound(atoms.operation(Op::DivU, count, period));
    const Polynomial rest = bound(atoms.operation(Op::RemU, count, period));
    if (!advance_rounds(rounds)) return false;
    if (rest.is_zero()) return true;
    // A mask that changes nothing says how few they are: unrolling by four would only add tests.
    const Polynomial mask = constant(rest.type, std::bit_ceil(std::uint64_t{system.period}) - 1);
    const bool power_of_two = std::has_single_bit(system.period);
    const NodeId repetitions = emitter_.value(power_of_two ? rest : atoms.operation(Op::And, rest, mask));
    emitter_.open_loop_block();
    copy_.append_iteration();
    const NodeId iteration = emitter_.close_block();
    emitter_.append(builder_.loop(repetitions, iteration));
    return true;
  }

  void append_single_iteration() {
    if (!copy_.has_continue()) {
      copy_.append_iteration();
      return;
    }
    emitter_.open_block();
    copy_.append_iteration();
    const NodeId iteration = emitter_.close_block();
    emitter_.append(builder_.loop(builder_.constant(Type::I32, 1), iteration));
  }

  // By `count` times the system's period.
  bool advance_rounds(const Polynomial& count) {
    std::vector<VarId> variables = body_.variables;
    std::vector<Polynomial> values =
        final_values(body_, solution_.system, count, emitter_.atoms(), ValuesFor::Emission);
    for (const LinearSystem& linear : solution_.linear) {
      const std::vector<VarId> locals = emit_linear(emitter_, linear, count);
      for (std::size_t i = 0; i < locals.size(); ++i) {
        const auto place = std::lower_bound(variables.begin(), variables.end(), linear.variables[i]);
        values[static_cast<std::size_t>(place - variables.begin())] = emitter_.initial(locals[i]);
      }
    }
    if (!solution_.system.peeled) {
      for (Polynomial& value : values) value = specialised(value);
    }
    if (std::any_of(values.begin(), values.end(), [](const Polynomial& value) { return value.poisoned; })) return false;
    emitter_.store_together(variables, values);
    return true;
  }

  Emitter& emitter_;
  ast::Builder& builder_;
  const Solution& solution_;
  const Body& body_;
  BodyCopy copy_;
};

}  // namespace

bool replace(Emitter& emitter, const Solution& solution) {
  return Replacement(emitter, solution).write() && !emitter.overflowed();
}

}  // namespace assay::scev
