// Table: scores as a Markdown page. The first is the score; the others are ablations, the same with an oracle off.
//
// Tested by fuzz/selftest/test/score_test.cc.
#pragma once

#include <span>
#include <string>

#include "fuzz/selftest/score.h"

namespace assay::fuzz::selftest {

[[nodiscard]] std::string print_table(std::span<const Score> scores);

// One fault in a few words: "detected 20/20 by encoding", "equivalent", "not detected".
[[nodiscard]] std::string describe(const FaultScore& fault);

}  // namespace assay::fuzz::selftest
