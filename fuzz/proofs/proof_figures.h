// What a campaign may spend on proofs, and what came of it.
//
// Tested by fuzz/proofs/test/campaign_proofs_test.cc.
#pragma once

#include <cstdint>

namespace assay::fuzz {

struct ProofBudget {
  double share = 0.02;          // of the process's time; 0: nothing is proved
  unsigned milliseconds = 250;  // for each obligation
};

// Plain data: it crosses processes. Counts are of shapes of loops, but for `over_budget`, which counts meetings.
struct ProofFigures {
  std::uint64_t proved = 0;
  std::uint64_t refuted = 0;
  std::uint64_t unknown = 0;
  std::uint64_t declined = 0;     // not solved when taken out of the program: nothing to prove
  std::uint64_t over_budget = 0;  // not looked at
  std::uint64_t nanoseconds = 0;  // that the process spent on it, waiting included

  void add(const ProofFigures& other) {
    proved += other.proved;
    refuted += other.refuted;
    unknown += other.unknown;
    declined += other.declined;
    over_budget += other.over_budget;
    nanoseconds += other.nanoseconds;
  }
};

}  // namespace assay::fuzz
