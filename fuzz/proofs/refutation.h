// Refutation: what a proof refuted, as a finding that `assay replay` confirms by execution.
//
// A solver's model is no evidence for a person. The program, the input and the passes go before the oracles, and what
// they say is the finding's signature; so a refutation is told from other faults, reduced and replayed as every finding
// is.
//
// Tested by fuzz/proofs/test/refutation_test.cc.
#pragma once

#include <string>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "fuzz/findings/finding.h"
#include "oracles/judge.h"

namespace assay::fuzz {

struct Refutation {
  const ast::Program* program = nullptr;  // before the passes
  oracles::Frame input;
  opt::Pipeline pipeline;
  x64::CpuFeatures features;
  std::string claim;  // what does not hold, in words
};

// What no oracle convicts, although the interpreter ended differently on the input, has a signature of its own.
inline constexpr std::string_view kUnconfirmedSignature = "proof/refuted";

// An error is the harness's.
[[nodiscard]] base::Result<Finding> finding_of(const Refutation& refutation, oracles::Judge& judge);

// The finding's file in a folder of findings: signature and content decide its name.
[[nodiscard]] std::string file_name_of(const Finding& finding);

}  // namespace assay::fuzz
