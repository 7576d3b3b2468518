// Companions: values that are no polynomials of the slots, but step from iteration to iteration as if they were.
//
// What an inner loop leaves behind holds C(x, d) of its count x, and x steps by a constant s from one iteration of the
// loop around it to the next. Then so does C(x, d), by C(x + s, d) = sum over i of C(s, i) * C(x, d - i): that is
// Pascal's rule s times, for as long as x + s stays a number of w bits. Of an s that is no number the C(s, i) are
// unknowns with which this holds; for a negative s there are such as well. The same with the extension of a narrow x to
// 64 bits. Each such value becomes a slot of its own beside those of the program, with this step, so that the closed
// form of everything else is again one of polynomials; that x does not wrap, in any iteration that counts, is shown
// apart.
//
// A choice within x is first taken outside: C(ite(c, x, y), d) is ite(c, C(x, d), C(y, d)).
//
// Tested by smt/test/nested_test.cc and widened_test.cc.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "smt/proving.h"

namespace assay::smt {

struct Companion {
  TermId symbol;                    // its value before an iteration
  Kind extension = Kind::Constant;  // ZeroExtend or SignExtend of the base; Constant: none
  unsigned degree = 1;              // of C(the base, or its extension, degree)
  TermId base;                      // x, in the slots; in normal form
  TermId step;                      // of x
  unsigned width = 0;
  // Truths under each of which it is used; it need not step like this where none of them holds.
  std::vector<TermId> uses;
};

// A value C(x + offset, d) among the statements, said by the companions of x: true if x + offset does not wrap, on the
// way neither.
struct OffsetUse {
  std::size_t companion = 0;
  std::uint64_t steps = 0;  // the offset is so many steps of x; 0: a number of its own
  TermId offset;
  TermId when;
};

class Companions {
 public:
  explicit Companions(Proving& proving) : proving_(&proving), terms_(&proving.terms) {}

  // Finds them in what an iteration leaves and adds them to its slots.
  void add_to(Iteration& iteration);

  // Whether the term mentions what an iteration changes.
  [[nodiscard]] bool changes(TermId term) const;

  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] const std::vector<Companion>& list() const { return list_; }

  // The term with their symbols for them, as of the start of the loop.
  [[nodiscard]] TermId named(TermId term, std::vector<OffsetUse>& offsets);

  // The term with what they stand for at the start, instead of their symbols.
  [[nodiscard]] TermId spelled(TermId term);

  // That one more step of x, which now has this value, would wrap.
  [[nodiscard]] TermId wraps(const Companion& companion, TermId value, TermId step) const;

 private:
  struct Leaf {
    Kind extension = Kind::Constant;
    unsigned degree = 1;
    unsigned width = 0;
  };

  void find(TermId term, Terms::Replacements& found);
  [[nodiscard]] TermId lifted(TermId x, const Leaf& leaf, TermId when, bool& uses_any);
  [[nodiscard]] TermId leaf_value(TermId x, const Leaf& leaf, TermId when, bool& uses_any);
  [[nodiscard]] TermId plain(TermId x, const Leaf& leaf);
  [[nodiscard]] TermId at_offset(TermId x, const Leaf& leaf, TermId when, bool& uses_any);
  [[nodiscard]] TermId companion(TermId x, TermId step, const Leaf& leaf, TermId when);
  [[nodiscard]] TermId lower(TermId x, const Leaf& leaf, unsigned degree) const;
  [[nodiscard]] TermId factor(TermId step, unsigned width, unsigned degree);
  [[nodiscard]] std::vector<TermId> stepped(const std::vector<TermId>& values, TermId step);
  [[nodiscard]] std::uint64_t steps_in(TermId offset, TermId step);

  Proving* proving_;
  Terms* terms_;
  Iteration* iteration_ = nullptr;  // while they are being found
  std::vector<OffsetUse>* offsets_ = nullptr;
  Terms::Ids changing_;  // symbols
  std::vector<Companion> list_;
  std::map<std::pair<std::uint32_t, unsigned>, TermId> factors_;  // C(s, degree) of a symbolic s
};

}  // namespace assay::smt
