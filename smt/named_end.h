// NamedEnd: questions about bits in which a count k occurs within sums only, as in v - k and v - (k + 1).
//
// To compare such sums bit by bit a solver has to know of both how they carry. With a name x for one of them, k is said
// by x, and the others are x plus a number: what is asked is the same, as there is exactly one x for each k, and it is
// ten times as quick. Of a step that is even x is any number whose low bits are right, which is more than there are.
//
// Tested by smt/test/solved_classes_test.cc and named_end_test.cc.
#pragma once

#include <string>
#include <vector>

#include "smt/proving.h"

namespace assay::smt {

// As Proving::equal. `count` is a symbol.
[[nodiscard]] bool equal_by_named_end(Proving& proving, const std::string& name, const std::vector<TermId>& hypotheses,
                                      TermId left, TermId right, TermId count);

// The assertions with a name for one end, or as they are where there is none. They can be true only if the
// new ones can; obligations for that are recorded.
[[nodiscard]] std::vector<TermId> name_an_end(Proving& proving, const std::string& name,
                                              const std::vector<TermId>& assertions, TermId count);

}  // namespace assay::smt
