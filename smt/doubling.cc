// Loops of logarithmic length; see doubling.h. Tested by smt/test/solved_classes_test.cc.
#include "smt/doubling.h"

#include <algorithm>
#include <optional>

#include "smt/count_shift.h"
#include "smt/meaning.h"

namespace assay::smt {
namespace {

using ast::NodeId;
using ast::NodeKind;

// One round of the loop, on symbols for all variables that it changes.
struct Round {
  std::vector<std::uint32_t> changed;  // variables
  std::vector<TermId> symbols;         // theirs
  std::vector<TermId> before;          // values where the loop begins
  std::vector<TermId> after;           // values after the round, in the symbols
  TermId condition;
};

void stored_in(const ast::Program& program, NodeId first, std::vector<std::uint32_t>& variables) {
  for (NodeId id = first; id.valid(); id = program.node(id).next) {
    const ast::Node& node = program.node(id);
    if (node.kind == NodeKind::Store) variables.push_back(node.variable().value);
    if (node.kind != NodeKind::If) continue;
    stored_in(program, node.child_b(), variables);
    stored_in(program, node.child_c(), variables);
  }
}

bool run_round(Proving& proving, const ast::Program& program, NodeId loop, const SymbolicState& state, Round& round) {
  Terms& terms = proving.terms;
  const ast::Node& node = program.node(loop);
  if (node.kind != NodeKind::While) return false;
  stored_in(program, node.child_b(), round.changed);
  std::sort(round.changed.begin(), round.changed.end());
  round.changed.erase(std::unique(round.changed.begin(), round.changed.end()), round.changed.end());
  // What is declared within is no part of the loop's state.
  std::erase_if(round.changed, [&](std::uint32_t variable) { return !state.variables[variable].valid(); });
  SymbolicState inner = state;
  for (const std::uint32_t variable : round.changed) {
    TermId& place = inner.variables[variable];
    round.before.push_back(place);
    place = terms.symbol(terms[place].width, program.variable_name(ast::VarId{variable}));
    round.symbols.push_back(place);
  }
  SymbolicRun run(terms, program, proving.inner_loops);
  const TermId unended = inner.ended;
  round.condition = terms.nonzero(run.value(node.child_a(), inner));
  if (!run.run(node.child_b(), inner)) return false;
  if (inner.ended != unended || !terms.is_constant(inner.live, 1)) return false;
  for (const std::uint32_t variable : round.changed) round.after.push_back(inner.variables[variable]);
  return true;
}

TermId lowest_bit(Terms& terms, TermId bits) {
  return terms.nonzero(terms.binary(Kind::And, bits, terms.constant(terms[bits].width, 1)));
}

// What is known of parameters that are the factors of a combination of powers of one map.
struct Powers {
  Terms::Replacements known;    // the first of them, by the others
  std::vector<TermId> slots;    // that step by an invariant, at the start
  std::vector<TermId> after;    // and after the iterations that the parameters stand for
  std::vector<TermId> doubled;  // after twice as many
};

class Doubling {
 public:
  Doubling(Proving& proving, const DoublingTask& task) : proving_(proving), terms_(proving.terms), task_(task) {}

  bool from_lowest(const Round& round, SymbolicState& state);
  bool from_highest(const Round& round, SymbolicState& state, PendingDoubling& pending);
  bool finish(const PendingDoubling& pending, SymbolicState& state);

 private:
  static Terms::Replacements mapped(const std::vector<TermId>& from, const std::vector<TermId>& to) {
    Terms::Replacements values;
    for (std::size_t i = 0; i < from.size(); ++i) values.emplace(from[i].value, to[i]);
    return values;
  }

  [[nodiscard]] bool applies(const PendingDoubling& pending, const std::vector<TermId>& x,
                             const std::vector<TermId>& applied, const std::vector<TermId>& next, const Powers& powers);
  [[nodiscard]] std::optional<Powers> find_powers(const PendingDoubling& pending,
                                                  const std::vector<std::size_t>& linear);

  // What is of the k iterations in the end, and says nothing about those on the way.
  Terms::Ids values_of_all_iterations() const {
    Terms::Ids values;
    if (!terms_.is_constant(task_.count)) values.insert(task_.count.value);
    for (const BinomialAtoms* const atoms : {&proving_.atoms.narrow, &proving_.atoms.wide}) {
      for (const TermId atom : atoms->atoms) values.insert(atom.value);
    }
    for (std::size_t slot = 0; slot < task_.forms.size(); ++slot) {
      if (task_.opaque[slot]) values.insert(task_.forms[slot].value);
    }
    for (const TermId one : task_.left_over) values.insert(one.value);
    return values;
  }

  // Slots that the loop changes, at the start.
  Terms::Ids changing_slots() const {
    Terms::Ids changing;
    for (std::size_t slot = 0; slot < task_.forms.size(); ++slot) {
      if (task_.iteration.next[slot] != task_.iteration.start[slot]) changing.insert(task_.iteration.start[slot].value);
    }
    return changing;
  }

  // Slots at the state after k iterations.
  Terms::Replacements at_forms() const { return mapped(task_.iteration.start, task_.forms); }

  bool identity(TermId left, TermId right, const std::string& name) {
    return left == right || proving_.same_in_ring(left, right, "doubling: " + name, obligations_);
  }

  TermId forward(TermId form) { return terms_.substitute(form, one_further(terms_, proving_.atoms)); }

  Proving& proving_;
  Terms& terms_;
  const DoublingTask& task_;
  std::vector<Obligation> obligations_;
};

bool Doubling::from_lowest(const Round& round, SymbolicState& state) {
  // The variable that holds the bits still to come.
  std::size_t bits = round.changed.size();
  for (std::size_t i = 0; i < round.changed.size(); ++i) {
    const TermId halved =
        terms_.binary(Kind::LShr, round.symbols[i], terms_.constant(terms_[round.symbols[i]].width, 1));
    if (round.after[i] == halved && round.before[i] == task_.count &&
        round.condition == terms_.nonzero(round.symbols[i])) {
      bits = i;
    }
  }
  if (bits == round.changed.size()) return false;
  const TermId odd = lowest_bit(terms_, round.symbols[bits]);
  const Terms::Ids bit_symbols = {round.symbols[bits].value};
  // What changes with the bit is x, what changes always is P.
  std::vector<std::size_t> x_places;
  std::vector<std::size_t> p_places;
  std::vector<TermId> applied;
  for (std::size_t i = 0; i < round.changed.size(); ++i) {
    if (i == bits) continue;
    const TermId with = terms_.substitute(round.after[i], assume(terms_, odd));
    const TermId without = terms_.substitute(round.after[i], assume(terms_, terms_.negation(odd)));
    if (terms_.mentions(with, bit_symbols) || terms_.mentions(without, bit_symbols)) return false;
    if (with == without) {
      p_places.push_back(i);
    } else {
      if (without != round.symbols[i]) return false;
      x_places.push_back(i);
      applied.push_back(with);
    }
  }
  std::vector<TermId> x;
  std::vector<TermId> x_before;
  std::vector<TermId> p;
  std::vector<TermId> p_before;
  std::vector<TermId> p_after;
  for (const std::size_t i : x_places) x.push_back(round.symbols[i]);
  for (const std::size_t i : x_places) x_before.push_back(round.before[i]);
  for (const std::size_t i : p_places) p.push_back(round.symbols[i]);
  for (const std::size_t i : p_places) p_before.push_back(round.before[i]);
  for (const std::size_t i : p_places) p_after.push_back(round.after[i]);
  const Terms::Ids last_values = values_of_all_iterations();
  for (const auto* const values : {&p_before, &p_after, &applied}) {
    for (const TermId one : *values) {
      if (terms_.mentions(one, last_values)) return false;
    }
  }
  const Terms::Ids x_symbols = [&] {
    Terms::Ids set;
    for (const TermId one : x) set.insert(one.value);
    return set;
  }();
  for (const TermId one : p_after) {
    if (terms_.mentions(one, x_symbols)) return false;
  }
  // twice
  const auto doubled = mapped(p, p_after);
  const auto once = mapped(x, applied);
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (!identity(terms_.substitute(applied[i], doubled), terms_.substitute(applied[i], once), "twice")) return false;
  }
  // first: x is the slots, and besides them counters of its own.
  Iteration first;
  first.start = x;
  for (const TermId one : applied) first.next.push_back(terms_.substitute(one, mapped(p, p_before)));
  const std::vector<TermId> own = guess_closed_form(terms_, proving_.ring, first, first.start, proving_.atoms);
  std::vector<TermId> reached;  // x after k iterations
  std::vector<std::size_t> slot_of(x.size(), task_.forms.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t slot = 0; slot < task_.forms.size(); ++slot) {
      if (task_.opaque[slot] && task_.iteration.start[slot] == x_before[i]) slot_of[i] = slot;
    }
    if (slot_of[i] == task_.forms.size() && !own[i].valid()) return false;
    reached.push_back(slot_of[i] != task_.forms.size() ? task_.forms[slot_of[i]]
                                                       : terms_.substitute(own[i], mapped(x, x_before)));
  }
  const auto at_reached = mapped(x, reached);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const TermId stepped = terms_.substitute(first.next[i], at_reached);
    const std::size_t slot = slot_of[i];
    const TermId wanted =
        slot == task_.forms.size() ? forward(reached[i]) : terms_.substitute(task_.iteration.next[slot], at_forms());
    if (!identity(stepped, wanted, "first")) return false;
  }
  if (!proving_.discharge_all(std::move(obligations_))) return false;
  for (std::size_t i = 0; i < x.size(); ++i) state.variables[round.changed[x_places[i]]] = reached[i];
  for (const std::size_t i : p_places) {
    TermId& place = state.variables[round.changed[i]];
    place = terms_.symbol(terms_[place].width, "parameter");
    task_.left_over.push_back(place);
  }
  state.variables[round.changed[bits]] = terms_.constant(terms_[round.symbols[bits]].width, 0);
  return true;
}

bool Doubling::from_highest(const Round& round, SymbolicState& state, PendingDoubling& pending) {
  const unsigned width = terms_[task_.count].width;
  const TermId leading = meaning(terms_, ast::Op::Clz, task_.count, task_.count).value;
  const TermId length = terms_.sub(terms_.constant(width, width), leading);
  std::size_t place = round.changed.size();
  for (std::size_t i = 0; i < round.changed.size(); ++i) {
    const TermId less =
        terms_.add(round.symbols[i], terms_.constant(terms_[round.symbols[i]].width, ~std::uint64_t{0}));
    // From the highest bit that is set, or from the highest there is: nothing is above either.
    const bool from_top = round.before[i] == length || terms_.is_constant(round.before[i], width);
    if (round.after[i] == less && from_top && round.condition == terms_.nonzero(round.symbols[i])) place = i;
  }
  if (place == round.changed.size()) return false;
  const TermId position = meaning(terms_, ast::Op::ShrU, task_.count, round.after[place]).value;
  const TermId odd = lowest_bit(terms_, position);
  const Terms::Ids position_symbols = {round.symbols[place].value};
  const Terms::Ids changing = changing_slots();
  const Terms::Ids last_values = values_of_all_iterations();
  for (std::size_t i = 0; i < round.changed.size(); ++i) {
    if (i == place) continue;
    const TermId advanced = terms_.substitute(round.after[i], assume(terms_, odd));
    const TermId doubled = terms_.substitute(round.after[i], assume(terms_, terms_.negation(odd)));
    if (terms_.mentions(advanced, position_symbols) || terms_.mentions(doubled, position_symbols)) return false;
    // Parameters are of the map alone, whatever it is applied to.
    for (const TermId one : {round.before[i], advanced, doubled}) {
      if (terms_.mentions(one, changing) || terms_.mentions(one, last_values)) return false;
    }
    task_.left_over.push_back(round.symbols[i]);
    pending.parameters.push_back(round.symbols[i]);
    pending.before.push_back(round.before[i]);
    pending.advanced.push_back(advanced);
    pending.doubled.push_back(doubled);
    state.variables[round.changed[i]] = round.symbols[i];
  }
  state.variables[round.changed[place]] = terms_.constant(terms_[round.symbols[place]].width, 0);
  pending.pending = true;
  return true;
}

// The identities, for parameters as they may be.
bool Doubling::applies(const PendingDoubling& pending, const std::vector<TermId>& x, const std::vector<TermId>& applied,
                       const std::vector<TermId>& next, const Powers& powers) {
  const auto first = mapped(pending.parameters, pending.before);
  const auto doubled = mapped(pending.parameters, pending.doubled);
  const auto advanced = mapped(pending.parameters, pending.advanced);
  auto once = mapped(x, applied);
  once.merge(mapped(powers.slots, powers.after));
  std::vector<TermId> after_doubled;
  for (const TermId one : applied) after_doubled.push_back(terms_.substitute(one, doubled));
  auto twice = mapped(x, after_doubled);
  twice.merge(mapped(powers.slots, powers.doubled));
  const auto holds = [&](TermId left, TermId right, const std::string& name) {
    return identity(terms_.substitute(left, powers.known), terms_.substitute(right, powers.known), name);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!identity(terms_.substitute(applied[i], first), x[i], "first")) return false;
    if (!holds(after_doubled[i], terms_.substitute(applied[i], once), "twice")) return false;
    if (!holds(terms_.substitute(applied[i], advanced), terms_.substitute(next[i], twice), "next")) return false;
  }
  return true;
}

// A map that leaves a constant alone, as a combination of its powers, has factors p that add up to 1: the first of them
// is what the others leave, in every round. And j * p added up is the number of iterations, by which whatever steps by
// an invariant has moved.
std::optional<Powers> Doubling::find_powers(const PendingDoubling& pending, const std::vector<std::size_t>& linear) {
  if (pending.parameters.empty()) return std::nullopt;
  const unsigned width = terms_[pending.parameters[0]].width;
  const bool one_width = std::all_of(pending.parameters.begin(), pending.parameters.end(),
                                     [&](TermId parameter) { return terms_[parameter].width == width; });
  if (!one_width) return std::nullopt;
  const auto sum = [&](const std::vector<TermId>& values, bool weighted) {
    TermId total = terms_.constant(width, 0);
    for (std::size_t j = 0; j < values.size(); ++j)
      total = terms_.add(total, weighted ? terms_.mul(values[j], terms_.constant(width, j)) : values[j]);
    return total;
  };
  Powers result;
  const TermId one = terms_.constant(width, 1);
  const TermId others = terms_.sub(sum(pending.parameters, false), pending.parameters[0]);
  result.known.emplace(pending.parameters[0].value, terms_.sub(one, others));
  const auto with = [&](TermId term) { return terms_.substitute(term, result.known); };
  const bool stays = identity(sum(pending.before, false), one, "sum of the factors") &&
                     identity(with(sum(pending.doubled, false)), one, "sum of the factors") &&
                     identity(with(sum(pending.advanced, false)), one, "sum of the factors");
  if (!stays) return std::nullopt;
  if (linear.empty()) return result;
  const TermId count = sum(pending.parameters, true);
  const TermId twice = terms_.add(count, count);
  const bool counts = identity(sum(pending.before, true), terms_.constant(width, 0), "iterations of the factors") &&
                      identity(with(sum(pending.doubled, true)), with(twice), "iterations of the factors") &&
                      identity(with(sum(pending.advanced, true)), with(terms_.add(twice, one)), "iterations");
  if (!counts) return std::nullopt;
  for (const std::size_t slot : linear) {
    const TermId start = task_.iteration.start[slot];
    if (terms_[start].width != width) return std::nullopt;
    const TermId step = proving_.ring.normal(terms_.sub(task_.iteration.next[slot], start));
    result.slots.push_back(start);
    result.after.push_back(terms_.add(start, terms_.mul(step, count)));
    result.doubled.push_back(terms_.add(start, terms_.mul(step, twice)));
  }
  return result;
}

bool Doubling::finish(const PendingDoubling& pending, SymbolicState& state) {
  // App(P, x), by slot; x are the opaque slots.
  std::vector<TermId> x;
  std::vector<TermId> applied;
  std::vector<TermId> next;
  for (std::size_t slot = 0; slot < task_.forms.size(); ++slot) {
    if (!task_.opaque[slot]) continue;
    x.push_back(task_.iteration.start[slot]);
    applied.push_back(task_.named(state.variables[slot]));
    next.push_back(proving_.ring.normal(task_.iteration.next[slot]));
  }
  if (x.empty()) return false;
  // Nothing else that the loop changes may stand in it, but what steps by an invariant.
  const Terms::Ids changing = changing_slots();
  Terms::Ids others;
  if (!terms_.is_constant(task_.count)) others.insert(task_.count.value);
  std::vector<std::size_t> linear;
  for (std::size_t slot = 0; slot < task_.forms.size(); ++slot) {
    const TermId start = task_.iteration.start[slot];
    if (task_.opaque[slot] || !changing.contains(start.value)) continue;
    const auto mentioned = [&](const std::vector<TermId>& list) {
      return std::any_of(list.begin(), list.end(), [&](TermId term) { return terms_.mentions(term, {start.value}); });
    };
    if (!mentioned(applied) && !mentioned(next)) continue;
    const TermId step = proving_.ring.normal(terms_.sub(task_.iteration.next[slot], start));
    if (terms_.mentions(step, changing)) return false;
    linear.push_back(slot);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (terms_.mentions(applied[i], others) || terms_.mentions(next[i], others)) return false;
  }
  const std::size_t mark = proving_.mark();
  if (!linear.empty() || !applies(pending, x, applied, next, {})) {
    proving_.take_back(mark);
    obligations_.clear();
    const auto powers = find_powers(pending, linear);
    if (!powers || !applies(pending, x, applied, next, *powers)) return false;
  }
  if (!proving_.discharge_all(std::move(obligations_))) return false;
  for (std::size_t slot = 0; slot < task_.forms.size(); ++slot) {
    if (task_.opaque[slot]) state.variables[slot] = task_.forms[slot];
  }
  return true;
}

}  // namespace

bool run_doubling(Proving& proving, const DoublingTask& task, NodeId loop, SymbolicState& state,
                  PendingDoubling& pending) {
  Round round;
  if (pending.pending || !run_round(proving, task.program, loop, state, round)) return false;
  for (TermId& before : round.before) before = task.named(before);
  for (TermId& after : round.after) after = task.named(after);
  if (Doubling(proving, task).from_lowest(round, state)) return true;
  if (Doubling(proving, task).from_highest(round, state, pending)) return true;
  pending = {};
  return false;
}

bool finish_doubling(Proving& proving, const DoublingTask& task, const PendingDoubling& pending, SymbolicState& state) {
  return Doubling(proving, task).finish(pending, state);
}

}  // namespace assay::smt
