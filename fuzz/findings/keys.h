// Keys: what can be said of a finding beside its signature, so that a signature that holds two faults can be told apart
// by what only one of them needs.
//
// "verdict:crash", "feature:popcnt" (or "feature:baseline"), "pass:scev" (the program went through it), "node:div_s"
// (it is in the program). Campaigns count them by signature.
//
// Tested by fuzz/findings/test/keys_test.cc.
#pragma once

#include <string>
#include <vector>

#include "fuzz/findings/finding.h"

namespace assay::fuzz {

// In order, each once. Precondition: the finding's pipeline is spelled out, or it is one of the default passes.
[[nodiscard]] std::vector<std::string> finding_keys(const Finding& finding);

// Whether the text could be a key: a known family, a colon, and something behind it.
[[nodiscard]] bool is_key(std::string_view text);

}  // namespace assay::fuzz
