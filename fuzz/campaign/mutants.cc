// Drawing mutants; see mutants.h. Tested by fuzz/campaign/test/mutants_test.cc.
#include "fuzz/campaign/mutants.h"

#include <utility>

#include "core/ast/compact.h"
#include "core/base/rng.h"
#include "fuzz/gen/inputs.h"
#include "fuzz/mutate/mutator.h"

namespace assay::fuzz {

base::Result<void> MutantSource::add(const CorpusEntry& entry) {
  auto finding = parse_finding(entry.text);
  if (!finding) return finding.error();
  const auto coverage = parse_coverage(entry.coverage);
  if (!coverage) return base::input_error("a program of the corpus is recorded without its coverage");
  programs_.push_back(std::move(finding).value());
  coverages_.push_back(*coverage);
  return {};
}

Coverage MutantSource::covered(std::size_t entries) const {
  Coverage all;
  for (std::size_t i = 0; i < entries; ++i) all |= coverages_[i];
  return all;
}

void MutantSource::draw(std::size_t entries, std::uint64_t seed, GeneratedCase& out) const {
  base::Rng rng(seed);
  const auto pick = [&]() -> const Finding& { return programs_[rng.below(static_cast<std::uint32_t>(entries))]; };
  const Finding& parent = pick();
  ast::Program child = parent.program;
  if (rng.chance(1, 4)) {
    const Finding& other = pick();
    ast::Program crossed;
    if (crossover(child, other.program, rng, crossed)) child = std::move(crossed);
  }
  const std::uint32_t edits = rng.between(1, 4);
  for (std::uint32_t i = 0; i < edits; ++i) mutate(child, rng);
  ast::compact(child, out.program);
  out.config = {};
  // Mostly the parent's features, so that what it covers stays in reach.
  out.config.features = parent.features;
  if (rng.chance(1, 4)) {
    out.config.features.popcnt = rng.chance(1, 2);
    out.config.features.lzcnt = rng.chance(1, 2);
    out.config.features.bmi1 = rng.chance(1, 2);
    out.config.features.bmi2 = rng.chance(1, 2);
  }
  draw_inputs(out.program, rng, out.inputs);
  // One input of the parent's, which are known to lead through its interesting parts; slots are never added or removed.
  if (!parent.inputs.empty() && parent.inputs.front().size() == out.program.slot_count()) {
    out.inputs.front() = parent.inputs[rng.below(static_cast<std::uint32_t>(parent.inputs.size()))];
  }
}

}  // namespace assay::fuzz
