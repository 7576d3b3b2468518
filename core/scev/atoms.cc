// Making atoms; see atoms.h. Tested by core/scev/test/atoms_test.cc.
#include "core/scev/atoms.h"

#include <algorithm>
#include <utility>

#include "core/opt/comparisons.h"
#include "core/opt/evaluate.h"

namespace assay::scev {
namespace {

using ast::Op;
using ast::Type;
using opt::holds_for_equal;
using opt::inverse_comparison;
using opt::mirrored_comparison;
using opt::unsigned_comparison;

// More atoms than numbers allow, or a body would be worth: everything new is poisoned.
constexpr std::size_t kMaxAtoms = 4096;
constexpr std::uint16_t kNoAtom = 0xFFFF;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E37'79B9'7F4A'7C15U;
  return hash ^ (hash >> 29);
}

std::uint64_t hash_of(const Atom& atom) {
  std::uint64_t hash = mix(static_cast<std::uint64_t>(atom.kind) << 8 | static_cast<std::uint64_t>(atom.type),
                           static_cast<std::uint64_t>(atom.op) << 8 | atom.degree);
  hash = mix(hash, atom.variable.value);
  for (std::size_t i = 0; i < atom.argument_count; ++i) {
    for (const Term& term : atom.arguments[i].terms) {
      hash = mix(hash, term.coefficient);
      for (std::size_t k = 0; k < term.monomial.degree; ++k) hash = mix(hash, term.monomial.atoms[k]);
    }
  }
  return hash;
}

bool same(const Atom& left, const Atom& right) {
  if (left.kind != right.kind || left.type != right.type || left.op != right.op || left.degree != right.degree ||
      left.variable != right.variable || left.argument_count != right.argument_count) {
    return false;
  }
  for (std::size_t i = 0; i < left.argument_count; ++i) {
    if (!(left.arguments[i] == right.arguments[i])) return false;
  }
  return true;
}

// Whether the polynomial is plainly 0 or 1: a product of 0-or-1 atoms.
bool is_truth(const Polynomial& value) {
  if (value.poisoned || value.terms.size() != 1 || value.terms[0].coefficient != 1) return false;
  const Monomial& product = value.terms[0].monomial;
  return product.degree > 0 && std::all_of(product.atoms.begin(), product.atoms.begin() + product.degree,
                                           [](std::uint16_t id) { return Atoms::is_boolean(AtomId{id}); });
}

}  // namespace

void Atoms::clear() {
  size_ = 0;
  hashes_.clear();
  std::fill(table_.begin(), table_.end(), kNoAtom);
}

Polynomial Atoms::intern(Atom atom, bool boolean) {
  for (std::size_t i = 0; i < atom.argument_count; ++i) {
    if (atom.arguments[i].poisoned) return poison(atom.type);
    atom.varying = atom.varying || varying(atom.arguments[i]);
    atom.division = atom.division || divides(atom.arguments[i]);
    atom.slow = atom.slow || divides_slowly(atom.arguments[i]);
  }
  const std::uint64_t hash = hash_of(atom);
  if (2 * size_ >= table_.size()) grow_table();
  const std::size_t mask = table_.size() - 1;
  std::size_t at = hash & mask;
  for (; table_[at] != kNoAtom; at = (at + 1) & mask) {
    const AtomId id{table_[at]};
    if (hashes_[index(id)] == hash && same((*this)[id], atom)) return of_atom(atom.type, id);
  }
  if (size_ == kMaxAtoms) return poison(atom.type);
  const AtomId id{static_cast<std::uint32_t>(size_) | (boolean ? std::uint32_t{kBooleanAtomBit} : 0U)};
  const Type type = atom.type;
  if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<Atom[]>(kChunk));
  chunks_[size_ / kChunk][size_ % kChunk] = std::move(atom);
  ++size_;
  hashes_.push_back(hash);
  table_[at] = static_cast<std::uint16_t>(id.value);
  return of_atom(type, id);
}

void Atoms::grow_table() {
  const std::vector<std::uint16_t> old = std::move(table_);
  table_.assign(std::max<std::size_t>(64, 2 * old.size()), kNoAtom);
  const std::size_t mask = table_.size() - 1;
  for (const std::uint16_t number : old) {
    if (number == kNoAtom) continue;
    std::size_t at = hashes_[index(AtomId{number})] & mask;
    while (table_[at] != kNoAtom) at = (at + 1) & mask;
    table_[at] = number;
  }
}

Polynomial Atoms::variable(ast::VarId variable, Type type) {
  Atom atom;
  atom.kind = AtomKind::Variable;
  atom.type = type;
  atom.variable = variable;
  atom.varying = true;
  return intern(std::move(atom), false);
}

Polynomial Atoms::initial(ast::VarId variable, Type type) {
  Atom atom;
  atom.kind = AtomKind::Initial;
  atom.type = type;
  atom.variable = variable;
  return intern(std::move(atom), false);
}

Polynomial Atoms::binomial(const Polynomial& n, unsigned degree) {
  if (degree == 0) return constant(n.type, 1);
  if (degree == 1) return n;
  if (n.is_constant() && n.constant_term() < degree) return constant(n.type, 0);
  Atom atom;
  atom.kind = AtomKind::Binomial;
  atom.type = n.type;
  atom.degree = static_cast<std::uint8_t>(degree);
  atom.arguments[0] = n;
  atom.argument_count = 1;
  return intern(std::move(atom), false);
}

Polynomial Atoms::whole(const Polynomial& value) {
  if (value.is_constant() || value.single_atom().valid()) return value;
  Atom atom;
  atom.kind = AtomKind::Whole;
  atom.type = value.type;
  atom.arguments[0] = value;
  atom.argument_count = 1;
  return intern(std::move(atom), false);
}

Polynomial Atoms::wrap(const Polynomial& value) {
  Polynomial result = constant(Type::I32, 0);
  for (const Term& term : value.terms) {
    Polynomial product = constant(Type::I32, term.coefficient);
    for (std::size_t i = 0; i < term.monomial.degree && !product.is_zero(); ++i) {
      const AtomId id{term.monomial.atoms[i]};
      const Atom& inner = (*this)[id];
      const bool extension = inner.kind == AtomKind::Operation && (inner.op == Op::ExtendS || inner.op == Op::ExtendU);
      if (extension) {
        product = multiply(product, Polynomial(inner.arguments[0]));
        continue;
      }
      Atom atom;
      atom.kind = AtomKind::Operation;
      atom.op = Op::Wrap;
      atom.type = Type::I32;
      atom.arguments[0] = of_atom(Type::I64, id);
      atom.argument_count = 1;
      product = multiply(product, intern(std::move(atom), is_boolean(id)));
    }
    result = add(result, product);
  }
  return value.poisoned ? poison(Type::I32) : result;
}

// Both extensions keep both orders among the numbers they make, and of zero-extended numbers the orders are the same.
std::optional<Polynomial> Atoms::compare_narrow(Op op, const Polynomial& a, const Polynomial& b) {
  const auto extension = [this](const Polynomial& value) -> const Atom* {
    const AtomId id = value.single_atom();
    if (!id.valid() || (*this)[id].kind != AtomKind::Operation) return nullptr;
    const Op extending = (*this)[id].op;
    return extending == Op::ExtendS || extending == Op::ExtendU ? &(*this)[id] : nullptr;
  };
  const Atom* const left = extension(a);
  if (left == nullptr) return std::nullopt;
  const bool zero_extended = left->op == Op::ExtendU;
  const Op narrow_op = zero_extended ? unsigned_comparison(op) : op;
  if (!b.is_constant()) {
    const Atom* const right = extension(b);
    if (right == nullptr || right->op != left->op) return std::nullopt;
    return compare(narrow_op, Polynomial(left->arguments[0]), Polynomial(right->arguments[0]));
  }
  const std::uint64_t bits = b.constant_term();
  const std::uint64_t low = bits & all_ones(Type::I32);
  if (opt::evaluate(left->op, Type::I32, low, 0) == bits) {
    return compare(narrow_op, Polynomial(left->arguments[0]), constant(Type::I32, low));
  }
  // In these orders all the numbers stand on one side of the bound.
  const bool one_side = zero_extended || op == Op::Eq || op == Op::Ne || unsigned_comparison(op) != op;
  if (!one_side) return std::nullopt;
  return constant(Type::I32, *opt::evaluate(op, Type::I64, 0, bits));
}

Polynomial Atoms::compare(Op op, const Polynomial& a, const Polynomial& b) {
  if (a == b) return constant(Type::I32, holds_for_equal(op) ? 1 : 0);
  if (a.is_constant() && !b.is_constant()) return compare(mirrored_comparison(op), b, a);
  if (b.is_zero() && (op == Op::Eq || op == Op::Ne)) {
    const Polynomial one = constant(a.type, 1);
    const Polynomial negated = subtract(one, a);
    if (is_truth(a) || is_truth(negated)) {
      Polynomial truth = a.type == Type::I32 ? a : operation(Op::Wrap, a);
      if (op == Op::Ne) return truth;
      if (const Atom* inner = comparison(truth.single_atom()); inner != nullptr) {
        return compare(inverse_comparison(inner->op), inner->arguments[0], inner->arguments[1]);
      }
      return subtract(constant(Type::I32, 1), truth);
    }
  }
  if (const auto narrow = compare_narrow(op, a, b)) return *narrow;
  Atom atom;
  atom.kind = AtomKind::Operation;
  atom.op = op;
  atom.type = Type::I32;
  atom.arguments = {a, b};
  atom.argument_count = 2;
  return intern(std::move(atom), true);
}

Polynomial Atoms::operation(Op op, const Polynomial& a, const Polynomial& b) {
  const ast::OpInfo& info = ast::op_info(op);
  const Type type = ast::result_type(op, a.type);
  const bool two = info.op_class == ast::OpClass::Binary || info.op_class == ast::OpClass::Compare;
  if (a.poisoned || (two && b.poisoned)) return poison(type);
  if (a.is_constant() && (!two || b.is_constant())) {
    const auto value = opt::evaluate(op, a.type, a.constant_term(), two ? b.constant_term() : 0);
    return value ? constant(type, *value) : poison(type);
  }
  if (info.op_class == ast::OpClass::Binary && is_truth(a) && is_truth(b)) {
    if (op == Op::And) return multiply(a, b);
    if (op == Op::Or) return subtract(add(a, b), multiply(a, b));
    if (op == Op::Xor) return subtract(add(a, b), scale(multiply(a, b), 2));
  }
  switch (op) {
    case Op::Add:
      return add(a, b);
    case Op::Sub:
      return subtract(a, b);
    case Op::Mul:
      return multiply(a, b);
    case Op::Neg:
      return scale(a, ~std::uint64_t{0});
    case Op::Not:
      return subtract(constant(type, all_ones(type)), a);
    case Op::Wrap:
      return wrap(a);
    case Op::Eqz:
      return compare(Op::Eq, a, constant(a.type, 0));
    case Op::Shl:
      if (b.is_constant()) return scale(a, std::uint64_t{1} << (b.constant_term() & (width(type) - 1)));
      break;
    case Op::ShrS:
    case Op::ShrU:
    case Op::Rotl:
    case Op::Rotr:
      if (b.is_constant() && (b.constant_term() & (width(type) - 1)) == 0) return a;
      break;
    case Op::And:
      if (a == b) return a;
      if (a.is_zero() || b.is_zero()) return constant(type, 0);
      if (b.is(all_ones(type)) || (b.is(1) && is_truth(a))) return a;
      if (a.is_constant()) return operation(op, b, a);
      break;
    case Op::Or:
      if (a == b || b.is_zero()) return a;
      if (a.is_zero()) return b;
      if (a.is_constant()) return operation(op, b, a);
      break;
    case Op::Xor:
      if (a == b) return constant(type, 0);
      if (b.is_zero()) return a;
      if (b.is(all_ones(type))) return subtract(b, a);
      if (a.is_constant()) return operation(op, b, a);
      if (const AtomId inner = a.single_atom(); inner.valid() && (*this)[inner].op == Op::Xor) {
        const Atom& atom = (*this)[inner];
        if (atom.arguments[1] == b) return Polynomial(atom.arguments[0]);
        if (atom.arguments[0] == b) return Polynomial(atom.arguments[1]);
      }
      break;
    default:
      if (info.op_class == ast::OpClass::Compare) return compare(op, a, b);
      break;
  }
  Atom atom;
  atom.kind = AtomKind::Operation;
  atom.op = op;
  atom.type = type;
  atom.arguments[0] = a;
  if (two) atom.arguments[1] = b;
  atom.argument_count = two ? 2 : 1;
  atom.division = info.traps;
  atom.slow = info.traps && !b.is_constant();
  const bool extended_boolean = op == Op::ExtendU && a.single_atom().valid() && is_boolean(a.single_atom());
  return intern(std::move(atom), extended_boolean);
}

Polynomial Atoms::truth(const Polynomial& value, Type type) {
  const Polynomial bit = operation(Op::Ne, value, constant(value.type, 0));
  return type == Type::I32 ? bit : operation(Op::ExtendU, bit);
}

Polynomial Atoms::select(const Polynomial& condition, const Polynomial& if_true, const Polynomial& if_false) {
  if (if_true == if_false) return if_true;
  const Polynomial bit = operation(Op::Ne, condition, constant(condition.type, 0));
  if (bit.is_constant()) return bit.is_zero() ? if_false : if_true;
  // 1 - c for a comparison c is what `bit` may be: a polynomial, not an atom, when an operator cannot be inverted.
  const Polynomial factor = if_true.type == Type::I32 ? bit : operation(Op::ExtendU, bit);
  return add(if_false, multiply(factor, subtract(if_true, if_false)));
}

bool Atoms::varying(const Polynomial& polynomial) const {
  return std::any_of(polynomial.terms.begin(), polynomial.terms.end(), [this](const Term& term) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      if ((*this)[AtomId{term.monomial.atoms[i]}].varying) return true;
    }
    return false;
  });
}

bool Atoms::any(const Polynomial& polynomial, bool Atom::* property) const {
  return std::any_of(polynomial.terms.begin(), polynomial.terms.end(), [this, property](const Term& term) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      if ((*this)[AtomId{term.monomial.atoms[i]}].*property) return true;
    }
    return false;
  });
}

bool Atoms::mentions(const Polynomial& polynomial, AtomId id) const {
  // Atoms are shared, so there may be far more paths to one than atoms: each is looked into once.
  visited_.assign(size_, false);
  return reaches(polynomial, id);
}

bool Atoms::reaches(const Polynomial& polynomial, AtomId id) const {
  for (const Term& term : polynomial.terms) {
    for (std::size_t i = 0; i < term.monomial.degree; ++i) {
      const AtomId inner{term.monomial.atoms[i]};
      if (inner == id) return true;
      if (visited_[index(inner)]) continue;
      visited_[index(inner)] = true;
      const Atom& atom = (*this)[inner];
      for (std::size_t k = 0; k < atom.argument_count; ++k) {
        if (reaches(atom.arguments[k], id)) return true;
      }
    }
  }
  return false;
}

const Atom* Atoms::comparison(AtomId id) const {
  if (!id.valid() || !is_boolean(id)) return nullptr;
  const Atom* atom = &(*this)[id];
  while (atom->kind == AtomKind::Operation && (atom->op == Op::ExtendU || atom->op == Op::Wrap)) {
    const AtomId inner = atom->arguments[0].single_atom();
    if (!inner.valid()) return nullptr;
    atom = &(*this)[inner];
  }
  return ast::op_info(atom->op).op_class == ast::OpClass::Compare ? atom : nullptr;
}

Polynomial freeze(Atoms& atoms, const Polynomial& polynomial, const std::vector<ast::VarId>& variables) {
  if (polynomial.poisoned || !atoms.varying(polynomial)) return polynomial;
  return Substitution(atoms, variables).apply(polynomial);
}

void Substitution::set(AtomId atom, Polynomial value) {
  const std::size_t index = Atoms::index(atom);
  if (index >= places_.size()) places_.resize(std::max(index + 1, atoms_.size()), kNoPlace);
  if (places_[index] == kNoPlace) {
    places_[index] = static_cast<std::uint16_t>(values_.size());
    values_.push_back(std::move(value));
  } else {
    values_[places_[index]] = std::move(value);
  }
}

Polynomial Substitution::value_of(AtomId id) {
  const Atom& atom = atoms_[id];
  if (frozen_ != nullptr) {
    const bool changes =
        atom.kind == AtomKind::Variable && std::find(frozen_->begin(), frozen_->end(), atom.variable) != frozen_->end();
    if (changes) return atoms_.initial(atom.variable, atom.type);
    if (!atom.varying || atom.kind == AtomKind::Variable) return of_atom(atom.type, id);
  }
  const std::size_t index = Atoms::index(id);
  if (index < places_.size() && places_[index] != kNoPlace) return values_[places_[index]];
  Polynomial result = of_atom(atom.type, id);
  if (atom.kind == AtomKind::Operation) {
    const Polynomial a = apply(atom.arguments[0]);
    result = atom.argument_count == 2 ? atoms_.operation(atom.op, a, apply(atom.arguments[1]))
                                      : atoms_.operation(atom.op, a);
  } else if (atom.kind == AtomKind::Binomial) {
    result = atoms_.binomial(apply(atom.arguments[0]), atom.degree);
  } else if (atom.kind == AtomKind::Whole) {
    result = atoms_.whole(apply(atom.arguments[0]));
  }
  set(id, result);
  return result;
}

Polynomial Substitution::apply(const Polynomial& polynomial) {
  if (polynomial.poisoned || polynomial.is_constant()) return polynomial;
  if (const AtomId single = polynomial.single_atom(); single.valid()) return value_of(single);
  Polynomial result = constant(polynomial.type, 0);
  for (const Term& term : polynomial.terms) {
    if (term.monomial.degree == 0) {
      result = add(result, {polynomial.type, false, {term}});
      continue;
    }
    Polynomial product = value_of(AtomId{term.monomial.atoms[0]});
    for (std::size_t i = 1; i < term.monomial.degree; ++i) {
      product = multiply(product, value_of(AtomId{term.monomial.atoms[i]}));
    }
    result = term.coefficient == 1 ? add(result, product) : add(result, scale(product, term.coefficient));
  }
  return result;
}

}  // namespace assay::scev
