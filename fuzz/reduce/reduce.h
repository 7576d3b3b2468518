// The reducer: makes a finding small while it stays the same finding.
//
// It works on the typed tree, not on text, so nearly every attempt is a valid program and none is spent on a syntax
// error. An attempt is one edit (edits.h) made on a copy of the best finding so far, repaired, and verified; it is
// shown to the predicate only when it is smaller in the order of size.h. That order is well-founded, so the reducer
// ends; each kind of edit is tried in turn until a whole round of all of them keeps nothing, so the result is a fixed
// point: a second reduction finds nothing to do.
// At a fixed point that still needs passes, the reducer looks what becomes of the program behind them, which may be
// larger on the way and counts only when it ends smaller.
//
// Attempts are judged in batches, and of several that would do the first in the order of the edits is kept. A batch
// begins with one attempt and doubles while nothing is kept: an attempt that still crashes or runs away costs its
// judge a worker process, so few are judged that will not be used, while the many that fail are cheap together. Nothing
// depends on time or on how many reductions run at once, but for the moment at which a reduction out of time stops.
//
// Tested by fuzz/reduce/test/reduce_test.cc, edits_test.cc and planted_test.cc.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/base/error.h"
#include "core/base/result.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {

// Says of each finding of a batch whether it is still the one to keep. Programs, inputs and passes are what it may look
// at; headers are empty. An error means that the harness failed.
using Predicate = std::function<base::Result<std::vector<bool>>(std::span<const Finding>)>;

struct ReduceConfig {
  std::optional<double> seconds;                   // stop after so long, with the best so far
  std::optional<std::uint64_t> attempts;           // stop after so many attempts were judged
  const std::atomic<bool>* interrupted = nullptr;  // stop when it becomes true
  std::size_t largest_batch = 64;
};

enum class ReductionEnd : std::uint8_t {
  Complete,       // no edit makes it smaller
  Stopped,        // out of time or attempts, or interrupted: the best so far
  NotReproduced,  // the predicate refuses the finding itself, which is returned as it came
  HarnessFailed,  // the predicate gave an error: the best so far
};

struct Reduction {
  Finding finding;  // as it came when nothing was kept
  ReductionEnd end = ReductionEnd::Complete;
  std::uint64_t tried = 0;  // attempts that were judged
  std::uint64_t kept = 0;
  std::uint32_t nodes_before = 0;
  std::uint32_t nodes_after = 0;
  std::optional<base::Error> failure;
};

// Never fails on its input. The finding that comes back has the headers of the one that went in, but for the
// explanation, which would be about another program; inputs and passes that were left to defaults are spelled out.
[[nodiscard]] Reduction reduce(const Finding& finding, const Predicate& still_fails, const ReduceConfig& config = {});

}  // namespace assay::fuzz
