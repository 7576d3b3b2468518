// Counting what a corpus holds; see fuzz/corpus/stats.h.
#include "fuzz/corpus/stats.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "fuzz/corpus/test/folder.h"

namespace assay::fuzz {
namespace {

using testing::HasSubstr;
using testing::Not;

using StatsTest = FolderTest;

TEST_F(StatsTest, FilesFindingsDuplicatesAndBrokenFilesAreCounted) {
  write("a.nda", "program p(i32 a) { a = 1; }");
  write("b.nda", "program p(i32 a) { a = 1; }");
  write("c.nda", "// signature: passes/fold/-/-/slot\nprogram p(i32 a) { a = 1; }");
  write("d.nda", "program");
  const auto stats = corpus_stats(folder_.string());
  ASSERT_TRUE(stats) << stats.error().describe();
  EXPECT_EQ(stats->files, 3U);
  EXPECT_EQ(stats->findings, 1U);
  EXPECT_EQ(stats->signatures, 1U);
  EXPECT_EQ(stats->duplicates, 1U);
  EXPECT_EQ(stats->broken.size(), 1U);
  const std::string text = print_stats(*stats);
  EXPECT_THAT(text, HasSubstr("programs                3 ("));
  EXPECT_THAT(text, HasSubstr("AddR32R32"));  // among what was never emitted
}

TEST_F(StatsTest, WhatIsCoveredIsNotAmongWhatNeverWas) {
  write("a.nda", "program p(i64 x) { while (x) { x = x - 1; } }");
  const auto stats = corpus_stats(folder_.string());
  ASSERT_TRUE(stats);
  const auto json = nlohmann::json::parse(print_stats_json(*stats));
  const auto& kinds = json.at("features").at("node kinds by type");
  EXPECT_THAT(kinds.at("never"), Not(testing::Contains("While i64")));
  EXPECT_THAT(kinds.at("never"), testing::Contains("While i32"));
}

// What is never covered must be something that a program can cover, or nobody can act upon it.
TEST_F(StatsTest, TheSeedsHaveEveryNodeKindAndOperatorInEveryType) {
  const auto stats = corpus_stats(ASSAY_SOURCE_DIR "/corpus");
  ASSERT_TRUE(stats) << stats.error().describe();
  EXPECT_TRUE(stats->broken.empty()) << stats->broken.front().describe();
  for (const FeatureGroup group : {FeatureGroup::NodeKinds, FeatureGroup::Operators}) {
    const FeatureSet missed = possible_features(group) & ~stats->features;
    for (std::size_t i = 0; i < kFeatureCount; ++i) EXPECT_FALSE(missed.test(i)) << feature_name(i);
  }
}

}  // namespace
}  // namespace assay::fuzz
