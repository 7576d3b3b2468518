// Atoms: the factors of symbolic values that ring arithmetic cannot take apart.
//
// The value of a variable at the start of an iteration; the value that it had when the loop (or a phase of it) began; a
// binomial coefficient; or an operation outside the ring (shifts, comparisons, bitwise operators, ...) on polynomials.
// Equal atoms have equal numbers. A comparison is an atom that is 0 or 1, which makes a conditional a product:
// select(c, a, b) is b + c * (a - b), and an invariant condition just another coefficient.
//
// Tested by core/scev/test/atoms_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/ast/program.h"
#include "core/scev/polynomial.h"

namespace assay::scev {

enum class AtomKind : std::uint8_t {
  Variable,   // of a variable the loop assigns: at the start of the current iteration
  Initial,    // of any variable: when the loop, or the phase of it, began
  Operation,  // `op` on the arguments
  Binomial,   // C(argument, degree), the argument read as a natural number
  Whole,      // the argument, a sum that is not to be multiplied out
};

struct Atom {
  AtomKind kind = AtomKind::Initial;
  ast::Type type = ast::Type::I32;
  ast::Op op = ast::Op::Add;
  std::uint8_t degree = 0;  // of a binomial
  bool varying = false;     // a Variable, or something computed from one
  bool division = false;    // a division, or something computed from one: nothing to compute where it is not needed
  bool slow = false;        // the same of a division by what is not known; by a constant it becomes a product
  ast::VarId variable;
  std::array<Polynomial, 2> arguments;
  std::uint8_t argument_count = 0;
};

class Atoms {
 public:
  void clear();
  [[nodiscard]] const Atom& operator[](AtomId id) const { return chunks_[index(id) / kChunk][index(id) % kChunk]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // Its place among all atoms, below size().
  [[nodiscard]] static std::size_t index(AtomId id) {
    return id.value & static_cast<std::uint32_t>(kBooleanAtomBit - 1);
  }

  [[nodiscard]] Polynomial variable(ast::VarId variable, ast::Type type);
  [[nodiscard]] Polynomial initial(ast::VarId variable, ast::Type type);
  // Ring operations are carried out, constants folded, and identities used. `b` is ignored by operators with one
  // operand. Poisoned where the operation traps on these constants.
  [[nodiscard]] Polynomial operation(ast::Op op, const Polynomial& a, const Polynomial& b);
  [[nodiscard]] Polynomial operation(ast::Op op, const Polynomial& a) { return operation(op, a, a); }
  [[nodiscard]] Polynomial select(const Polynomial& condition, const Polynomial& if_true, const Polynomial& if_false);
  [[nodiscard]] Polynomial binomial(const Polynomial& n, unsigned degree);
  // `value` as one atom: products of it stay products of it.
  [[nodiscard]] Polynomial whole(const Polynomial& value);
  // 1 where the value is not 0, else 0, in `type`.
  [[nodiscard]] Polynomial truth(const Polynomial& value, ast::Type type);

  [[nodiscard]] bool varying(const Polynomial& polynomial) const;
  [[nodiscard]] bool divides(const Polynomial& polynomial) const { return any(polynomial, &Atom::division); }
  [[nodiscard]] bool divides_slowly(const Polynomial& polynomial) const { return any(polynomial, &Atom::slow); }
  // Whether `id` occurs, on the surface or inside of other atoms.
  [[nodiscard]] bool mentions(const Polynomial& polynomial, AtomId id) const;

  // Whether the atom is 0 or 1. Such atoms are numbered apart, because their powers collapse.
  [[nodiscard]] static bool is_boolean(AtomId id) { return (id.value & kBooleanAtomBit) != 0; }
  // Of a 0-or-1 atom: the comparison it is, where it is one (looking through an extension).
  [[nodiscard]] const Atom* comparison(AtomId id) const;

 private:
  Polynomial intern(Atom atom, bool boolean);
  bool reaches(const Polynomial& polynomial, AtomId id) const;
  Polynomial compare(ast::Op op, const Polynomial& a, const Polynomial& b);
  // A comparison of an extended value, where it is one of the narrow value.
  std::optional<Polynomial> compare_narrow(ast::Op op, const Polynomial& a, const Polynomial& b);
  Polynomial wrap(const Polynomial& value);

  [[nodiscard]] bool any(const Polynomial& polynomial, bool Atom::* property) const;
  void grow_table();

  // Memory is kept from loop to loop.
  static constexpr std::size_t kChunk = 32;
  std::vector<std::unique_ptr<Atom[]>> chunks_;  // of kChunk each, so that references stay valid while atoms are added
  std::size_t size_ = 0;
  mutable std::vector<bool> visited_;  // by `mentions`
  std::vector<std::uint64_t> hashes_;  // by index of the atom
  std::vector<std::uint16_t> table_;   // open addressing: an atom's number, or none
};

// Replaces atoms by polynomials throughout, inside of other atoms too.
class Substitution {
 public:
  explicit Substitution(Atoms& atoms) : atoms_(atoms) {}
  // Of these variables by their initial values.
  Substitution(Atoms& atoms, const std::vector<ast::VarId>& frozen) : atoms_(atoms), frozen_(&frozen) {}
  void set(AtomId atom, Polynomial value);
  [[nodiscard]] Polynomial apply(const Polynomial& polynomial);

 private:
  Polynomial value_of(AtomId atom);

  static constexpr std::uint16_t kNoPlace = 0xFFFF;

  Atoms& atoms_;
  const std::vector<ast::VarId>* frozen_ = nullptr;
  std::vector<std::uint16_t> places_;  // by index of the atom: its value's place in values_, or kNoPlace
  std::vector<Polynomial> values_;
};

// The value that a varying one has when the phase begins: variables by their initial values.
[[nodiscard]] Polynomial freeze(Atoms& atoms, const Polynomial& polynomial, const std::vector<ast::VarId>& variables);

}  // namespace assay::scev
