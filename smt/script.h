// Script: an obligation as an SMT-LIB 2 file, which is what both solvers read and what anyone can check again.
//
// An obligation is proved when its assertions, the hypotheses and the negated claim, cannot hold together: `unsat`.
//
// Tested by smt/test/meaning_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "smt/terms.h"

namespace assay::smt {

// `title` goes into a comment. Ends with (check-sat); every distinct subterm is defined once.
[[nodiscard]] std::string print_script(const Terms& terms, const std::vector<TermId>& assertions,
                                       std::string_view title);

// Symbols are numbered as they occur, so that the same question is the same script whatever was asked before.
[[nodiscard]] std::string name_in_script(std::string_view symbol, unsigned number);
// Of a symbol, or of its name in a script, what it was called.
[[nodiscard]] std::string_view plain_name(std::string_view symbol);

[[nodiscard]] std::string_view without_comments(std::string_view script);

}  // namespace assay::smt
