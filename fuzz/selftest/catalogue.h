// Catalogue: the deliberate faults, as data. A fault is an exact piece of a source file, what to put in its place, and
// which kind of mistake of real compilers it stands for.
//
// The product holds no trace of them: the text is substituted in a copy when a variant is built (variant.h). A piece
// that is not in the source exactly once is an error, so a fault cannot quietly go stale.
//
// Tested by fuzz/selftest/test/catalogue_test.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace assay::fuzz::selftest {

struct Fault {
  std::string name;  // unique: letters, digits and dashes, for it also names a folder
  std::string area;  // "encoder", "scev", "oracle", ...
  std::string row;   // the kind of mistake it stands for
  std::string file;  // relative to the source folder
  std::string from;  // occurs in the file exactly once
  std::string to;
  std::string why;                 // what goes wrong, in a sentence
  std::vector<std::string> units;  // what has to be compiled again: the file itself, or the users of a header or table
  std::vector<std::string> targets;  // test binaries that are the instrument; empty: the fuzzer is
  std::string proof;                 // for a fault that changes nothing that can be observed: why
  std::string remedy;                // for one that is hard to see: what it would take

  [[nodiscard]] bool counts_reached() const;
  [[nodiscard]] bool counts_changed() const;
};

// All *.json of the folder, in the order of their names.
[[nodiscard]] base::Result<std::vector<Fault>> load_catalogue(const std::string& folder);

// One file of the catalogue, for messages named `file`.
[[nodiscard]] base::Result<std::vector<Fault>> parse_faults(std::string_view json, const std::string& file);

// The text of the fault's file with the fault in it.
[[nodiscard]] base::Result<std::string> apply_fault(const Fault& fault, std::string_view source);

// Shell patterns: `*` and `?`; several joined by commas.
[[nodiscard]] bool matches(std::string_view name, const std::string& patterns);

}  // namespace assay::fuzz::selftest
