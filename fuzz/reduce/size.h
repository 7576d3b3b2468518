// The order in which findings shrink.
//
// A finding is smaller when it has fewer nodes; of as many, fewer variables (slots and locals together); then fewer
// inputs, fewer passes, fewer CPU features; then fewer variables and expressions of type i64; then fewer loads (a
// constant says more than a variable); then fewer constants, and then constants and input cells, one after the other,
// nearer to 0, the positive one first of two at the same distance. Every part is a natural number or a list of them
// whose length an earlier part fixes, so no finding can become smaller forever.
//
// What a person reads comes first: the program, then what it needs, then how it looks.
//
// Tested by fuzz/reduce/test/size_test.cc.
#pragma once

#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/ast/type.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {

// How far a value is from 0, read as signed at its width, and on which side.
using Distance = std::pair<std::uint64_t, bool>;
[[nodiscard]] Distance distance_from_zero(std::uint64_t bits, ast::Type type);

struct Size {
  std::uint64_t nodes = 0;
  std::uint64_t variables = 0;
  std::uint64_t inputs = 0;
  std::uint64_t passes = 0;
  std::uint64_t features = 0;
  std::uint64_t wide = 0;
  std::uint64_t loads = 0;
  std::uint64_t constants = 0;
  std::vector<Distance> values;  // of the constants, in order of execution
  std::vector<Distance> cells;   // of the inputs; the high half of an i32 slot's cell counts by itself

  friend auto operator<=>(const Size&, const Size&) = default;
  friend bool operator==(const Size&, const Size&) = default;
};

// Precondition: the program is compact (core/ast/compact.h).
[[nodiscard]] Size size_of(const Finding& finding);

}  // namespace assay::fuzz
