// Ledger: where a supervised campaign writes down what is done, and asks what to do next.
//
// The campaign knows no store; the store implements this (reports/store). A batch is either recorded as a whole or not
// at all, so that a campaign killed at any moment goes on with the first batch that is not there.
//
// Tested by fuzz/campaign/test/supervised_test.cc and reports/store/test/store_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "fuzz/campaign/figures.h"

namespace assay::fuzz {

struct FindingRecord {
  std::uint64_t program_index = 0;
  std::string signature;
  std::string oracle;
  std::string verdict;
  std::string pass;  // the guilty pass, where the oracle names one
  std::string text;  // the finding's file; empty where the batch has enough files of this signature
};

struct BatchRecord {
  std::uint64_t number = 0;
  std::uint64_t first_program = 0;
  std::uint64_t programs = 0;
  std::uint64_t cpu_nanoseconds = 0;
  BatchFigures figures;
  std::vector<FindingRecord> findings;  // by program
};

class Ledger {
 public:
  Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  virtual ~Ledger() = default;

  // The first batch that is neither recorded nor given out since this ledger was opened.
  [[nodiscard]] virtual std::uint64_t next_batch() = 0;

  // All or nothing. An error ends the campaign.
  [[nodiscard]] virtual base::Result<void> record(const BatchRecord& batch) = 0;

  // Something happened to the harness itself ("lost worker", "hang"), in a sentence.
  [[nodiscard]] virtual base::Result<void> incident(std::string_view kind, std::string_view sentence) = 0;

  // Divergences recorded so far, in the whole campaign.
  [[nodiscard]] virtual std::uint64_t findings() const = 0;
};

}  // namespace assay::fuzz
