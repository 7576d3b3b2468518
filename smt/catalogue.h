// Catalogue: loops of every kind SCEV-Lite solves, as text, for proofs of the solver rather than of one program.
//
// A product of tables: what the body computes, how the loop ends, in which width. What is in it is decided by the
// classes that are promised, not by what can be proved: rows that cannot be are shown as unknown.
//
// Tested by smt/test/extract_loop_test.cc.
#pragma once

#include <string>
#include <vector>

namespace assay::smt {

struct CatalogueLoop {
  std::string kind;  // "sum"
  std::string name;  // "sum, i < n rising, i32"
  std::string text;
  bool sampled = false;  // in a small sample that has every body, every way to end and both widths
};

[[nodiscard]] std::vector<CatalogueLoop> loop_catalogue();

}  // namespace assay::smt
