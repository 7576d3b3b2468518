// Options that several commands share: oracles, CPU features, inputs. Tested by cli/test/cli_test.sh.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/jit/convention.h"
#include "core/opt/pipeline.h"
#include "core/x64/cpu_features.h"
#include "fuzz/findings/finding.h"
#include "fuzz/proofs/proof_figures.h"
#include "oracles/engine.h"
#include "oracles/judge.h"

namespace assay::cli {

// A whole number of 64 bits, decimal or 0x..., not below `least`: by itself CLI11 takes -1 for the greatest one.
[[nodiscard]] CLI::Validator whole_number(std::uint64_t least = 0);
// Makes all whole numbers of the command and its commands decimal unless they begin with 0x: CLI11 would take 010 for
// eight and 08 for no number. To be called once all options are there.
void read_leading_zeros_as_decimal(CLI::App& command);
// A number above 0, or between two others with both of them: no infinity and not NaN, which CLI11 lets through.
[[nodiscard]] CLI::Validator positive_number();
[[nodiscard]] CLI::Validator number_between(double least, double most);

// An input error unless there is such a program.
[[nodiscard]] base::Result<void> can_be_run(const std::string& program);

// The names of all oracles, joined by ", ".
[[nodiscard]] std::string oracle_names();

// "all" or names joined by commas ("encoding,native-sysv").
[[nodiscard]] base::Result<oracles::JudgeConfig> parse_oracles(std::string_view text);

// "baseline", "host" or names joined by commas ("popcnt,bmi2").
[[nodiscard]] base::Result<x64::CpuFeatures> parse_features(std::string_view text);

// The features that were asked for, else those that the finding was compiled for.
[[nodiscard]] base::Result<x64::CpuFeatures> features_for(const std::string& asked, const fuzz::Finding& finding);
// The passes that were asked for, else those that the finding went through, else the default.
[[nodiscard]] base::Result<opt::Pipeline> pipeline_for(const std::string& asked, const fuzz::Finding& finding);

// "sysv" or "win64".
[[nodiscard]] base::Result<jit::Convention> parse_convention(std::string_view text);

// A frame from assignments "slot=value" (decimal or 0x..., negative allowed); slots not named are zero.
[[nodiscard]] base::Result<oracles::Frame> parse_inputs(const ast::Program& program,
                                                        const std::vector<std::string>& assignments);

// --proof-share and --proof-ms of campaigns.
void add_proof_options(CLI::App& command, fuzz::ProofBudget& budget);

}  // namespace assay::cli
