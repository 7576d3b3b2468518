// Integers: questions about bit vectors as questions about whole numbers.
//
// A bit vector of w bits is a number from 0 to 2^w - 1; a sum is exact and then taken modulo 2^w by a carry of its own;
// a quotient q of D by s is a number with D = q * s + r and 0 <= r < s. Products of unknowns are opaque numbers, about
// which only their order is said: x <= y implies x * s <= y * s. With that, what trip counts need is linear, and takes
// milliseconds where bit by bit a division by 3, or by a symbol, does not come back.
//
// Where the sign of a step is asked for, the question is split: the step is nought, positive, or the negative of a
// positive number. Every part is a script of its own; the question is answered when all of them are.
//
// Tested by smt/test/integers_test.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smt/terms.h"

namespace assay::smt {

struct IntegerQuestion {
  std::vector<std::string> scripts;  // SMT-LIB 2, QF_LIA
  bool exact = true;                 // no product of unknowns stands for itself
};

// If all scripts are unsatisfiable, no values of the symbols make all assertions true; if it is exact, the other way
// round too. None if the assertions hold something that is not said in integers here.
[[nodiscard]] std::optional<IntegerQuestion> ask_in_integers(Terms& terms, const std::vector<TermId>& assertions,
                                                             std::string_view title);

}  // namespace assay::smt
