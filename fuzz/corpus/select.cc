// Choosing programs; see select.h. Tested by fuzz/corpus/test/select_test.cc.
#include "fuzz/corpus/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/file.h"
namespace assay::fuzz {
namespace {

// The chosen ones without those whose features the rest of them have; large ones go first.
std::vector<std::size_t> without_superfluous(std::span<const Candidate> candidates, std::vector<std::size_t> chosen) {
  std::vector<std::uint32_t> holders(kFeatureCount);
  const auto count = [&](std::size_t index, std::uint32_t by) {
    for (std::size_t i = 0; i < kFeatureCount; ++i) holders[i] += candidates[index].features.test(i) ? by : 0U;
  };
  for (const std::size_t index : chosen) count(index, 1);
  std::vector<std::size_t> by_size = chosen;
  std::sort(by_size.begin(), by_size.end(), [&](std::size_t a, std::size_t b) {
    return candidates[a].size != candidates[b].size ? candidates[a].size > candidates[b].size : a < b;
  });
  for (const std::size_t index : by_size) {
    bool needed = false;
    for (std::size_t i = 0; i < kFeatureCount && !needed; ++i) {
      needed = candidates[index].features.test(i) && holders[i] == 1;
    }
    if (needed) continue;
    count(index, ~std::uint32_t{0});  // one less each
    chosen.erase(std::find(chosen.begin(), chosen.end(), index));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

FeatureSet union_of(std::span<const Candidate> candidates) {
  FeatureSet all;
  for (const Candidate& one : candidates) all |= one.features;
  return all;
}

Candidate candidate_of(const CorpusFile& file) {
  return {features_of(file.finding), file.finding.program.node_count()};
}

}  // namespace

std::vector<std::size_t> cover(std::span<const Candidate> candidates) {
  FeatureSet missing = union_of(candidates);
  std::vector<std::size_t> chosen;
  while (missing.any()) {
    std::size_t best = 0;
    std::size_t most = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const std::size_t gain = (candidates[i].features & missing).count();
      const bool better = gain > most || (gain == most && gain != 0 && candidates[i].size < candidates[best].size);
      if (!better) continue;
      best = i;
      most = gain;
    }
    chosen.push_back(best);
    missing &= ~candidates[best].features;
  }
  return without_superfluous(candidates, std::move(chosen));
}

base::Result<Selected> minimize_corpus(const std::string& in, const std::string& out) {
  auto corpus = read_corpus(in);
  if (!corpus) return corpus.error();
  Selected result;
  result.broken = std::move(corpus->broken);
  const auto taken = base::is_there(out);
  if (!taken) return taken.error();
  if (*taken) {
    const auto there = read_corpus(out);
    if (!there) return there.error();
    if (!there->files.empty() || !there->broken.empty()) {
      return base::input_error(fmt::format("'{}' holds programs already: a minimized corpus is a new folder", out));
    }
  }
  if (!result.broken.empty()) return result;
  std::set<std::string_view> texts;
  std::vector<const CorpusFile*> files;
  std::vector<Candidate> candidates;
  for (const CorpusFile& file : corpus->files) {
    ++result.selection.considered;
    result.selection.nodes_considered += file.finding.program.node_count();
    if (!texts.insert(file.text).second) {
      ++result.selection.duplicates;
      continue;
    }
    files.push_back(&file);
    candidates.push_back(candidate_of(file));
  }
  result.selection.features_after = union_of(candidates).count();
  for (const std::size_t index : cover(candidates)) {
    if (auto added = add_to_corpus(out, files[index]->text); !added) return added.error();
    ++result.selection.kept;
    result.selection.nodes_kept += candidates[index].size;
  }
  return result;
}

base::Result<Selected> merge_corpora(const std::string& out, const std::vector<std::string>& in) {
  Selected result;
  std::vector<CorpusFile> offered;
  FeatureSet covered;
  std::set<std::string> texts;
  const auto begun = base::is_there(out);
  if (!begun) return begun.error();
  if (*begun) {
    auto there = read_corpus(out);
    if (!there) return there.error();
    result.broken = std::move(there->broken);
    for (const CorpusFile& file : there->files) {
      covered |= features_of(file.finding);
      texts.insert(file.text);
    }
  }
  for (const std::string& folder : in) {
    auto corpus = read_corpus(folder);
    if (!corpus) return corpus.error();
    result.broken.insert(result.broken.end(), corpus->broken.begin(), corpus->broken.end());
    std::move(corpus->files.begin(), corpus->files.end(), std::back_inserter(offered));
  }
  if (!result.broken.empty()) return result;
  result.selection.features_before = covered.count();
  for (const CorpusFile& file : offered) {
    ++result.selection.considered;
    result.selection.nodes_considered += file.finding.program.node_count();
    if (!texts.insert(file.text).second) {
      ++result.selection.duplicates;
      continue;
    }
    const FeatureSet features = features_of(file.finding);
    if ((features & ~covered).none()) continue;
    if (auto added = add_to_corpus(out, file.text); !added) return added.error();
    covered |= features;
    ++result.selection.kept;
    result.selection.nodes_kept += file.finding.program.node_count();
  }
  result.selection.features_after = covered.count();
  return result;
}

}  // namespace assay::fuzz
