// Finding: one divergence as one text file that replays anywhere.
//
// A finding is a `.nda` program with a header of `// key: value` comments, so that every tool that reads programs reads
// findings. The header holds what a replay needs (inputs, CPU features) and what a reader wants to know (who said what,
// where, on which build). Unknown keys are kept out of the way: a newer header does not stop an older build from
// replaying the program.
//
// Tested by fuzz/findings/test/finding_test.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/x64/cpu_features.h"
#include "oracles/engine.h"
#include "oracles/judge.h"

namespace assay::fuzz {

inline constexpr int kFindingVersion = 1;

struct Finding {
  ast::Program program;
  // The failing input first. Empty in a plain program: the caller chooses inputs then.
  std::vector<oracles::Frame> inputs;
  x64::CpuFeatures features;
  // The passes that the program went through before it was compiled; a plain program does not say.
  std::optional<opt::Pipeline> pipeline;
  std::string oracle;
  std::string verdict;
  std::string signature;
  std::uint64_t campaign_seed = 0;
  std::uint64_t program_index = 0;
  std::string configuration;
  std::string build;
  std::string cpu;
  std::string replays;                   // "10 of 10" once triaged; empty before
  std::vector<std::string> explanation;  // for people; not read back
};

// The inverse of x64::describe: "baseline" or names joined by commas. False for anything else.
[[nodiscard]] bool parse_features(std::string_view text, x64::CpuFeatures& features);

// What tells one bug from another: (oracle, stage, node kind or operator, instruction form, kind of difference). Never
// a position, an address or a value.
[[nodiscard]] std::string signature_of(const oracles::Conviction& conviction, const ast::Program& program);

// Precondition: the program is verified. Ends with a newline.
[[nodiscard]] std::string print_finding(const Finding& finding);

// A program with what it takes to run it, and nothing that somebody said of it: a file of a corpus.
[[nodiscard]] std::string print_case(const Finding& finding);

// Reads a finding or a plain program; `file` names the input in errors.
[[nodiscard]] base::Result<Finding> parse_finding(std::string_view text, std::string_view file = {});

}  // namespace assay::fuzz
