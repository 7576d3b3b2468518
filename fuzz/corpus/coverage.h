// Coverage: what one judged program was seen to cover, cheaply enough to ask of every program of a campaign.
//
// A set of numbered facts: node kinds and operators with the types they stand at (as fuzz/corpus/features), and the
// instruction forms it was compiled to, each with the class of its registers (fuzz/targets/form_counters). The blocks
// are those that the judge compiled anyway. Passes and loop classes are left to features.h: a campaign meets all of
// them within minutes, so they tell few programs apart.
//
// Tested by fuzz/corpus/test/coverage_test.cc.
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ast/program.h"
#include "core/jit/compile.h"
#include "fuzz/corpus/features.h"
#include "fuzz/targets/form_counters.h"

namespace assay::fuzz {

inline constexpr std::size_t kNodeFacts = kGroupSizes[0] + kGroupSizes[1];
inline constexpr std::size_t kCoverageCount = kNodeFacts + kFormBins;

using Coverage = std::bitset<kCoverageCount>;

[[nodiscard]] Coverage coverage_of(const ast::Program& program, std::span<const jit::CompiledBlock> blocks);

// Everything that some program can cover.
[[nodiscard]] const Coverage& possible_coverage();

// "store i64", "AddR32M32 r1 base".
[[nodiscard]] std::string coverage_name(std::size_t fact);

// The numbers, in order, with blanks between them.
[[nodiscard]] std::string print_coverage(const Coverage& coverage);
// Nothing for anything else.
[[nodiscard]] std::optional<Coverage> parse_coverage(std::string_view text);

}  // namespace assay::fuzz
