// What a judged program covers; see coverage.h. Tested by fuzz/corpus/test/coverage_test.cc.
#include "fuzz/corpus/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace assay::fuzz {
namespace {

// Which of the class bits of a form's bins can be set: first register, later register, base, index.
std::size_t possible_bits(const x64::FormInfo& info) {
  std::size_t bits = 0;
  for (std::size_t i = 0; i < info.operands.size(); ++i) {
    if (x64::is_register(info.operands[i])) bits |= i == 0 ? 1U : 2U;
    if (x64::is_memory(info.operands[i])) bits |= 4U | 8U;
  }
  return bits;
}

}  // namespace

Coverage coverage_of(const ast::Program& program, std::span<const jit::CompiledBlock> blocks) {
  Coverage coverage;
  const FeatureSet nodes = node_features(program);
  for (std::size_t i = 0; i < kNodeFacts; ++i) {
    if (nodes.test(i)) coverage.set(i);
  }
  for (const jit::CompiledBlock& block : blocks) {
    for (const x64::Intent& intent : block.intents) coverage.set(kNodeFacts + form_bin(intent));
  }
  return coverage;
}

const Coverage& possible_coverage() {
  static const Coverage possible = [] {
    Coverage coverage;
    const FeatureSet nodes = possible_features(FeatureGroup::NodeKinds) | possible_features(FeatureGroup::Operators);
    for (std::size_t i = 0; i < kNodeFacts; ++i) coverage.set(i, nodes.test(i));
    for (std::size_t form = 0; form < x64::kFormCount; ++form) {
      const std::size_t bits = possible_bits(x64::form_info(static_cast<x64::Form>(form)));
      for (std::size_t one = 0; one < kRegisterClasses; ++one) {
        if ((one & ~bits) == 0) coverage.set(kNodeFacts + form * kRegisterClasses + one);
      }
    }
    return coverage;
  }();
  return possible;
}

std::string coverage_name(std::size_t fact) {
  if (fact < kNodeFacts) return feature_name(fact);
  const std::size_t bin = fact - kNodeFacts;
  std::string name(x64::form_info(static_cast<x64::Form>(bin / kRegisterClasses)).id);
  static constexpr std::array<std::string_view, 4> kParts = {"first", "later", "base", "index"};
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    if (((bin % kRegisterClasses) >> i & 1U) != 0) name += fmt::format(" {}", kParts[i]);
  }
  return name;
}

std::string print_coverage(const Coverage& coverage) {
  std::string text;
  for (std::size_t i = coverage._Find_first(); i < kCoverageCount; i = coverage._Find_next(i)) {
    if (!text.empty()) text += ' ';
    text += std::to_string(i);
  }
  return text;
}

std::optional<Coverage> parse_coverage(std::string_view text) {
  Coverage coverage;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size() || number >= kCoverageCount) return std::nullopt;
    coverage.set(number);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return coverage;
}

}  // namespace assay::fuzz
