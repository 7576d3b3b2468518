// Select: which programs of a corpus are worth keeping.
//
// Minimizing keeps few programs that together cover what all of them cover; merging takes only what adds something.
// Both write files named after their contents, read everything before they write anything, and refuse a corpus with a
// broken file.
//
// Tested by fuzz/corpus/test/select_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fuzz/corpus/features.h"
#include "fuzz/corpus/files.h"

namespace assay::fuzz {

struct Candidate {
  FeatureSet features;
  std::uint64_t size = 0;  // nodes
};

// Indices, in order, of candidates that together have every feature of all: the one that adds most first, the smaller
// of two that add as much, and in the end none that the others make superfluous. Not always the smallest such set,
// which would take exponential time, but one from which nothing can be left out.
[[nodiscard]] std::vector<std::size_t> cover(std::span<const Candidate> candidates);

struct Selection {
  std::uint64_t considered = 0;
  std::uint64_t kept = 0;        // of those; written unless they were there
  std::uint64_t duplicates = 0;  // texts that had been seen before
  std::uint64_t nodes_considered = 0;
  std::uint64_t nodes_kept = 0;
  std::uint64_t features_before = 0;  // of what `out` held; 0 when minimizing
  std::uint64_t features_after = 0;
};

// The files that could not be read; nothing was written then.
struct Selected {
  Selection selection;
  std::vector<base::Error> broken;
};

// An input error when `out` holds `.nda` files already, or when a folder cannot be read.
[[nodiscard]] base::Result<Selected> minimize_corpus(const std::string& in, const std::string& out);

// Adds to `out`, which may be absent, each file of `in` that has a feature which nothing in `out` has by then.
[[nodiscard]] base::Result<Selected> merge_corpora(const std::string& out, const std::vector<std::string>& in);

}  // namespace assay::fuzz
