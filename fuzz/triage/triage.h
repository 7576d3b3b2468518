// Triage: what a person must know of a finding before reading it.
//
// Which fault is it (the signature, found anew for a program that has none), does it fail every time (a finding that
// fails in 3 of 10 replays is about the machine or about memory, and is read differently), and what do the oracles say
// of it on this build. Of a guilty pass: which two stores left the different values.
//
// Tested by fuzz/triage/test/triage_test.cc.
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "fuzz/findings/finding.h"
#include "oracles/judge.h"

namespace assay::fuzz {

inline constexpr std::uint32_t kReplays = 10;

// Gives a program or a finding without a signature the oracle, verdict and signature of the first conviction, and puts
// the guilty input first; one that has a signature stays as it is. False when no oracle convicts it. The judge should
// have all oracles on.
[[nodiscard]] base::Result<bool> identify(oracles::Judge& judge, Finding& finding);

struct Triage {
  std::uint32_t replays = 0;
  std::uint32_t same = 0;  // replays that gave the finding's signature
};

// Replays the finding and writes what was seen into its headers: `replays: 10 of 10`, verdict, explanation, build and
// CPU. Nothing is written but the first when no replay gives its signature.
[[nodiscard]] base::Result<Triage> triage(oracles::Judge& judge, Finding& finding, std::uint32_t replays = kReplays);

}  // namespace assay::fuzz
