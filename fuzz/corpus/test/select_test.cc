// Minimizing and merging corpora; see fuzz/corpus/select.h.
#include "fuzz/corpus/select.h"

#include <gmock/gmock.h>

#include "core/ast/text.h"
#include "core/base/rng.h"
#include "fuzz/corpus/stats.h"
#include "fuzz/corpus/test/folder.h"
#include "fuzz/gen/generator.h"

namespace assay::fuzz {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Candidate candidate(std::initializer_list<std::size_t> features, std::uint64_t size = 1) {
  Candidate one;
  for (const std::size_t feature : features) one.features.set(feature);
  one.size = size;
  return one;
}

TEST(CoverTest, KeepsWhatTogetherHasEveryFeature) {
  const std::vector<Candidate> all = {candidate({1}), candidate({1, 2}), candidate({3}), candidate({2})};
  EXPECT_THAT(cover(all), ElementsAre(1, 2));
}

TEST(CoverTest, PrefersTheSmallerOfTwoThatAddAsMuch) {
  const std::vector<Candidate> all = {candidate({1, 2}, 9), candidate({1, 2}, 3)};
  EXPECT_THAT(cover(all), ElementsAre(1));
}

TEST(CoverTest, LeavesOutWhatLaterChoicesMadeSuperfluous) {
  // The first adds most, and the other two, both needed, have all it has.
  const std::vector<Candidate> all = {candidate({1, 2, 3, 4}), candidate({1, 2, 5}), candidate({3, 4, 6})};
  EXPECT_THAT(cover(all), ElementsAre(1, 2));
}

TEST(CoverTest, OfNothingIsNothing) { EXPECT_THAT(cover({}), IsEmpty()); }

class SelectTest : public FolderTest {
 protected:
  // Generated programs, fixed by the seed.
  void generate(const std::string& name, std::uint64_t first, std::uint64_t count) {
    constexpr std::uint64_t kSeed = 11;
    Generator generator;
    GeneratedCase one;
    for (std::uint64_t i = first; i < first + count; ++i) {
      generator.generate(base::derive_seed(kSeed, i), one);
      write(name + "/" + std::to_string(i) + ".nda", ast::print_program(one.program));
    }
  }
  [[nodiscard]] CorpusStats stats(const std::string& name) const {
    const auto read = corpus_stats(path(name));
    EXPECT_TRUE(read) << read.error().describe();
    return *read;
  }
};

TEST_F(SelectTest, AMinimizedCorpusHasFewerProgramsAndEveryFeature) {
  generate("in", 0, 120);
  const auto done = minimize_corpus(path("in"), path("out"));
  ASSERT_TRUE(done) << done.error().describe();
  EXPECT_EQ(done->selection.considered, 120U);
  const CorpusStats before = stats("in");
  const CorpusStats after = stats("out");
  EXPECT_EQ(after.features, before.features);
  EXPECT_EQ(after.files, done->selection.kept);
  EXPECT_LT(after.files, 60U);
  EXPECT_EQ(done->selection.features_after, after.features.count());
}

TEST_F(SelectTest, FromAMinimizedCorpusNothingCanBeLeftOut) {
  generate("in", 0, 60);
  ASSERT_TRUE(minimize_corpus(path("in"), path("out")));
  const auto corpus = read_corpus(path("out"));
  ASSERT_TRUE(corpus);
  for (std::size_t left_out = 0; left_out < corpus->files.size(); ++left_out) {
    FeatureSet rest;
    for (std::size_t i = 0; i < corpus->files.size(); ++i) {
      if (i != left_out) rest |= features_of(corpus->files[i].finding);
    }
    EXPECT_NE(rest, stats("out").features) << corpus->files[left_out].path;
  }
}

TEST_F(SelectTest, AFolderWithProgramsIsNotMinimizedInto) {
  generate("in", 0, 2);
  write("out/there.nda", "program there() { }");
  const auto done = minimize_corpus(path("in"), path("out"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, base::ErrorKind::Input);
}

TEST_F(SelectTest, MergingAddsOnlyWhatBringsAFeature) {
  write("out/sum.nda", "program p(i32 a, i32 b) { a = a + b; }");
  write("in/again.nda", "program q(i32 x, i32 y) { x = x + y; }");
  write("in/new.nda", "program q(i32 x, i32 y) { x = x / y; }");
  const auto done = merge_corpora(path("out"), {path("in")});
  ASSERT_TRUE(done) << done.error().describe();
  EXPECT_EQ(done->selection.considered, 2U);
  EXPECT_EQ(done->selection.kept, 1U);
  EXPECT_GT(done->selection.features_after, done->selection.features_before);
  EXPECT_EQ(stats("out").files, 2U);
}

TEST_F(SelectTest, MergingAgainAddsNothing) {
  generate("a", 0, 30);
  generate("b", 30, 30);
  ASSERT_TRUE(merge_corpora(path("out"), {path("a"), path("b")}));
  const CorpusStats before = stats("out");
  const auto again = merge_corpora(path("out"), {path("b"), path("a")});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->selection.kept, 0U);
  EXPECT_EQ(stats("out").files, before.files);
}

TEST_F(SelectTest, ABrokenFileStopsBothBeforeAnythingIsWritten) {
  generate("in", 0, 3);
  write("in/bad.nda", "program p(i32 a) { a = ; }");
  const auto minimized = minimize_corpus(path("in"), path("out"));
  ASSERT_TRUE(minimized);
  ASSERT_EQ(minimized->broken.size(), 1U);
  EXPECT_THAT(minimized->broken[0].describe(), HasSubstr("bad.nda:1:24: "));
  const auto merged = merge_corpora(path("out"), {path("in")});
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->broken.size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

}  // namespace
}  // namespace assay::fuzz
