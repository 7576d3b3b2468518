// Polynomial: the normal form of symbolic values, over Z/2^32 or Z/2^64.
//
// A value is a sum of terms, each a coefficient times a product of atoms (atoms.h): what the ring operations leave of
// an expression. Terms are sorted and coefficients reduced, so equal polynomials compare equal, and what cancels is
// gone. Size and degree are bounded; a result beyond the bounds is poisoned, stays poisoned in every operation, and
// makes the solver decline.
//
// Tested by core/scev/test/polynomial_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/ast/type.h"
#include "core/base/typed_index.h"
#include "core/scev/term_list.h"

namespace assay::scev {

struct AtomTag;
using AtomId = base::TypedIndex<AtomTag>;

inline constexpr std::size_t kMaxTerms = 64;

// Numbers of atoms that are 0 or 1 have this bit; their powers are themselves.
inline constexpr std::uint16_t kBooleanAtomBit = 0x8000;

struct Polynomial {
  ast::Type type = ast::Type::I32;
  bool poisoned = false;
  TermList terms;  // sorted by monomial

  [[nodiscard]] bool is_constant() const {
    return !poisoned && (terms.empty() || (terms.size() == 1 && terms[0].monomial.degree == 0));
  }
  [[nodiscard]] bool is_zero() const { return !poisoned && terms.empty(); }
  [[nodiscard]] bool is(std::uint64_t constant) const { return is_constant() && constant_term() == constant; }
  // The coefficient of the empty product, zero-extended.
  [[nodiscard]] std::uint64_t constant_term() const {
    return terms.empty() || terms[0].monomial.degree != 0 ? 0 : terms[0].coefficient;
  }
  // The atom, where the polynomial is nothing but one; otherwise none.
  [[nodiscard]] AtomId single_atom() const {
    const bool single = !poisoned && terms.size() == 1 && terms[0].monomial.degree == 1 && terms[0].coefficient == 1;
    return single ? AtomId{terms[0].monomial.atoms[0]} : AtomId::none();
  }

  friend bool operator==(const Polynomial&, const Polynomial&) = default;
};

[[nodiscard]] constexpr unsigned width(ast::Type type) { return type == ast::Type::I32 ? 32 : 64; }
[[nodiscard]] constexpr std::uint64_t all_ones(ast::Type type) {
  return type == ast::Type::I32 ? 0xFFFF'FFFFU : ~std::uint64_t{0};
}
[[nodiscard]] constexpr std::uint64_t sign_bit(ast::Type type) { return std::uint64_t{1} << (width(type) - 1); }
// The number that the reduced bits stand for when read as signed.
[[nodiscard]] constexpr std::int64_t as_signed(ast::Type type, std::uint64_t bits) {
  return type == ast::Type::I32 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(bits))
                                : static_cast<std::int64_t>(bits);
}

[[nodiscard]] Polynomial constant(ast::Type type, std::uint64_t bits);
[[nodiscard]] Polynomial poison(ast::Type type);
[[nodiscard]] Polynomial of_atom(ast::Type type, AtomId atom);

// Operands are of one type.
[[nodiscard]] Polynomial add(const Polynomial& left, const Polynomial& right);
[[nodiscard]] Polynomial subtract(const Polynomial& left, const Polynomial& right);
[[nodiscard]] Polynomial multiply(const Polynomial& left, const Polynomial& right);
[[nodiscard]] Polynomial scale(const Polynomial& polynomial, std::uint64_t factor);

}  // namespace assay::scev
