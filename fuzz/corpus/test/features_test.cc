// What programs are said to cover; see fuzz/corpus/features.h.
#include "fuzz/corpus/features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/ast/text.h"

namespace assay::fuzz {
namespace {

using testing::Contains;
using testing::Not;

std::vector<std::string> names(const std::string& text) {
  const auto finding = parse_finding(text);
  EXPECT_TRUE(finding) << finding.error().describe();
  const FeatureSet features = features_of(*finding);
  std::vector<std::string> result;
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    if (features.test(i)) result.push_back(feature_name(i));
  }
  return result;
}

TEST(FeaturesTest, EveryFeatureHasANameOfItsOwn) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    EXPECT_TRUE(seen.insert(feature_name(i)).second) << feature_name(i);
  }
}

TEST(FeaturesTest, NodesCountWithTheTypeTheyWorkOn) {
  const auto found = names("program p(i64 x) { if (x) { x = x / 3; } }");
  EXPECT_THAT(found, Contains("If i64"));
  EXPECT_THAT(found, Contains("Store i64"));
  EXPECT_THAT(found, Contains("div_s i64"));
  EXPECT_THAT(found, Not(Contains("div_s i32")));
}

TEST(FeaturesTest, AComparisonCountsWithTheTypeOfItsOperands) {
  EXPECT_THAT(names("program p(i64 x, i32 a) { a = x < 3; }"), Contains("lt_s i64"));
}

TEST(FeaturesTest, FormsAreThoseOfEveryCpuAndBothConventions) {
  const auto found = names("program p(i32 a) { a = popcnt(a); }");
  EXPECT_THAT(found, testing::AnyOf(Contains("PopcntR32R32"), Contains("PopcntR32M32")));
  EXPECT_THAT(found, testing::AnyOf(Contains("ShrR32I8"), Contains("ShrR64I8")));
  EXPECT_THAT(found, Contains("Ret"));
}

TEST(FeaturesTest, PassesThatFireAndLoopsThatAreSolvedCount) {
  const auto found = names("program p(i32 n, i32 s) { loop (n) { s = s + 3; } }");
  EXPECT_THAT(found, Contains("pass scev"));
  EXPECT_THAT(found, Contains("loop counted"));
  EXPECT_THAT(found, Not(Contains("loop nested")));
}

TEST(FeaturesTest, ALoopThatIsLeftAloneCountsByItsReason) {
  EXPECT_THAT(names("program p(i32 n, i32 s) { loop (n) { s = 7 / s; } }"),
              Contains("declined: an operation of the body may trap"));
}

TEST(FeaturesTest, TheRecordedPassesAreTheOnesThatRun) {
  EXPECT_THAT(names("// passes: fold\nprogram p(i32 n, i32 s) { loop (n) { s = s + 3; } }"),
              Not(Contains("pass scev")));
}

TEST(FeaturesTest, WhatPrintsIsNotCompiled) {
  EXPECT_THAT(names("program p(i32 a) { print a; }"), Not(Contains("Ret")));
}

TEST(FeaturesTest, OnlyWhatSomeProgramCanHaveIsPossible) {
  const FeatureSet kinds = possible_features(FeatureGroup::NodeKinds);
  const auto id = [](ast::NodeKind kind, std::size_t type) {
    return feature_id(FeatureGroup::NodeKinds, static_cast<std::size_t>(kind) * kFeatureTypes + type);
  };
  EXPECT_FALSE(kinds.test(id(ast::NodeKind::Break, 0)));
  EXPECT_TRUE(kinds.test(id(ast::NodeKind::Break, 2)));
  EXPECT_TRUE(kinds.test(id(ast::NodeKind::Return, 2)));
  EXPECT_FALSE(kinds.test(id(ast::NodeKind::Store, 2)));
  const FeatureSet ops = possible_features(FeatureGroup::Operators);
  EXPECT_FALSE(ops.test(feature_id(FeatureGroup::Operators, static_cast<std::size_t>(ast::Op::Wrap) * 2)));
  EXPECT_TRUE(ops.test(feature_id(FeatureGroup::Operators, static_cast<std::size_t>(ast::Op::Wrap) * 2 + 1)));
}

}  // namespace
}  // namespace assay::fuzz
