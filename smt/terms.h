// Terms: expressions over bit vectors and truths, in one arena, each distinct one once.
//
// The language of the proofs. It is smaller than that of programs (no traps, no widths but those of the operands), and
// what it means is SMT-LIB's QF_BV, not the interpreter's or the optimizer's arithmetic: the constants folded here are
// folded by code of this folder alone. Equal terms have equal ids, so a comparison of ids is a sound proof of equality.
//
// Tested by smt/test/terms_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/typed_index.h"

namespace assay::smt {

struct TermTag;
using TermId = base::TypedIndex<TermTag>;

enum class Kind : std::uint8_t {
  Constant,  // `value`
  Symbol,    // `value` = its number
  Add,
  Mul,
  And,
  Or,
  Xor,
  Shl,  // SMT-LIB's shifts: a count of the width or more shifts everything out
  LShr,
  AShr,
  UDiv,  // SMT-LIB's divisions are total; programs are asked for zero before
  URem,
  SDiv,
  SRem,
  Ult,
  Slt,
  Equal,
  Ite,
  ZeroExtend,
  SignExtend,
  Truncate,
  // Truths, of width 0.
  Both,
  Not,
};

struct Term {
  Kind kind = Kind::Constant;
  std::uint8_t width = 0;  // 1 to 64; 0: a truth
  std::array<TermId, 3> arguments;
  std::uint64_t value = 0;

  friend bool operator==(const Term&, const Term&) = default;
};

class Terms {
 public:
  [[nodiscard]] const Term& operator[](TermId id) const { return terms_[id.value]; }
  [[nodiscard]] std::size_t size() const { return terms_.size(); }
  // The longest way down to a symbol or constant: what recursion over the term costs in stack.
  [[nodiscard]] std::uint32_t depth(TermId id) const { return depths_[id.value]; }
  [[nodiscard]] const std::string& symbol_name(TermId id) const { return names_[terms_[id.value].value]; }

  // Always a new one, even if the name was used before; the name is made unique.
  [[nodiscard]] TermId symbol(unsigned width, std::string_view name);
  [[nodiscard]] TermId constant(unsigned width, std::uint64_t value);
  [[nodiscard]] TermId truth(bool value) { return constant(0, value ? 1 : 0); }

  // Operands of one width. The result is folded where it is constant or an operand.
  [[nodiscard]] TermId binary(Kind kind, TermId left, TermId right);
  [[nodiscard]] TermId add(TermId left, TermId right) { return binary(Kind::Add, left, right); }
  [[nodiscard]] TermId mul(TermId left, TermId right) { return binary(Kind::Mul, left, right); }
  [[nodiscard]] TermId negate(TermId operand);
  [[nodiscard]] TermId sub(TermId left, TermId right) { return add(left, negate(right)); }
  [[nodiscard]] TermId complement(TermId operand);  // -1 - x, which keeps it within the ring
  [[nodiscard]] TermId ite(TermId condition, TermId if_true, TermId if_false);
  [[nodiscard]] TermId resize(Kind kind, unsigned width, TermId operand);  // ZeroExtend, SignExtend or Truncate

  [[nodiscard]] TermId equal(TermId left, TermId right) { return binary(Kind::Equal, left, right); }
  [[nodiscard]] TermId both(TermId left, TermId right);
  [[nodiscard]] TermId either(TermId left, TermId right) { return negation(both(negation(left), negation(right))); }
  [[nodiscard]] TermId negation(TermId truth);
  [[nodiscard]] TermId nonzero(TermId operand);

  // The term with symbols replaced, rebuilt from the bottom.
  using Replacements = std::unordered_map<std::uint32_t, TermId>;
  [[nodiscard]] TermId substitute(TermId term, const Replacements& replacements);

  // Whether one of these terms occurs in `term`, itself included.
  using Ids = std::unordered_set<std::uint32_t>;
  [[nodiscard]] bool mentions(TermId term, const Ids& any_of) const;

  [[nodiscard]] bool is_constant(TermId id) const { return terms_[id.value].kind == Kind::Constant; }
  [[nodiscard]] bool is_constant(TermId id, std::uint64_t value) const {
    return is_constant(id) && terms_[id.value].value == value;
  }

 private:
  struct Hash {
    std::size_t operator()(const Term& term) const;
  };
  TermId intern(const Term& term);
  TermId rebuild(TermId id, Replacements& known);

  std::vector<Term> terms_;
  std::vector<std::uint32_t> depths_;  // by id
  std::vector<std::string> names_;
  std::unordered_map<Term, TermId, Hash> ids_;
};

[[nodiscard]] constexpr std::uint64_t mask_of(unsigned width) {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

// A w-bit value as a signed number.
[[nodiscard]] constexpr std::int64_t signed_value(unsigned width, std::uint64_t value) {
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  return static_cast<std::int64_t>((value ^ sign) - sign);
}

// SMT-LIB's meaning of the operation on constants: what `Terms` folds with.
[[nodiscard]] std::uint64_t fold(Kind kind, unsigned width, std::uint64_t left, std::uint64_t right);

}  // namespace assay::smt
