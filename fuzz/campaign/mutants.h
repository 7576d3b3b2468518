// Mutants: programs made of those of a campaign's corpus.
//
// The corpus is a list that only grows, so its first N entries are the same whenever they are asked for: with seed and
// number they decide a mutant, its inputs and the features it is compiled with.
//
// Tested by fuzz/campaign/test/mutants_test.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/corpus/coverage.h"
#include "fuzz/findings/finding.h"
#include "fuzz/gen/generator.h"

namespace assay::fuzz {

// As it stands in the ledger.
struct CorpusEntry {
  std::string text;      // a program with its header, as a file of the corpus
  std::string coverage;  // as print_coverage gives it
};

class MutantSource {
 public:
  // An error for what is no program or no coverage.
  [[nodiscard]] base::Result<void> add(const CorpusEntry& entry);
  [[nodiscard]] std::size_t size() const { return programs_.size(); }

  // What the first `entries` cover together.
  [[nodiscard]] Coverage covered(std::size_t entries) const;

  // One of the first `entries`, edited one to four times, now and then crossed with another. `out` is overwritten.
  // Precondition: 0 < entries <= size().
  void draw(std::size_t entries, std::uint64_t seed, GeneratedCase& out) const;

 private:
  std::vector<Finding> programs_;
  std::vector<Coverage> coverages_;
};

}  // namespace assay::fuzz
