// Features: what a program covers, as a set of numbered facts.
//
// A corpus is worth what its programs make the compiler do: node kinds and operators with the types they stand at,
// instruction forms they are compiled to, passes that find something to do, loop classes that are solved and reasons
// why loops are not. Nothing is run and nothing depends on the machine: programs are compiled for both calling
// conventions, with every CPU feature and with none, as they stand and behind their passes.
//
// Tested by fuzz/corpus/test/features_test.cc.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ast/op.h"
#include "core/opt/passes.h"
#include "core/x64/form.h"
#include "fuzz/findings/finding.h"

namespace assay::fuzz {

enum class FeatureGroup : std::uint8_t { NodeKinds, Operators, Forms, Passes, LoopClasses, Declines };
inline constexpr std::size_t kFeatureGroupCount = 6;

// i32, i64, and none for what has no value.
inline constexpr std::size_t kFeatureTypes = 3;

// How many numbers each group takes; they follow each other.
inline constexpr std::array<std::size_t, kFeatureGroupCount> kGroupSizes = {
    ast::kNodeKindCount * kFeatureTypes,
    ast::kOpCount * 2,
    x64::kFormCount,
    opt::kPassCount,
    scev::kLoopClassCount,
    scev::kDeclineCount,
};
inline constexpr std::size_t kFeatureCount =
    kGroupSizes[0] + kGroupSizes[1] + kGroupSizes[2] + kGroupSizes[3] + kGroupSizes[4] + kGroupSizes[5];

using FeatureSet = std::bitset<kFeatureCount>;

[[nodiscard]] std::string_view name(FeatureGroup group);

// Number `index` of a group, below its size.
[[nodiscard]] std::size_t feature_id(FeatureGroup group, std::size_t index);

// "store i64", "div_s i32", "AddR32M32", "pass fold", "loop counted", "declined: ...".
[[nodiscard]] std::string feature_name(std::size_t feature);

// The features of a group that some program can have: no `break` has a type, and some operators take one type only.
[[nodiscard]] FeatureSet possible_features(FeatureGroup group);

// Node kinds and operators alone.
[[nodiscard]] FeatureSet node_features(const ast::Program& program);

// Behind the finding's passes, or the default ones when it does not say. Precondition: verified.
[[nodiscard]] FeatureSet features_of(const Finding& finding);

}  // namespace assay::fuzz
