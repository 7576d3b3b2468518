// Emitting polynomials; see emitter.h. Tested by core/scev/test/solve_test.cc.
#include "core/scev/emitter.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "core/scev/recurrence.h"

namespace assay::scev {
namespace {

using ast::NodeId;
using ast::Op;
using ast::Type;
using ast::VarId;

constexpr unsigned kMaxExpressionDepth = 16;
constexpr char kNamePrefix = 's';
// A factor that is an immediate of any instruction, and that is likely to be what is left of a larger one.
constexpr std::int64_t kSmallFactor = 4096;

// What multiplies by an addressing mode: a truth times that takes less than choosing between it and 0.
bool is_quick_factor(std::uint64_t factor) {
  return factor == 1 || factor == 2 || factor == 3 || factor == 4 || factor == 5 || factor == 8 || factor == 9;
}

// What a product that is divided by d! is divided by besides powers of two.
std::uint64_t odd_divisor(unsigned degree) {
  std::uint64_t product = 1;
  for (unsigned i = 2; i <= degree; ++i) product *= i >> std::countr_zero(i);
  return product;
}

// The atom that occurs in most terms, if it is in more than one.
AtomId most_common_atom(const TermList& terms) {
  std::vector<std::pair<std::uint16_t, unsigned>> counts;
  for (const Term& term : terms) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const std::uint16_t id = term.monomial.atoms[i];
      if (i > 0 && term.monomial.atoms[i - 1] == id) continue;
      const auto same = std::find_if(counts.begin(), counts.end(), [id](const auto& one) { return one.first == id; });
      if (same == counts.end()) {
        counts.emplace_back(id, 1U);
      } else {
        ++same->second;
      }
    }
  }
  // Of those that occur equally often the last one.
  AtomId best;
  unsigned most = 1;
  for (const auto& [id, count] : counts) {
    if (count < most || count == 1 || (count == most && best.valid() && id < best.value)) continue;
    best = AtomId{id};
    most = count;
  }
  return best;
}

bool contains(const Monomial& monomial, AtomId id) {
  return std::find(monomial.atoms.begin(), monomial.atoms.begin() + monomial.degree, id.value) !=
         monomial.atoms.begin() + monomial.degree;
}

Term without(const Term& term, AtomId id) {
  Term result = term;
  const auto end = result.monomial.atoms.begin() + term.monomial.degree;
  const auto place = std::find(result.monomial.atoms.begin(), end, id.value);
  std::copy(place + 1, end, place);
  *(end - 1) = 0;
  --result.monomial.degree;
  return result;
}

AtomId boolean_factor(const Monomial& monomial) {
  // Booleans are numbered above all others, so one is last.
  if (monomial.degree == 0) return AtomId::none();
  const AtomId last{monomial.atoms[monomial.degree - 1U]};
  return Atoms::is_boolean(last) ? last : AtomId::none();
}

// Of terms without a common factor: a condition c in a term c * q such that q and the rest cancel, as in x + c * (y -
// x).
AtomId replacing_condition(Type type, const TermList& terms) {
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const AtomId condition = boolean_factor(terms[i].monomial);
    if (!condition.valid()) continue;
    Polynomial rest{type, false, terms};
    rest.terms.erase(i);
    const Polynomial both = add(rest, {type, false, {without(terms[i], condition)}});
    if (both.terms.size() < rest.terms.size()) return condition;
  }
  return AtomId::none();
}

}  // namespace

std::uint32_t first_free_name(const ast::Program& program) {
  std::uint32_t next = 0;
  for (std::uint32_t i = 0; i < program.variable_count(); ++i) {
    const std::string_view name = program.variable_name(VarId{i});
    std::uint32_t number = 0;
    if (name.size() < 2 || name[0] != kNamePrefix) continue;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size() && number < 0xFFFF'0000U) {
      next = std::max(next, number + 1);
    }
  }
  return next;
}

void Emitter::open_block() { blocks_.emplace_back(); }

void Emitter::open_loop_block() {
  forget_bound();
  open_block();
}

NodeId Emitter::close_block() {
  const NodeId first = builder_.block(blocks_.back().statements);
  blocks_.pop_back();
  return first;
}

void Emitter::append(NodeId statement) { blocks_.back().statements.push_back(statement); }

VarId Emitter::fresh_local(Type type) { return program_.add_local(kNamePrefix + std::to_string(next_name_++), type); }

const Emitter::Bound* Emitter::find_bound(AtomId id) const {
  for (const Block& block : blocks_) {
    for (const auto& [atom, bound] : block.bound) {
      if (atom == id) return &bound;
    }
  }
  return nullptr;
}

void Emitter::forget_bound() {
  for (Block& block : blocks_) block.bound.clear();
}

void Emitter::plan(const std::vector<Polynomial>& values) {
  uses_.clear();
  exact_.clear();
  for (const Polynomial& polynomial : values) count_uses(polynomial);
}

void Emitter::count_uses(const Polynomial& polynomial) {
  for (const Term& term : polynomial.terms) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId id{term.monomial.atoms[i]};
      if (atoms_[id].kind == AtomKind::Binomial) note_binomial_use(id, term.coefficient);
      if (uses_of(id)++ != 0) continue;
      const Atom& inner = atoms_[id];
      for (std::size_t k = 0; k < inner.argument_count; ++k) count_uses(inner.arguments[k]);
    }
  }
}

unsigned& Emitter::uses_of(AtomId id) {
  const std::size_t index = Atoms::index(id);
  if (index >= uses_.size()) uses_.resize(index + 1, 0);
  return uses_[index];
}

void Emitter::note_binomial_use(AtomId id, std::uint64_t coefficient) {
  const Type type = atoms_[id].type;
  const std::uint64_t scaled = coefficient * inverse_of_odd(odd_divisor(atoms_[id].degree)) & all_ones(type);
  const std::int64_t number = as_signed(type, scaled);
  if (number < -kSmallFactor || number > kSmallFactor) exact_.push_back(id);
}

TermList Emitter::terms_of(const Polynomial& polynomial) {
  TermList terms = polynomial.terms;
  for (Term& term : terms) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId id{term.monomial.atoms[i]};
      if (atoms_[id].kind != AtomKind::Binomial) continue;
      term.coefficient *= inverse_of_odd(bind_binomial(id).factor);
    }
    term.coefficient &= all_ones(polynomial.type);
  }
  return terms;
}

NodeId Emitter::value(const Polynomial& polynomial) { return sum(polynomial.type, terms_of(polynomial)).node; }

VarId Emitter::bind(NodeId expression) {
  const VarId local = fresh_local(program_.node(expression).type);
  append(builder_.let(local, expression));
  return local;
}

VarId Emitter::bind(const Polynomial& polynomial) {
  plan({polynomial});
  return bind(value(polynomial));
}

Polynomial Emitter::bound(const Polynomial& polynomial) {
  plan({polynomial});
  return bound_as_planned(polynomial);
}

Polynomial Emitter::bound_as_planned(const Polynomial& polynomial) {
  if (polynomial.is_constant()) return polynomial;
  const AtomId single = polynomial.single_atom();
  if (single.valid() && atoms_[single].kind == AtomKind::Initial) return polynomial;
  return initial(bind(value(polynomial)));
}

void Emitter::store(VarId variable, NodeId expression) {
  append(builder_.store(variable, expression));
  forget_bound();
}

void Emitter::store(VarId variable, const Polynomial& polynomial) {
  plan({polynomial});
  store(variable, value(polynomial));
}

void Emitter::store_together(const std::vector<VarId>& variables, const std::vector<Polynomial>& values) {
  std::vector<std::size_t> pending;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!(values[i] == initial(variables[i]))) pending.push_back(i);
  }
  // What is used by several is bound before the first store, because its operands may be gone behind it.
  std::vector<Polynomial> planned;
  for (const std::size_t i : pending) planned.push_back(values[i]);
  plan(planned);
  std::vector<std::pair<VarId, NodeId>> stores;
  const auto read_by_another = [&](std::size_t self) {
    const AtomId atom = initial(variables[self]).single_atom();
    return std::any_of(pending.begin(), pending.end(),
                       [&](std::size_t other) { return other != self && atoms_.mentions(values[other], atom); });
  };
  while (!pending.empty()) {
    const auto free = std::find_if_not(pending.begin(), pending.end(), read_by_another);
    if (free != pending.end()) {
      // Nobody else reads it: it can be stored at once, and atoms bound for it do not read it either.
      const std::size_t index = *free;
      pending.erase(free);
      append(builder_.store(variables[index], value(values[index])));
      continue;
    }
    const std::size_t index = pending.back();
    pending.pop_back();
    stores.emplace_back(variables[index], builder_.load(bind(value(values[index]))));
  }
  for (const auto& [variable, expression] : stores) append(builder_.store(variable, expression));
  forget_bound();
}

Emitter::Expression Emitter::limited(Type type, Expression expression) {
  if (expression.depth <= kMaxExpressionDepth) return expression;
  const VarId local = fresh_local(type);
  append(builder_.let(local, expression.node));
  return {builder_.load(local), 1};
}

Emitter::Expression Emitter::conditional(AtomId condition, Type type, Expression if_true, Expression if_false) {
  // The comparison itself, not its extension to the type of the product.
  AtomId test = condition;
  while (atoms_[test].kind == AtomKind::Operation && (atoms_[test].op == Op::ExtendU || atoms_[test].op == Op::Wrap)) {
    const AtomId inner = atoms_[test].arguments[0].single_atom();
    if (!inner.valid()) break;
    test = inner;
  }
  const Expression tested = atom(test);
  return limited(type, {builder_.select(tested.node, if_true.node, if_false.node),
                        std::max({tested.depth, if_true.depth, if_false.depth}) + 1});
}

void Emitter::bind_shared(const TermList& terms, const TermList& others) {
  const auto is_operation = [this](std::uint32_t atom) { return atoms_[AtomId{atom}].kind == AtomKind::Operation; };
  const auto has_operation = [&](const Polynomial& polynomial) {
    return std::any_of(polynomial.terms.begin(), polynomial.terms.end(), [&](const Term& term) {
      return std::any_of(term.monomial.atoms.begin(), term.monomial.atoms.begin() + term.monomial.degree, is_operation);
    });
  };
  for (const Term& term : terms) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId id{term.monomial.atoms[i]};
      if (!is_operation(id.value)) continue;
      const Atom& atom = atoms_[id];
      const bool nested =
          has_operation(atom.arguments[0]) || (atom.argument_count > 1 && has_operation(atom.arguments[1]));
      const bool shared =
          std::any_of(others.begin(), others.end(), [id](const Term& other) { return contains(other.monomial, id); });
      if (nested && shared) static_cast<void>(local_of(id));
    }
  }
}

Emitter::Expression Emitter::sum(Type type, TermList terms) {
  if (program_.node_count() > most_nodes_) overflowed_ = true;
  if (overflowed_) return {builder_.constant(type, 0), 1};
  if (terms.empty()) return {builder_.constant(type, 0), 1};
  if (terms.size() == 1) return product(type, terms[0]);
  AtomId common = most_common_atom(terms);
  if (!common.valid()) common = replacing_condition(type, terms);
  if (!common.valid()) return plain_sum(type, terms);
  TermList inside;
  TermList outside;
  for (const Term& term : terms) {
    if (contains(term.monomial, common)) {
      inside.push_back(without(term, common));
    } else {
      outside.push_back(term);
    }
  }
  // Without their common factor they may be in another order.
  std::sort(inside.begin(), inside.end(), [](const Term& l, const Term& r) { return l.monomial < r.monomial; });
  if (Atoms::is_boolean(common) && !outside.empty()) {
    // c * q + r is r, or q + r under c, which is often less to compute than q.
    const Polynomial both = add({type, false, inside}, {type, false, outside});
    // One term more is what the addition would be that the condition saves.
    if (!both.poisoned && both.terms.size() <= inside.size() + 1) {
      bind_shared(outside, both.terms);
      const Expression otherwise = sum(type, std::move(outside));
      return conditional(common, type, sum(type, both.terms), otherwise);
    }
  }
  const bool is_number = inside.size() == 1 && inside[0].monomial.degree == 0 && is_quick_factor(inside[0].coefficient);
  Expression factor = sum(type, std::move(inside));
  Expression scaled;
  if (Atoms::is_boolean(common) && !is_number) {
    scaled = conditional(common, type, factor, {builder_.constant(type, 0), 1});
  } else {
    const Expression other = atom(common);
    scaled =
        limited(type, {builder_.binary(Op::Mul, other.node, factor.node), std::max(other.depth, factor.depth) + 1});
  }
  if (outside.empty()) return scaled;
  const bool minus_constant = outside.size() == 1 && outside[0].monomial.degree == 0;
  const Expression rest = sum(type, std::move(outside));
  const NodeId node = minus_constant ? builder_.binary(Op::Add, scaled.node, rest.node)
                                     : builder_.binary(Op::Add, rest.node, scaled.node);
  return limited(type, {node, std::max(rest.depth, scaled.depth) + 1});
}

// Terms without a common factor: what is added first, then what is subtracted, the constant last.
Emitter::Expression Emitter::plain_sum(Type type, const TermList& terms) {
  const std::uint64_t minus_one = all_ones(type);
  TermList added;
  TermList subtracted;
  TermList constants;
  for (Term term : terms) {
    if (term.monomial.degree == 0) {
      constants.push_back(term);
    } else if (term.coefficient == minus_one) {
      term.coefficient = 1;
      subtracted.push_back(term);
    } else {
      added.push_back(term);
    }
  }
  const auto combined = [&](Op op, const Expression& left, const Expression& right) {
    return limited(type, {builder_.binary(op, left.node, right.node), std::max(left.depth, right.depth) + 1});
  };
  Expression result;
  if (added.empty()) {
    result = constants.empty() ? Expression{builder_.constant(type, 0), 1} : product(type, constants[0]);
    constants.clear();
  }
  // What has the same coefficient is multiplied once.
  for (std::size_t first = 0; first < added.size(); ++first) {
    TermList alike;
    const std::uint64_t coefficient = added[first].coefficient;
    for (std::size_t i = added.size(); coefficient != 1 && i-- > first;) {
      if (added[i].coefficient != coefficient) continue;
      alike.push_back({added[i].monomial, 1});
      if (i > first) added.erase(i);
    }
    Expression part;
    if (alike.size() > 1) {
      std::reverse(alike.begin(), alike.end());
      const Expression whole = plain_sum(type, alike);
      part =
          limited(type, {builder_.binary(Op::Mul, whole.node, builder_.constant(type, coefficient)), whole.depth + 1});
    } else {
      part = product(type, added[first]);
    }
    result = first == 0 ? part : combined(Op::Add, result, part);
  }
  for (const Term& term : subtracted) result = combined(Op::Sub, result, product(type, term));
  for (const Term& term : constants) result = combined(Op::Add, result, product(type, term));
  return result;
}

Emitter::Expression Emitter::product(Type type, const Term& term) {
  if (term.monomial.degree == 0) return {builder_.constant(type, term.coefficient), 1};
  if (const AtomId condition = boolean_factor(term.monomial); condition.valid()) {
    const Term rest = without(term, condition);
    if (rest.monomial.degree > 0 || !is_quick_factor(rest.coefficient)) {
      return conditional(condition, type, product(type, rest), {builder_.constant(type, 0), 1});
    }
  }
  Expression result = atom(AtomId{term.monomial.atoms[0]});
  for (std::size_t i = 1; i < term.monomial.degree; ++i) {
    const Expression factor = atom(AtomId{term.monomial.atoms[i]});
    result =
        limited(type, {builder_.binary(Op::Mul, result.node, factor.node), std::max(result.depth, factor.depth) + 1});
  }
  if (term.coefficient == 1) return result;
  if (term.coefficient == all_ones(type))
    return limited(type, {builder_.unary(Op::Neg, result.node), result.depth + 1});
  return limited(type,
                 {builder_.binary(Op::Mul, result.node, builder_.constant(type, term.coefficient)), result.depth + 1});
}

Emitter::Expression Emitter::atom(AtomId id) {
  if (const Bound* bound = find_bound(id); bound != nullptr) return {builder_.load(bound->local), 1};
  const Atom& inner = atoms_[id];
  if (inner.kind == AtomKind::Initial || inner.kind == AtomKind::Variable) return {builder_.load(inner.variable), 1};
  if (inner.kind == AtomKind::Binomial) return {builder_.load(bind_binomial(id).local), 1};
  const Expression computed = compute(inner);
  if (uses_of(id) < 2 || is_cheap_condition(inner)) return limited(inner.type, computed);
  return {builder_.load(bind_operation(id, computed)), 1};
}

// A comparison of what lies in variables is one instruction where it decides something; so is the test of its value.
bool Emitter::is_cheap_condition(const Atom& atom) const {
  const auto is_simple = [this](const Polynomial& value) {
    if (value.is_constant()) return true;
    const AtomId single = value.single_atom();
    return single.valid() && (atoms_[single].kind == AtomKind::Initial || find_bound(single) != nullptr);
  };
  return ast::op_info(atom.op).op_class == ast::OpClass::Compare && is_simple(atom.arguments[0]) &&
         is_simple(atom.arguments[1]);
}

Emitter::Expression Emitter::compute(const Atom& operation) {
  Expression left = sum(operation.arguments[0].type, terms_of(operation.arguments[0]));
  if (operation.kind == AtomKind::Whole) return left;
  if (ast::op_info(operation.op).traps && left.depth > 1) {
    // A division by a constant becomes something that reads its dividend more than once, if that is a variable.
    const VarId dividend = bind(left.node);
    left = {builder_.load(dividend), 1};
  }
  if (operation.argument_count == 1) {
    const bool convert = ast::op_info(operation.op).op_class == ast::OpClass::Convert;
    const NodeId node = convert ? builder_.convert(operation.op, left.node) : builder_.unary(operation.op, left.node);
    return {node, left.depth + 1};
  }
  const Expression right = sum(operation.arguments[1].type, terms_of(operation.arguments[1]));
  const bool compare = ast::op_info(operation.op).op_class == ast::OpClass::Compare;
  const NodeId node = compare ? builder_.compare(operation.op, left.node, right.node)
                              : builder_.binary(operation.op, left.node, right.node);
  return {node, std::max(left.depth, right.depth) + 1};
}

Emitter::Bound Emitter::bind_binomial(AtomId id) {
  if (const Bound* bound = find_bound(id); bound != nullptr) return *bound;
  const bool exact = std::find(exact_.begin(), exact_.end(), id) != exact_.end();
  Bound result;
  const Expression computed = binomial(atoms_[id], exact, result.factor);
  result.local = fresh_local(atoms_[id].type);
  append(builder_.let(result.local, computed.node));
  blocks_.back().bound.emplace_back(id, result);
  return result;
}

// See binomial_value (recurrence.h) for why this is exact.
Emitter::Expression Emitter::binomial(const Atom& coefficient, bool exact, std::uint64_t& factor) {
  const Type type = coefficient.type;
  const unsigned degree = coefficient.degree;
  const Polynomial n = bound_as_planned(coefficient.arguments[0]);
  if (n.is_constant()) return {builder_.constant(type, binomial_value(type, n.constant_term(), degree)), 1};
  const auto multiplied = [this](NodeId left, NodeId right) { return builder_.binary(Op::Mul, left, right); };
  // A smaller binomial, or an odd multiple of it, which makes this one a multiple too.
  const auto smaller = [&](const Polynomial& of, unsigned smaller_degree) {
    const AtomId id = atoms_.binomial(of, smaller_degree).single_atom();
    if (atoms_[id].kind != AtomKind::Binomial) return atom(id).node;
    const Bound bound = bind_binomial(id);
    factor = bound.factor;
    return builder_.load(bound.local);
  };
  NodeId result;
  if (degree % 2 == 1) {
    result = multiplied(smaller(n, degree - 1), value(add(n, constant(type, 0 - std::uint64_t{degree - 1}))));
    factor *= degree;
  } else {
    const Polynomial half = atoms_.operation(Op::ShrU, n, constant(type, 1));
    result = smaller(initial(local_of(half.single_atom())), degree / 2);
    for (unsigned j = 0; j < degree / 2; ++j) {
      const Polynomial reduced = add(n, constant(type, 0 - std::uint64_t{2 * j + 1}));
      result = multiplied(result, builder_.binary(Op::Or, value(reduced), builder_.constant(type, 1)));
      factor *= 2 * j + 1;
    }
  }
  if (exact && factor != 1) {
    result = multiplied(result, builder_.constant(type, inverse_of_odd(factor)));
    factor = 1;
  }
  return {result, degree / 2 + 3};
}

VarId Emitter::local_of(AtomId id) {
  if (const Bound* bound = find_bound(id); bound != nullptr) return bound->local;
  return bind_operation(id, compute(atoms_[id]));
}

VarId Emitter::bind_operation(AtomId id, const Expression& computed) {
  const VarId local = fresh_local(atoms_[id].type);
  append(builder_.let(local, computed.node));
  blocks_.back().bound.emplace_back(id, Bound{local, 1});
  return local;
}

}  // namespace assay::scev
