// Score: what became of every fault, as data, and the statistics over seeds.
//
// Tested by fuzz/selftest/test/score_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "fuzz/selftest/catalogue.h"

namespace assay::fuzz::selftest {

// One fault before one instrument with one seed.
struct Trial {
  std::uint64_t seed = 0;
  bool detected = false;
  std::string oracle;  // that spoke first: of the judge, "harness" (died or hung), or "test"
  std::string verdict;
  std::string signature;  // of the finding, or the name of the failing test
  std::uint64_t programs = 0;
  double cpu_seconds = 0;
  std::optional<std::uint64_t> reached;  // how often; nothing where the fault is not counted
  std::optional<std::uint64_t> changed;  // how often with another value than the right one
};

struct FaultScore {
  std::string name, area, row, file, why, proof, remedy;
  std::string instrument;  // "fuzz" or the test binary
  std::string error;       // it could not be built or run: a failure of the self-test, not a detection
  bool same_code = false;  // equivalent: byte for byte the same object code
  std::vector<Trial> trials;

  [[nodiscard]] std::size_t detected() const;
  // In more than half of the trials; of several tests one is enough.
  [[nodiscard]] bool detected_in_the_median() const;
  // Nothing can tell it from the right code: same object code, or a proof in the catalogue.
  [[nodiscard]] bool equivalent() const { return same_code || (!proof.empty() && detected() == 0); }
};

struct Score {
  std::string command, build, cpu;
  std::uint64_t seeds = 0;
  double cpu_seconds = 0;
  std::vector<std::string> without;  // oracles that were off
  bool naive = false;                // programs of the naive generator
  std::vector<FaultScore> controls;  // the same instruments without any fault: none may detect anything
  std::vector<FaultScore> faults;

  // Every control ran and is silent, and every fault could be tried.
  [[nodiscard]] bool valid() const;
};

[[nodiscard]] std::string to_json(const Score& score);
[[nodiscard]] base::Result<Score> score_from_json(std::string_view text, const std::string& file);

// The score with the faults and controls of a later run in the place of those of the same name; what only the later run
// has is added. Fails where the two runs were not made alike: a table must not mix seeds, budgets or oracles.
[[nodiscard]] base::Result<Score> updated(const Score& earlier, const Score& later);

// What the score says of faults in words (why, row and remedy), as the catalogue says it now. What they did stays.
void reword(Score& score, std::span<const Fault> catalogue);

// Whether one of the oracles spoke first in every trial that detected the fault: without all of them, it may go
// undetected. Of any other fault this need not be asked, since what another said first it says without these too.
[[nodiscard]] bool only_first_by(const FaultScore& fault, const std::vector<std::string>& oracles);

// The median of samples of which some may be infinite (never detected), and the interval between two of them that
// holds the true median with a probability of 95% at least, whatever the distribution. Fewer than six samples have
// none.
struct MedianInterval {
  double median = 0;
  std::optional<double> low, high;
};
[[nodiscard]] MedianInterval median_interval(std::vector<double> samples);

}  // namespace assay::fuzz::selftest
