// What `assay verify` is asked to do; its modes share it. Tested by cli/test/cli_test.sh.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/verify_encoder.h"
#include "cli/verify_instructions.h"
#include "cli/verify_table.h"
#include "smt/obligation.h"

namespace assay::cli {

struct VerifyOptions {
  std::vector<std::string> files;
  bool scev = false;
  bool passes = false;
  bool ops = false;
  bool instructions = false;
  VerifyEncoderOptions encoder;  // its jobs are those of --instructions too
  std::uint64_t runs = kDefaultInstructionRuns;
  bool quick = false;
  bool loop_free = false;
  bool check = false;
  bool json = false;
  bool brief = false;
  bool quiet = false;
  std::uint64_t random = 0;
  std::uint64_t mutants = 0;
  std::uint64_t seed = 1;
  unsigned limit_milliseconds = 1000;
  std::string emit;
  std::string out = "findings";
  std::string corpus = "corpus";

  [[nodiscard]] smt::ProofLimits limits() const { return {limit_milliseconds, check, check && mutants == 0}; }
  [[nodiscard]] VerifyTable::Style style(std::string part_title) const {
    return {json ? Rows::None : brief ? Rows::NotProved : Rows::All, quiet, std::move(part_title), emit};
  }
};

}  // namespace assay::cli
