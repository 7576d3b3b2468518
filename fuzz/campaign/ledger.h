// Ledger: where a supervised campaign writes down what is done, and asks what to do next.
//
// The campaign knows no store; the store implements this (reports/store). A batch is either recorded as a whole or not
// at all, so that a campaign killed at any moment goes on with the first batch that is not there.
//
// Tested by fuzz/campaign/test/supervised_test.cc and reports/store/test/store_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "fuzz/campaign/figures.h"
#include "fuzz/campaign/mutants.h"

namespace assay::fuzz {

struct FindingRecord {
  std::uint64_t program_index = 0;
  std::string signature;
  std::string oracle;
  std::string verdict;
  std::string pass;   // the guilty pass, where the oracle names one
  std::string text;   // the finding's file; empty where the batch has enough files of this signature
  std::string small;  // the same made small, where that was how its signature was found
};

// How many of the findings of a signature have that key (fuzz/findings/keys.h).
struct KeyCount {
  std::string signature;
  std::string key;
  std::uint64_t count = 0;
};

// A program that covers something that nothing in the corpus covered when its batch was made.
struct CorpusCandidate {
  std::uint64_t program_index = 0;
  CorpusEntry entry;
};

// Batches of programs that somebody else made (libFuzzer) have numbers of their own, so that the numbers of all others
// decide their programs whether or not there are any.
inline constexpr std::uint64_t kFirstImport = std::uint64_t{1} << 40;

struct BatchRecord {
  std::uint64_t number = 0;
  std::uint64_t first_program = 0;
  std::uint64_t programs = 0;
  std::uint64_t cpu_nanoseconds = 0;
  BatchFigures figures;
  std::vector<FindingRecord> findings;      // by program
  std::vector<KeyCount> keys;               // of all findings
  std::vector<CorpusCandidate> candidates;  // by program
  std::vector<std::string> imported;        // names of the files whose programs these are
};

class Ledger {
 public:
  Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  virtual ~Ledger() = default;

  // The first batch that is neither recorded nor given out since this ledger was opened.
  [[nodiscard]] virtual std::uint64_t next_batch() = 0;

  // How many entries of the corpus the batch knows: the same whenever it is asked for. Nothing while that depends on
  // batches that are not recorded yet.
  [[nodiscard]] virtual base::Result<std::optional<std::uint64_t>> corpus_for(std::uint64_t /*batch*/) {
    return std::optional<std::uint64_t>(0);
  }
  [[nodiscard]] virtual CorpusEntry corpus_entry(std::uint64_t /*position*/) const { return {}; }

  // For the next batch of programs of others.
  [[nodiscard]] virtual std::uint64_t next_import() { return kFirstImport; }
  [[nodiscard]] virtual bool imported(const std::string& /*name*/) const { return false; }

  // All or nothing. An error ends the campaign.
  [[nodiscard]] virtual base::Result<void> record(const BatchRecord& batch) = 0;

  // Something happened to the harness itself ("lost worker", "hang"), in a sentence.
  [[nodiscard]] virtual base::Result<void> incident(std::string_view kind, std::string_view sentence) = 0;

  // Divergences recorded so far, in the whole campaign.
  [[nodiscard]] virtual std::uint64_t findings() const = 0;
};

}  // namespace assay::fuzz
