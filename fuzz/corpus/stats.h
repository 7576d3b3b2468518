// Stats: what a corpus holds and what it covers.
//
// Tested by fuzz/corpus/test/stats_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/corpus/features.h"

namespace assay::fuzz {

struct CorpusStats {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t nodes = 0;
  std::uint64_t most_nodes = 0;
  std::uint64_t findings = 0;    // files that record a signature
  std::uint64_t signatures = 0;  // different ones of those
  std::uint64_t duplicates = 0;  // files whose text another one has
  FeatureSet features;
  std::vector<base::Error> broken;
};

[[nodiscard]] base::Result<CorpusStats> corpus_stats(const std::string& folder);

[[nodiscard]] std::string print_stats(const CorpusStats& stats);
[[nodiscard]] std::string print_stats_json(const CorpusStats& stats);

}  // namespace assay::fuzz
