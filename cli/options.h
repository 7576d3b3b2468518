// Options that several commands share: oracles, CPU features, inputs. Tested by cli/test/cli_test.sh.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/ast/program.h"
#include "core/base/result.h"
#include "core/jit/convention.h"
#include "core/x64/cpu_features.h"
#include "fuzz/proofs/proof_figures.h"
#include "oracles/engine.h"
#include "oracles/judge.h"

namespace assay::cli {

// "all" or names joined by commas ("encoding,native-sysv").
[[nodiscard]] base::Result<oracles::JudgeConfig> parse_oracles(std::string_view text);

// "baseline", "host" or names joined by commas ("popcnt,bmi2").
[[nodiscard]] base::Result<x64::CpuFeatures> parse_features(std::string_view text);

// "sysv" or "win64".
[[nodiscard]] base::Result<jit::Convention> parse_convention(std::string_view text);

// A frame from assignments "slot=value" (decimal or 0x..., negative allowed); slots not named are zero.
[[nodiscard]] base::Result<oracles::Frame> parse_inputs(const ast::Program& program,
                                                        const std::vector<std::string>& assignments);

// --proof-share and --proof-ms of campaigns.
void add_proof_options(CLI::App& command, fuzz::ProofBudget& budget);

}  // namespace assay::cli
