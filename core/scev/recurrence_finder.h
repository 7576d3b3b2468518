// RecurrenceFinder: which variables and values of a loop are add recurrences.
//
// Tested by core/scev/test/solve_test.cc.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/scev/recurrence.h"

namespace assay::scev {

// By variable of the loop; null where none is known. Finders are copied often and recurrences never change: shared.
using KnownRecurrences = std::vector<std::shared_ptr<const AddRecurrence>>;

class RecurrenceFinder {
 public:
  RecurrenceFinder(Atoms& atoms, const std::vector<ast::VarId>& variables)
      : RecurrenceFinder(atoms, variables, KnownRecurrences(variables.size())) {}
  RecurrenceFinder(Atoms& atoms, const std::vector<ast::VarId>& variables, KnownRecurrences known)
      : atoms_(atoms), variables_(variables), known_(std::move(known)) {}

  // Makes a variable's recurrence known.
  void set(std::size_t variable, AddRecurrence recurrence) {
    known_[variable] = std::make_shared<const AddRecurrence>(std::move(recurrence));
  }
  [[nodiscard]] bool knows(std::size_t variable) const { return known_[variable] != nullptr; }
  [[nodiscard]] const AddRecurrence& operator[](std::size_t variable) const { return *known_[variable]; }
  [[nodiscard]] const KnownRecurrences& known() const { return known_; }

  // Finds all variables whose increments are known, from the equations of an iteration, until no more are found.
  void find(const std::vector<Polynomial>& equations);

  // nullopt for what is no add recurrence, or none of known variables.
  [[nodiscard]] std::optional<AddRecurrence> of(const Polynomial& value);

  // Values that were used as numbers beyond their width (in binomials, extensions): they must not wrap meanwhile.
  struct Unwrapped {
    AddRecurrence value;
    bool is_signed = false;
  };
  [[nodiscard]] const std::vector<Unwrapped>& unwrapped() const { return unwrapped_; }

  // What another finder needed for values that are used here.
  void require(const std::vector<Unwrapped>& others);

 private:
  [[nodiscard]] std::optional<AddRecurrence> of_atom(AtomId id);
  [[nodiscard]] std::optional<AddRecurrence> of_binomial(const Atom& atom);
  [[nodiscard]] std::optional<AddRecurrence> of_extension(const Atom& atom);
  void require_unwrapped(const Polynomial& argument, const AddRecurrence& value, bool is_signed);
  void require(const Unwrapped& one);

  Atoms& atoms_;
  const std::vector<ast::VarId>& variables_;
  KnownRecurrences known_;
  std::vector<Unwrapped> unwrapped_;
};

// Steps for which the proofs (smt) can say how long a condition within the body keeps its truth, or that an inner count
// does not wrap: a number, or one symbol or its negative, perhaps under conditions. Of a multiple of a symbol, or of a
// sum, the sign is not that of the symbol.
[[nodiscard]] bool has_simple_step(const Atoms& atoms, const Polynomial& step);

}  // namespace assay::scev
