// CountCode: code for binomials of a count within terms, which becomes their atoms; and which of them were met.
//
// Tested by smt/test/loop_proof_test.cc.
#pragma once

#include <utility>
#include <vector>

#include "smt/proving.h"

namespace assay::smt {

class CountCode {
 public:
  // Adds what the code within the term stands for, `count` being the count.
  void name(Proving& proving, TermId count, TermId term, Terms::Replacements& named);
  void add(unsigned width, unsigned degree);

  // Widths and degrees.
  [[nodiscard]] const std::vector<std::pair<unsigned, unsigned>>& list() const { return list_; }

 private:
  std::vector<std::pair<unsigned, unsigned>> list_;
};

}  // namespace assay::smt
