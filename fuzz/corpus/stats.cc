// Counting corpora; see stats.h. Tested by fuzz/corpus/test/stats_test.cc.
#include "fuzz/corpus/stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "fuzz/corpus/files.h"

namespace assay::fuzz {
namespace {

// Names of the features of a set, by number.
std::vector<std::string> names_of(const FeatureSet& features) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    if (features.test(i)) names.push_back(feature_name(i));
  }
  return names;
}

constexpr std::size_t kLineWidth = 110;

void append_wrapped(const std::vector<std::string>& names, std::string& text) {
  std::string line = "   ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string word = " " + names[i] + (i + 1 == names.size() ? "" : ",");
    if (line.size() + word.size() > kLineWidth) {
      text += line + "\n";
      line = "   ";
    }
    line += word;
  }
  text += line + "\n";
}

}  // namespace

base::Result<CorpusStats> corpus_stats(const std::string& folder) {
  auto corpus = read_corpus(folder);
  if (!corpus) return corpus.error();
  CorpusStats stats;
  stats.broken = std::move(corpus->broken);
  std::set<std::string_view> texts;
  std::set<std::string_view> signatures;
  for (const CorpusFile& file : corpus->files) {
    const std::uint64_t nodes = file.finding.program.node_count();
    ++stats.files;
    stats.bytes += file.text.size();
    stats.nodes += nodes;
    stats.most_nodes = std::max(stats.most_nodes, nodes);
    if (!texts.insert(file.text).second) ++stats.duplicates;
    if (!file.finding.signature.empty()) {
      ++stats.findings;
      signatures.insert(file.finding.signature);
    }
    stats.features |= features_of(file.finding);
  }
  stats.signatures = signatures.size();
  return stats;
}

std::string print_stats(const CorpusStats& stats) {
  std::string text = fmt::format("{:<24}{} ({} bytes, {} nodes, the largest {})\n", "programs", stats.files,
                                 stats.bytes, stats.nodes, stats.most_nodes);
  text += fmt::format("{:<24}{} under {} signatures\n", "findings", stats.findings, stats.signatures);
  text += fmt::format("{:<24}{}\n{:<24}{}\n", "duplicates", stats.duplicates, "unreadable", stats.broken.size());
  for (std::size_t i = 0; i < kFeatureGroupCount; ++i) {
    const auto group = static_cast<FeatureGroup>(i);
    const FeatureSet possible = possible_features(group);
    const FeatureSet missed = possible & ~stats.features;
    text += fmt::format("{:<24}{} of {}\n", name(group), (possible & stats.features).count(), possible.count());
    if (missed.none()) continue;
    text += "  never:\n";
    append_wrapped(names_of(missed), text);
  }
  return text;
}

std::string print_stats_json(const CorpusStats& stats) {
  using Json = nlohmann::ordered_json;
  Json json{{"schema_version", 1},
            {"programs", stats.files},
            {"bytes", stats.bytes},
            {"nodes", stats.nodes},
            {"most_nodes", stats.most_nodes},
            {"findings", stats.findings},
            {"signatures", stats.signatures},
            {"duplicates", stats.duplicates}};
  Json broken = Json::array();
  for (const base::Error& error : stats.broken) broken.push_back(error.describe());
  json["unreadable"] = broken;
  Json groups = Json::object();
  for (std::size_t i = 0; i < kFeatureGroupCount; ++i) {
    const auto group = static_cast<FeatureGroup>(i);
    const FeatureSet possible = possible_features(group);
    groups[std::string(name(group))] = {{"covered", (possible & stats.features).count()},
                                        {"possible", possible.count()},
                                        {"never", names_of(possible & ~stats.features)}};
  }
  json["features"] = groups;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::fuzz
